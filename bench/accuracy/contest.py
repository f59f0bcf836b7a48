# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes part, and how each is run on tables with holes: in a process of its own, one thread, a time limit for each table."""
import csv
import os
import select
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import sav
import score

HERE = Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # the one that Debian's python3-sklearn belongs to
ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def rscript(name):
    return ["Rscript", "--vanilla", str(HERE / "peers" / name)]


PEERS = {
    "Amelia": (rscript("amelia.R"), "r-cran-amelia"),
    "scikit-learn": ([PYTHON, str(HERE / "peers/iterative.py")], "python3-sklearn python3-pandas"),
    "kNN": (rscript("knn.R"), "r-cran-vim"),
    "mice": (rscript("mice.R"), "r-cran-mice"),
    "irmi": (rscript("irmi.R"), "r-cran-vim"),
}
OWN = {"emend": ("expectation", "draw"), "emend mode": ("mode", None), "emend match": (None, "match")}  # for one answer, for draws


STOPPED = "too slow"  # after one, a peer is spared the others of that table and seed


class Failure(Exception):
    pass


# ---- files ----

def text_of(variable, x):
    if x is None:
        return ""
    return f"{x:.{variable.decimals}f}" if variable.decimals else f"{x:.17g}"


def write_numbers(path, table, holes):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(v.name for v in table.variables)
        writer.writerows([text_of(v, x) for v, x in zip(table.variables, row)] for row in zip(*holes))


def write_for_user(path, table, holes):
    """What a user would have: a .sav with labels, or a .csv with the texts of categories."""
    if table.form == "sav":
        sav.write(path, table.variables, holes)
        return
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(v.name for v in table.variables)
        for row in zip(*holes):
            writer.writerow([v.labels[x] if x is not None and v.labels else text_of(v, x) for v, x in zip(table.variables, row)])


def write_description(path, table):
    with open(path, "w") as file:
        for v, column in zip(table.variables, table.columns):
            codes = " ".join(f"{x:g}" for x in sorted(set(column))) if v.categorical else ""
            file.write(f"{v.name}\t{v.kind}\t{int(v.spike)}\t{codes}\n")


def read_completed(path, table, holes):
    """The completed columns; observed cells as they were handed out, imputed ones as they came back."""
    back = [{text: code for code, text in v.labels.items()} if table.form == "csv" and v.labels else {} for v in table.variables]
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    columns = []
    for v, h, texts in zip(table.variables, holes, back):
        try:
            columns.append([x if x is not None else texts.get(row[v.name]) or float(row[v.name]) for x, row in zip(h, rows, strict=True)])
        except ValueError:
            raise Failure(f"left holes in {v.name}") from None
    return columns


# ---- running ----

def emend_impute(emend, source, target, *options):
    command = [emend, "impute", source, "-o", target, "--force", "--quiet", *options]
    outcome = subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if outcome.returncode not in (0, 3):
        raise Failure(outcome.stderr.strip()[:200])


def variables_wanted(table):
    """In a .csv the bench names all variables: emend leaves text that most rows lack alone unless it is named."""
    return ["--vars", ",".join(v.name for v in table.variables)] if table.form == "csv" else []


def run_emend(session, table, dataset, name):
    point_method, draw_method = OWN[name]
    source, target = dataset.path.with_suffix(f".user.{table.form}"), dataset.path.with_suffix(f".{name.replace(' ', '')}.out.csv")
    options, draws = [*variables_wanted(table), *session.options], []
    # A cell's draw hangs on seed and row alone: the same seeds for all hidings would bring the same chance again each time.
    for k in range(session.draws) if draw_method else ():
        seed = (dataset.seed - 1) * session.draws + k + 1
        emend_impute(session.emend, source, target, "--method", draw_method, "--seed", str(seed), *options)
        draws.append(read_completed(target, table, dataset.holes))
    if not point_method:
        return score.pool(draws, dataset.holes, table.variables), draws
    emend_impute(session.emend, source, target, "--method", point_method, *options)
    return read_completed(target, table, dataset.holes), draws


