#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hides cells of complete tables, lets emend and its peers impute them, and writes how near they come into RESULTS.md.

  accuracy.py [--emend PROGRAM] [--data FOLDER]... [--out FOLDER] [--quick] [--tables efc,normal] [--peers mice,kNN] [--options WORDS]

The simulated tables and those in samples/ are always there; real ones that are not in a --data folder are left out and named, as is a peer
that is not installed. README.md says what is measured.
"""
import argparse
import concurrent.futures
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import contest
import results
import tables

HERE = Path(__file__).resolve().parent
SETTINGS = [(mechanism, percent) for mechanism in ("MCAR", "MAR") for percent in (10, 30, 50)]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table with holes."""
    setting: tuple
    seed: int
    holes: list
    path: Path


@dataclass
class Session:
    emend: str
    work: Path
    draws: int
    limit: float
    options: list
    most_rows: int

    def output(self, command):
        return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True).stdout

    def say(self, text):
        print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def make_datasets(session, table, settings, seeds):
    datasets = []
    contest.write_description(session.work / f"{table.name}.about", table)
    for setting in settings:
        for seed in range(1, seeds + 1):
            path = session.work / f"{table.name}-{setting[0]}-{setting[1]}-{seed}"
            dataset = Dataset(setting, seed, tables.hide(table, *setting, seed), path)
            contest.write_numbers(f"{path}.csv", table, dataset.holes)
            contest.write_for_user(path.with_suffix(f".user.{table.form}"), table, dataset.holes)
            datasets.append(dataset)
    return datasets


def setting_text(setting):
    return f"{setting[0]} {setting[1]} %"


def tasks(prepared, seeds, names, is_known):
    """Everybody's first seed comes before anybody's second, so that an interrupted run has something to show."""
    for seed in range(1, seeds + 1):
        for name in names:
            for table, datasets in prepared:
                left = [d for d in datasets if d.seed == seed and not is_known(name, table.name, d)]
                if left:
                    yield name, table, left


def run_all(session, all_tables, settings, seeds, names, workers, is_known):
    """Yields, as they come, a contestant, a table, and what came of it: setting, seed, entry."""
    prepared = [(table, make_datasets(session, table, settings, seeds)) for table in all_tables]
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        waiting = {pool.submit(contest.compete, session, table, datasets, name): (name, table)
                   for name, table, datasets in tasks(prepared, seeds, names, is_known)}
        for done in concurrent.futures.as_completed(waiting):
            name, table = waiting[done]
            entries = done.result()
            session.say(f"  {name}, {table.name}: {sum(e['seconds'] for _, _, e in entries):.1f} s")
            yield name, table.name, entries


def machine(emend):
    cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next((line.split(":", 1)[1].strip() for line in cpu.splitlines() if line.startswith("model name")), platform.machine())
    version = subprocess.run([emend, "version"], capture_output=True, text=True).stdout.split("\n")[0]
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)), "emend": version, "date": time.strftime("%Y-%m-%d")}


def recall(path, design):
    """What an earlier run of the same design found, so that some contestants can be run again."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    return kept if kept.get("design") == design else {"design": design, "found": {}, "versions": {}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emend", default="build/src/emend", help="the program")
    parser.add_argument("--data", action="append", default=[], help="a folder with efc.sav, windspeed.csv and others; may be repeated")
    parser.add_argument("--out", default=str(HERE), help="where RESULTS.md and its plots go")
    parser.add_argument("--work", default="build/bench/accuracy", help="where tables with holes lie, and what was found")
    parser.add_argument("--quick", action="store_true", help="one seed, two settings, two draws, smaller tables")
    parser.add_argument("--tables", help="tables, separated by commas")
    parser.add_argument("--peers", help="peers, separated by commas; none: emend alone")
    parser.add_argument("--again", action="store_true", help="run peers also where their answers are kept from an earlier run")
    parser.add_argument("--seeds", type=int, default=2, help="how often cells are hidden in each setting")
    parser.add_argument("--limit", type=float, default=25, help="seconds of processor time after which a peer is stopped at a table")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--options", default="", help="more options for emend impute")
    arguments = parser.parse_args()
    quick, folders = arguments.quick, [Path(f) for f in arguments.data] + [HERE.parent.parent / "samples"]
    work = Path(arguments.work)
    work.mkdir(parents=True, exist_ok=True)
    session = Session(str(Path(arguments.emend).resolve()), work, 2 if quick else 5, arguments.limit, arguments.options.split(), 250)
    begun = time.monotonic()
    all_tables, absent_tables = tables.load(session, arguments.tables and arguments.tables.split(","), folders)
    versions, absent_peers = contest.find_peers(arguments.peers and arguments.peers.split(","))
    settings = [("MCAR", 30), ("MAR", 30)] if quick else SETTINGS
    seeds = 1 if quick else arguments.seeds
    kept = recall(work / "results.json", {
        "tables": [{"name": t.name, "rows": t.rows, "kinds": [v.kind for v in t.variables], "about": t.about} for t in all_tables],
        "settings": [setting_text(s) for s in settings], "draws": session.draws})
    kept["versions"].update(versions)
    kept.update(seeds=seeds, machine=machine(session.emend), absent_peers=absent_peers, absent_tables=absent_tables, limit=session.limit,
                options=arguments.options)
    found = kept["found"]

    def is_known(name, table, dataset):
        known = str(dataset.seed) in found.get(name, {}).get(table, {}).get(setting_text(dataset.setting), {})
        return known and name not in contest.OWN and not arguments.again

    for name, table, entries in run_all(session, all_tables, settings, seeds, [*contest.OWN, *versions], arguments.workers, is_known):
        for setting, seed, entry in entries:
            found.setdefault(name, {}).setdefault(table, {}).setdefault(setting_text(setting), {})[str(seed)] = entry
        kept["seconds"] = kept.get("seconds", 0) + sum(e["seconds"] for _, _, e in entries)
        (work / "results.json").write_text(json.dumps(kept))
        results.write(kept, Path(arguments.out))
    session.say(f"{time.monotonic() - begun:.0f} s; {Path(arguments.out) / 'RESULTS.md'}")


if __name__ == "__main__":
    main()
