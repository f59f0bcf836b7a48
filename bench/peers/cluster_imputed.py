# SPDX-License-Identifier: GPL-3.0-or-later
"""scikit-learn the way it has to be done: impute first, cluster after.
  cluster_imputed.py versions
  cluster_imputed.py INPUT.csv CLUSTERS OUTPUT.csv

INPUT's first column is the truth, which is not looked at. OUTPUT has a column of clusters for each way of imputing.
"""
import sys

import pandas
import sklearn
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer
from sklearn.mixture import GaussianMixture

if sys.argv[1] == "versions":
    print("scikit-learn", sklearn.__version__)
    sys.exit()
table = pandas.read_csv(sys.argv[1]).iloc[:, 1:]
ways = {"IterativeImputer": IterativeImputer(random_state=1), "KNNImputer": KNNImputer(), "means": SimpleImputer()}
found = {name: GaussianMixture(int(sys.argv[2]), n_init=20, random_state=1).fit_predict(way.fit_transform(table)) for name, way in ways.items()}
pandas.DataFrame(found).to_csv(sys.argv[3], index=False)