def each_emend(session, table, datasets, name):
    for dataset in datasets:
        begun = time.monotonic()
        try:
            answer = run_emend(session, table, dataset, name)
        except Failure as failure:
            answer = str(failure)
        yield dataset, answer, time.monotonic() - begun


def processor_seconds(process):
    """So far; the clock would punish a peer for other work on the machine."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def next_line(process, limit):
    """The peer's next line; None if it takes more than `limit` seconds of processor time, or ten times as long by the clock."""
    start, begun = processor_seconds(process), time.monotonic()
    while processor_seconds(process) - start < limit and time.monotonic() - begun < 10 * limit:
        ready, _, _ = select.select([process.stdout], [], [], 0.5)
        if ready:
            return process.stdout.readline()
    return None


def peer_answer(table, dataset, target, m):
    point = Path(f"{target}.point.csv")
    draws = [read_completed(f"{target}.{i}.csv", table, dataset.holes) for i in range(1, m + 1) if Path(f"{target}.{i}.csv").exists()]
    if not point.exists():
        return score.pool(draws, dataset.holes, table.variables), draws
    return read_completed(point, table, dataset.holes), draws


def each_peer(session, table, datasets, name):
    """One process works through the tables; one that is stopped, or dies, costs the table it was at."""
    left, command, slow = list(datasets), PEERS[name][0], False
    while left and not slow:
        jobs = session.work / f"{table.name}.{name}.{left[0].seed}.jobs"
        targets = {d: f"{d.path}.{name}" for d in left}
        about = session.work / f"{table.name}.about"
        jobs.write_text("".join(f"{about}\t{d.path}.csv\t{targets[d]}\t{session.draws}\t{d.seed}\n" for d in left))
        process = subprocess.Popen([*command, str(jobs)], env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True, bufsize=1)
        while left:
            line = next_line(process, session.limit)
            dataset, seconds = left.pop(0), session.limit
            if not line:
                process.kill()
                process.wait()
                slow = line is None
                yield dataset, STOPPED if slow else "ended without an answer", seconds
                break
            answer = line.strip()
            if answer.startswith("done"):
                seconds = float(answer.split()[1])
                try:
                    answer = peer_answer(table, dataset, targets[dataset], session.draws)
                except Failure as failure:
                    answer = str(failure)
            yield dataset, answer, seconds
        process.stdout.close()
        process.wait()
    for dataset in left:
        yield dataset, STOPPED, 0


# ---- scoring ----

def scores_of(table, dataset, answer):
    point, draws = answer
    truth, holes, variables = table.columns, dataset.holes, table.variables
    means, pairs = score.moments(variables, truth, truth)
    drawn = [score.moments(variables, truth, d) for d in draws]
    of_point = {"nrmse": score.nrmse(truth, point, holes, variables), "misclassified": score.misclassified(truth, point, holes, variables)}
    if not draws:
        return {**of_point, "marginals": None, "means": None, "correlations": None}
    return {**of_point, "marginals": score.mean(score.marginals(truth, d, holes, variables) for d in draws),
            "means": [a - b for a, b in zip(score.average([d[0] for d in drawn]), means)],
            "correlations": [a - b for a, b in zip(score.average([d[1] for d in drawn]), pairs)]}


def compete(session, table, datasets, name):
    """Everything that a contestant does with a table: a list of (setting, seed, entry)."""
    out = []
    for dataset, answer, seconds in (each_emend if name in OWN else each_peer)(session, table, datasets, name):
        entry = {"failed": answer} if isinstance(answer, str) else scores_of(table, dataset, answer)
        out.append((dataset.setting, dataset.seed, {**entry, "seconds": seconds}))
        for file in session.work.glob(f"{dataset.path.name}.{name}.*"):
            file.unlink()
    return out


def find_peers(wanted):
    versions, absent = {}, []
    for name, (command, package) in PEERS.items():
        if wanted and name not in wanted:
            continue
        found = shutil.which(command[0]) and subprocess.run([*command, "versions"], capture_output=True, text=True)
        if found and found.returncode == 0:
            versions[name] = found.stdout.strip()
        else:
            absent.append(f"{name} ({package})")
    return versions, absent


def failures(entries):
    """Why, and how often."""
    return Counter(e["failed"] for e in entries if "failed" in e)
