# SPDX-License-Identifier: GPL-3.0-or-later
"""scikit-learn's IterativeImputer (BayesianRidge), with sample_posterior for draws; same words as the peers in R (common.R).

It knows numbers only: nominal variables go in as indicators and come back as the largest one, codes as the nearest code.
"""
import sys
import time
import warnings

import numpy
import pandas
import sklearn
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer


def read_description(path):
    lines = [line.rstrip("\n").split("\t") for line in open(path)]
    return [(name, kind, numpy.array([float(c) for c in codes.split()])) for name, kind, _, codes in lines]


def encode(table, description):
    columns = []
    for name, kind, codes in description:
        x = table[name].to_numpy(float)
        columns += [numpy.where(numpy.isnan(x), numpy.nan, x == c) for c in codes] if kind == "nominal" else [x]
    return numpy.column_stack(columns)


def decode(x, table, description):
    out, at = {}, 0
    for name, kind, codes in description:
        width = len(codes) if kind == "nominal" else 1
        part, observed = x[:, at:at + width], table[name].to_numpy(float)
        at += width
        value = part[:, 0]
        if kind == "nominal":
            value = codes[part.argmax(1)]
        elif kind in ("ordinal", "binary"):
            value = codes[numpy.abs(part - codes).argmin(1)]
        out[name] = numpy.where(numpy.isnan(observed), value, observed)
    return pandas.DataFrame(out)


def one_job(description, source, target, m, seed):
    description, table = read_description(description), pandas.read_csv(source)
    x = encode(table, description)
    for i in range(int(m) + 1):
        imputer = IterativeImputer(random_state=int(seed) + i, sample_posterior=i > 0)
        decode(imputer.fit_transform(x), table, description).to_csv(f"{target}.{i or 'point'}.csv", index=False)


if sys.argv[1] == "versions":
    print("scikit-learn", sklearn.__version__, "with Python", sys.version.split()[0])
    sys.exit()
warnings.simplefilter("ignore")
for line in open(sys.argv[1]):
    begun = time.process_time()
    try:
        one_job(*line.rstrip("\n").split("\t"))
        print("done", time.process_time() - begun, flush=True)
    except Exception as error:
        print("failed", " ".join(str(error).split()), flush=True)
