# SPDX-License-Identifier: GPL-3.0-or-later
"""How near imputed cells are to what was hidden. Columns are lists of numbers; variables describe them (tables.py). README.md says what
each score means."""
import math
from collections import Counter
from operator import mul


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values)


def sd(column):
    m = mean(column)
    return math.sqrt(mean((x - m)**2 for x in column))


def hidden_rows(holes):
    return [i for i, x in enumerate(holes) if x is None]


def nrmse(truth, completed, holes, variables):
    """Root mean square error of the hidden numbers in standard deviations of their variable; None without such a cell."""
    squares = []
    for v, t, c, h in zip(variables, truth, completed, holes):
        if not v.categorical and sd(t) > 0:
            scale = sd(t)
            squares += [((c[i] - t[i]) / scale)**2 for i in hidden_rows(h)]
    return math.sqrt(mean(squares)) if squares else None


def misclassified(truth, completed, holes, variables):
    """The share of hidden categories that came back as another one; None without such a cell."""
    wrong = [c[i] != t[i] for v, t, c, h in zip(variables, truth, completed, holes) if v.categorical for i in hidden_rows(h)]
    return mean(wrong) if wrong else None


def wasserstein(a, b):
    """The first Wasserstein distance of two samples of one size: the mean distance of values of equal rank."""
    return mean(abs(x - y) for x, y in zip(sorted(a), sorted(b)))


def total_variation(a, b):
    """Half of the sum of the differences of shares: the Wasserstein distance where any two categories are 1 apart."""
    counts, others = Counter(a), Counter(b)
    return sum(abs(counts[x] / len(a) - others[x] / len(b)) for x in counts | others) / 2


def marginals(truth, completed, holes, variables):
    """The distance of imputed from hidden values' distribution, in standard deviations (nominal: a share), the mean over variables."""
    distances = []
    for v, t, c, h in zip(variables, truth, completed, holes):
        rows = hidden_rows(h)
        if not rows:
            continue
        a, b = [c[i] for i in rows], [t[i] for i in rows]
        if v.kind == "nominal":
            distances.append(total_variation(a, b))
        elif sd(t) > 0:
            distances.append(wasserstein(a, b) / sd(t))
    return mean(distances) if distances else None


def numbers(variables, truth, columns):
    """What means and correlations are taken of: numbers and codes as they are, an indicator for each category of 5 % or more but one."""
    out = []
    for v, t, c in zip(variables, truth, columns):
        if v.kind == "nominal":
            counts = Counter(t)
            common = [code for code in sorted(counts) if counts[code] >= 0.05 * len(t)]
            out += [[float(x == code) for x in c] for code in common[1:]]
        else:
            out.append(c)
    return out


def moments(variables, truth, columns):
    """Means in standard deviations of the truth, and the correlations of all pairs (0 where a column came out constant)."""
    means, standardised = [], []
    for t, c in zip(numbers(variables, truth, truth), numbers(variables, truth, columns)):
        m, s = mean(c), sd(c)
        means.append(m / (sd(t) or 1))
        standardised.append([(x - m) / s for x in c] if s > 0 else [0.0] * len(c))
    n = len(columns[0])
    pairs = [sum(map(mul, a, b)) / n for k, a in enumerate(standardised) for b in standardised[:k]]
    return means, pairs


def mean_absolute(differences):
    return mean(abs(d) for d in differences) if differences else None


def average(vectors):
    return [mean(v) for v in zip(*vectors)]


def vote(values, observed):
    """The most frequent value; of equally frequent ones, the one observed more often."""
    counts = Counter(values)
    return max(counts, key=lambda x: (counts[x], observed[x], -x))


def pool(draws, holes, variables):
    """One answer from several imputations: the mean of numbers, the vote of categories."""
    out = []
    for j, (v, h) in enumerate(zip(variables, holes)):
        observed = Counter(x for x in h if x is not None)
        column = list(h)
        for i in hidden_rows(h):
            values = [d[j][i] for d in draws]
            column[i] = vote(values, observed) if v.categorical else mean(values)
        out.append(column)
    return out
