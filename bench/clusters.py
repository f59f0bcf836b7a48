# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixtures: what the driver measures of them, and its text. `mixture` is about time, `clusters` about finding clusters among rows with holes."""
import csv
import json
import statistics
import subprocess
from collections import Counter
from pathlib import Path

from table_text import table

HERE = Path(__file__).resolve().parent
TABLES = ["w5", "w6"]
COMPONENTS = 5
# Of a peer: as it comes, and until the log-likelihood of 100,000 rows rises by less than 1e-3 in a step.
PEERS = {
    "scikit-learn": (["/usr/bin/python3", HERE / "peers/gaussian_mixture.py"], ["1e-3", "1e-8"]),
    "mclust": (["Rscript", "--vanilla", HERE / "peers/mclust.R"], ["1e-5", "6e-10"]),
}
IMPUTERS = {
    "scikit-learn": ["/usr/bin/python3", HERE / "peers/cluster_imputed.py"],
    "mclust": ["Rscript", "--vanilla", HERE / "peers/cluster_imputed.R"],
}
ROWS, COLUMNS, CLUSTERS, DISTANCE = 1000, 6, 4, 2
PERCENTS = [5, 10, 20, 30, 40]
SEEDS = range(1, 6)


def present(session, peers):
    found = {name: session.run([*command, "versions"], 60) for name, command in peers.items()}
    for name, outcome in found.items():
        if outcome.status != 0:
            session.say(f"{name} is left out of the clusters: it is not installed")
    return {name: outcome.output.strip() for name, outcome in found.items() if outcome.status == 0}


def emend_turn(session, table, *options):
    return session.json([session.bench / "mixture", "--json", "--components", COMPONENTS, "--repetitions", 5, *options, table])


def mixture(session):
    """From one start to the answer, everybody in turn, one thread; and one step."""
    start, versions = session.work / "mixture.start", present(session, {name: command for name, (command, _) in PEERS.items()})
    for table in TABLES:
        optimum = emend_turn(session, table, "--tolerance", "1e-10", "--start", start)["log_likelihood"]
        ways = {"emend": [], "emend, tolerance 1e-3": ["--tolerance", "1e-3"], "emend, plain steps": ["--accelerate", "none"]}
        turns = {name: [] for name in ways}
        peers = {(name, t): [] for name in versions for t in PEERS[name][1] if table == "w5"}
        for _ in range(session.rounds):
            for name, options in ways.items():
                turns[name].append(emend_turn(session, table, *options))
            for name, tolerance in peers:
                peers[name, tolerance].append(session.json([*PEERS[name][0], session.table_file(table, "csv"), start, tolerance], 600))
        entry = {"step": min(t["step"] for t in turns["emend"]), "rows": []}
        labelled = {**turns, **{f"{name}, tolerance {t}": runs for (name, t), runs in peers.items()}}
        for name, runs in labelled.items():
            times = [s for run in runs if run for s in run["processor"]]
            if times:
                entry["rows"].append({"who": name, "median": statistics.median(times), "least": min(times), "iterations": runs[0]["iterations"],
                                      "short": optimum - runs[0]["log_likelihood"]})
        yield table, {"versions": versions, **entry}


def pairs(n):
    return n * (n - 1) / 2


def rand_index(a, b):
    """Hubert and Arabie's adjusted Rand index."""
    cells, rows, columns = (sum(map(pairs, Counter(x).values())) for x in (zip(a, b), a, b))
    expected = rows * columns / pairs(len(a))
    return (cells - expected) / ((rows + columns) / 2 - expected)


def columns_of(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def by_emend(session, source, target):
    session.run([session.emend, "cluster", source, "-x", "truth", "-k", CLUSTERS, "-o", target, "--force", "-q"])
    return {"emend": columns_of(target)["cluster"]}


def by_peers(session, source, target, versions):
    found = {}
    for name in versions:
        if session.run([*IMPUTERS[name], source, CLUSTERS, target], session.limit).status == 0:
            found.update({f"{name} after {way}": labels for way, labels in columns_of(target).items()})
    return found


def clusters(session):
    """The adjusted Rand index against the truth; the same rows with more and more entries deleted."""
    versions = present(session, IMPUTERS)
    source, target = session.work / "clusters.csv", session.work / "clustered.csv"
    for percent in [0, *PERCENTS]:
        session.say(f"  {percent} % deleted")
        indices = {}
        for seed in SEEDS:
            with open(source, "wb") as file:
                subprocess.run([str(x) for x in (session.bench / "generate_clusters", seed, ROWS, COLUMNS, CLUSTERS, DISTANCE, percent)],
                               stdout=file, check=True)
            truth = columns_of(source)["truth"]
            for name, labels in {**by_emend(session, source, target), **by_peers(session, source, target, versions)}.items():
                indices.setdefault(name, []).append(rand_index(truth, labels))
        yield str(percent), {"versions": versions, "indices": indices}


MIXTURE = """## Mixtures: time

100,000 × 8, five clusters, unrestricted covariances; w5 complete, w6 with 15 % of its entries missing. From rows in memory to the answer, in
processor time, one thread, everybody from the same start. "Short" is how far the log-likelihood stays below the optimum (emend at 1e-10).
emend's tolerance is the estimated distance to the limit in standard deviations, 1e-6 where nothing else is said; the peers' is a rise of the
log-likelihood (scikit-learn: a row's, 1e-3 as it comes; mclust: relative to its size, 1e-5 as it comes); the smaller one of each stops at a
rise of about 1e-3. "Times" is the median over that of emend.
"""


def mixture_section(r):
    lines, steps = MIXTURE.split("\n"), {name: e["step"] for name, e in r.items()}
    for name, e in r.items():
        first = e["rows"][0]["median"]
        rows = [[x["who"], f"{1000 * x['median']:.0f} ms", f"{1000 * x['least']:.0f} ms", x["iterations"], f"{x['short']:.1g}",
                 f"{x['median'] / first:.2g}"] for x in e["rows"]]
        lines += [f"**{name}**, a step {1000 * e['step']:.2f} ms" + (f", {e['step'] / steps['w5']:.2f} × w5's" if name != "w5" else ""), ""]
        lines += table(["who", "median", "least", "iterations", "short", "times"], rows)
    return lines + [", ".join(v for e in list(r.values())[:1] for v in e["versions"].values()), ""]


CLUSTERED = f"""## Mixtures: clusters among rows with holes

{ROWS:,} × {COLUMNS}, {CLUSTERS} separated clusters of unequal size and covariance (`generate_clusters`, distance {DISTANCE}),
{len(SEEDS)} tables, entries deleted completely at random. The adjusted Rand index against the truth, mean over the tables; in brackets in how many
of them emend's is higher (ties: a half). Everybody is told the number of clusters, and fits unrestricted covariances. emend takes the rows as
they are; the others impute first and cluster after.
"""


def clusters_section(r):
    names = list(dict.fromkeys(name for e in r.values() for name in e["indices"]))
    rows = []
    for percent, e in r.items():
        mine, row = e["indices"]["emend"], [f"{percent} %"]
        for name in names:
            theirs = e["indices"].get(name, [])
            wins = sum((a > b) + (a == b) / 2 for a, b in zip(mine, theirs))
            row.append("–" if not theirs else f"{statistics.mean(theirs):.3f}" + ("" if name == "emend" else f" ({wins:g})"))
        rows.append(row)
    return CLUSTERED.split("\n") + table(["deleted", *names], rows) + [", ".join(next(iter(r.values()))["versions"].values()), ""]
