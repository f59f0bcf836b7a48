# SPDX-License-Identifier: GPL-3.0-or-later
"""scikit-learn's GaussianMixture on one complete table, from the start that bench/mixture wrote.
  gaussian_mixture.py versions
  gaussian_mixture.py INPUT.csv START.csv TOLERANCE
"""
import json
import sys
import time

import numpy
import pandas
import sklearn
from sklearn.mixture import GaussianMixture

if sys.argv[1] == "versions":
    print("scikit-learn", sklearn.__version__)
    sys.exit()
table = pandas.read_csv(sys.argv[1]).to_numpy()
start = numpy.loadtxt(sys.argv[2], delimiter=",")
k, n = len(start) - 1, len(table)
precisions = numpy.stack([numpy.diag(1 / start[k])] * k)
times = []
for _ in range(3):
    model = GaussianMixture(k, weights_init=[1 / k] * k, means_init=start[:k], precisions_init=precisions, max_iter=1000, tol=float(sys.argv[3]))
    began = time.process_time()
    model.fit(table)
    times.append(time.process_time() - began)
print(json.dumps({"processor": times, "iterations": model.n_iter_, "log_likelihood": n * model.score(table)}))
