# SPDX-License-Identifier: GPL-3.0-or-later
"""RESULTS.md and its plots, from what accuracy.py found. reasons.md, written by hand, says why emend loses where it does."""
from collections import Counter
from pathlib import Path
from statistics import median

import dots
import score

HERE = Path(__file__).resolve().parent
CRITERIA = {
    "nrmse": ("Numbers: NRMSE", "one answer"),
    "misclassified": ("Categories: proportion falsely classified", "one answer"),
    "marginals": ("Marginals: Wasserstein distance", "a draw"),
    "means": ("Means: bias", "a draw"),
    "correlations": ("Correlations: bias", "a draw"),
}
VECTORS = ("means", "correlations")
NEAR = 1.02
ORDER = ["emend", "emend mode", "emend match", "Amelia", "mice", "kNN", "irmi", "scikit-learn"]
OTHERS = ("emend mode", "emend match")  # stand outside the contest; each takes emend's place when it is counted


# ---- values ----

def shared_seeds(kept, table, setting):
    """Those that all who have been run have been run with: everybody is judged by the same holes, also while a run is on."""
    runs = [set(by_table[table][setting]) for by_table in kept["found"].values() if setting in by_table.get(table, {})]
    return set.intersection(*runs) & {str(seed + 1) for seed in range(kept["seeds"])} if runs else set()


def value(kept, name, table, setting, criterion):
    """A number; None where there is nothing to score; text where the contestant failed, in one seed or all."""
    seeds = shared_seeds(kept, table, setting)
    entries = [entry for seed, entry in kept["found"].get(name, {}).get(table, {}).get(setting, {}).items() if seed in seeds]
    failed = [e["failed"] for e in entries if "failed" in e]
    if failed:
        share = "" if len(failed) == len(entries) else f" ({len(failed)} of {len(entries)})"
        return ("too slow" if "too slow" in failed else "failed") + share
    if criterion in VECTORS:
        vectors = [e[criterion] for e in entries if e[criterion] is not None]
        return score.mean_absolute(score.average(vectors)) if vectors else None
    values = [e[criterion] for e in entries if e[criterion] is not None]
    return score.mean(values) if values else None


def names(kept):
    return [n for n in ORDER if n in kept["found"]]


def contestants(kept, own="emend"):
    return [own, *(n for n in names(kept) if n != "emend" and n not in OTHERS)]


def cells(kept, criterion):
    """For each table and setting that has something to score: the contestants' values."""
    for table in kept["design"]["tables"]:
        for setting in kept["design"]["settings"]:
            values = {n: value(kept, n, table["name"], setting, criterion) for n in names(kept)}
            if isinstance(values["emend"], (float, str)):
                yield table["name"], setting, values


def by_table(kept, criterion):
    """For each table the means over its settings; text for who has not answered all of them."""
    tables = {}
    for table, _, values in cells(kept, criterion):
        tables.setdefault(table, []).append(values)
    for table, rows in tables.items():
        means = {}
        for n in names(kept):
            own = [values[n] for values in rows]
            texts = [x for x in own if isinstance(x, str)]
            means[n] = texts[0].partition(" (")[0] if texts else None if None in own else score.mean(own)
        yield table, "all", means


def numeric(values, names_of):
    return {n: values[n] for n in names_of if isinstance(values.get(n), float)}


def judge(values, name, rivals):
    """best, near (within 2 % of the best), last, between; None where there is no rival or no answer."""
    others = numeric(values, [r for r in rivals if r != name])
    if not others or not isinstance(values.get(name), float):
        return None
    own, best = values[name], min(others.values())
    if own <= best:
        return "best"
    if own <= NEAR * best:
        return "near"
    return "last" if own > max(others.values()) else "between"


# ---- text ----

def digits(x):
    return "–" if x is None else x if isinstance(x, str) else f"{x:.4f}" if x < 0.1 else f"{x:.3f}"


def row(cells_of_row):
    return "| " + " | ".join(cells_of_row) + " |\n"


def heading(kept):
    m = kept["machine"]
    minutes = f"{kept['seconds'] / 60:.0f} minutes of processor time, all together"
    lines = [f"- {m['date']}; {m['emend']}; {m['cores']} cores, {m['cpu']}; {minutes}"]
    lines += [f"- {text}" for text in dict.fromkeys(kept["versions"].values())]
    if kept["options"]:
        lines.append(f"- options of emend impute: `{kept['options']}`")
    if kept["absent_peers"]:
        lines.append(f"- not installed, left out: {', '.join(kept['absent_peers'])}")
    if kept["absent_tables"]:
        lines.append(f"- not found, left out: {', '.join(kept['absent_tables'])}")
    return "\n".join(lines) + "\n"


def described(table):
    counts = Counter(table["kinds"])
    return ", ".join(f"{n} {kind}" for kind, n in counts.items())


def tables_text(kept):
    out = row(["table", "rows", "variables", "what"]) + "|---|---|---|---|\n"
    for t in kept["design"]["tables"]:
        out += row([t["name"], str(t["rows"]), described(t), t["about"]])
    return out


def tally(kept, name, criterion, rivals, rows=cells):
    return Counter(j for _, _, values in rows(kept, criterion) if (j := judge(values, name, rivals)))


def share(counts):
    n = sum(counts.values())
    good = counts["best"] + counts["near"]
    return f"{good} of {n} ({100 * good / n:.0f} %), last in {counts['last']}" if n else "–"


