# SPDX-License-Identifier: GPL-3.0-or-later
"""scikit-learn's GaussianMixture on one complete table, from the start that bench/mixture wrote.
  gaussian_mixture.py INPUT.csv START.csv
"""
import sys
import time

import numpy
import pandas
from sklearn.mixture import GaussianMixture

table = pandas.read_csv(sys.argv[1]).to_numpy()
start = numpy.loadtxt(sys.argv[2], delimiter=",")
k, n = len(start) - 1, len(table)
means = start[:k]
precisions = numpy.stack([numpy.diag(1 / start[k])] * k)
least = float("inf")
for _ in range(3):
    model = GaussianMixture(k, weights_init=[1 / k] * k, means_init=means, precisions_init=precisions, max_iter=1000)
    began = time.process_time()
    model.fit(table)
    least = min(least, time.process_time() - began)
print("scikit-learn: %.1f ms, %d iterations, log-likelihood %.6f" % (1e3 * least, model.n_iter_, n * model.score(table)))
