# SPDX-License-Identifier: GPL-3.0-or-later
"""scikit-learn's IterativeImputer (BayesianRidge, its defaults) on one table.
  iterative_imputer.py versions
  iterative_imputer.py impute INPUT.csv OUTPUT.csv
"""
import sys
import warnings

import pandas
import sklearn
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer

if sys.argv[1] == "versions":
    print("scikit-learn", sklearn.__version__, "with Python", sys.version.split()[0])
else:
    warnings.simplefilter("ignore")
    table = pandas.read_csv(sys.argv[2])
    completed = IterativeImputer(random_state=1).fit_transform(table)
    pandas.DataFrame(completed, columns=table.columns).to_csv(sys.argv[3], index=False)