def summary(kept, rows=cells):
    """Each contestant against the others."""
    out = row(["", *(f"{c[0]}" for c in CRITERIA.values()), "all"]) + "|---" * (len(CRITERIA) + 2) + "|\n"
    for name in names(kept):
        counts = [tally(kept, name, c, contestants(kept, name if name in OTHERS else "emend"), rows) for c in CRITERIA]
        out += row([f"**{name}**" if name == "emend" else name, *map(share, counts), share(sum(counts, Counter()))])
    return out


def marked(values, name, rivals):
    best = min(numeric(values, rivals).values(), default=None)
    text = digits(values[name])
    if isinstance(values[name], float) and best is not None and values[name] <= best:
        return f"**{text}**"
    if name != "emend":
        return text
    return text + {"between": " †", "last": " ‡"}.get(judge(values, name, rivals), "")


def criterion_table(kept, criterion):
    rivals = contestants(kept)
    out = row(["table", "hidden", *names(kept)]) + "|---" * (len(names(kept)) + 2) + "|\n"
    for table, setting, values in cells(kept, criterion):
        out += row([table, setting, *(marked(values, n, rivals) for n in names(kept))])
    return out


def losses(kept):
    """By table and criterion: in how many cells emend is not within 2 % of the best, by how much, and who is best there."""
    rivals = contestants(kept)
    out = row(["table", "criterion", "cells lost", "last in", "median of emend / best", "best there"]) + "|---|---|---|---|---|---|\n"
    for criterion, (title, _) in CRITERIA.items():
        lost = {}
        for table, _, values in cells(kept, criterion):
            verdict = judge(values, "emend", rivals)
            if verdict in ("between", "last"):
                others = numeric(values, [r for r in rivals if r != "emend"])
                best = min(others, key=others.get)
                lost.setdefault(table, []).append((verdict, values["emend"] / others[best], best))
        for table, entries in lost.items():
            winners = Counter(e[2] for e in entries)
            out += row([table, title, str(len(entries)), str(sum(e[0] == "last" for e in entries)), f"{median(e[1] for e in entries):.2f}",
                        ", ".join(f"{n} {k}" for n, k in winners.most_common())])
    return out


def entries_of(kept, name, table):
    by_setting = kept["found"][name].get(table["name"], {})
    return [e for by_seed in by_setting.values() for seed, e in by_seed.items() if int(seed) <= kept["seeds"]]


def failures(kept):
    out = ""
    for name in names(kept):
        for table in kept["design"]["tables"]:
            entries = entries_of(kept, name, table)
            out += "" if entries else f"- {name}, {table['name']}: not run\n"
            for reason, n in Counter(e["failed"] for e in entries if "failed" in e).items():
                out += f"- {name}, {table['name']}: {n} of {len(entries)}: {reason.removeprefix('failed ')}\n"
    return out or "None.\n"


def times(kept):
    out = row(["table", *names(kept)]) + "|---" * (len(names(kept)) + 1) + "|\n"
    for table in kept["design"]["tables"]:
        line = [table["name"]]
        for name in names(kept):
            entries = entries_of(kept, name, table)
            seconds = [e["seconds"] for e in entries if "failed" not in e]
            line.append(f"{median(seconds):.2g} s" if seconds else "–")
        out += row(line)
    return out


INTRODUCTION = "Written by `bench/accuracy/accuracy.py`; what is measured and how stands in [README.md](../README.md#accuracy).\n"
IN_SHORT = """In how many cells of the tables below each is best or within 2 % of the best, and in how many last. `emend` is the expectation
for the first two columns and draws for the others; `emend mode` and `emend match` take emend's place when they are counted.
"""
BY_TABLE = "The same where the six settings of a table are one cell, by their mean, which chance moves less.\n"
TIME = "Median of a table's answer and draws, in seconds of processor time (emend: by the clock); a peer is stopped after {:g} s.\n"


def by_table_part(kept):
    out = row(["criterion", "table", *names(kept)]) + "|---" * (len(names(kept)) + 2) + "|\n"
    for criterion, (title, _) in CRITERIA.items():
        for table, _, values in by_table(kept, criterion):
            out += row([title, table, *(marked(values, n, contestants(kept)) for n in names(kept))])
    return out


def criterion_part(kept, out, criterion):
    title, what = CRITERIA[criterion]
    rows = [(f"{t} {s}", numeric(values, names(kept))) for t, s, values in cells(kept, criterion)]
    (out / "plots" / f"{criterion}.svg").write_text(dots.plot(f"{title} ({what}): times the best of the row", names(kept), rows))
    return f"## {title}\n\n![{title}](plots/{criterion}.svg)\n\n{criterion_table(kept, criterion)}"


def write(kept, out):
    (out / "plots").mkdir(parents=True, exist_ok=True)
    times_hidden = "once" if kept["seeds"] == 1 else f"{kept['seeds']} times"
    design = f"Cells are hidden {times_hidden} in every setting; {kept['design']['draws']} draws each.\n"
    parts = [f"# Accuracy\n\n{INTRODUCTION}", heading(kept), design, tables_text(kept), f"## In short\n\n{IN_SHORT}", summary(kept),
             BY_TABLE, summary(kept, by_table), by_table_part(kept),
             "## Where emend loses\n\nCells in which emend is more than 2 % behind the best.\n", losses(kept),
             (HERE / "reasons.md").read_text(), *(criterion_part(kept, out, criterion) for criterion in CRITERIA),
             "Bold: the best. †: emend is more than 2 % behind it; ‡: and last.\n", f"## Who did not answer\n\n{failures(kept)}",
             f"## Time\n\n{TIME.format(kept['limit'])}", times(kept)]
    (out / "RESULTS.md").write_text("\n".join(parts))
