#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs emend and its peers in turn on the bench's tables and writes RESULTS.md and its plots.

  driver.py [--build FOLDER] [--out FOLDER] [--only STAGE,...] [--tables w1,w3] [--rounds N] [--limit SECONDS]
            [--surveys FOLDER]...

Stages: estimate, job, surveys, slow, threads, growth, roofline, mixture, clusters; without --only all of them. What a stage measures is kept in
results.json of the build folder's bench/, so that one stage can be run again and the report still shows the others. A peer that is not
installed is named and left out.
"""
import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import report
import stages

HERE = Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # the one that Debian's python3-sklearn belongs to
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Peer:
    """A program that estimates, imputes, or both; see peers/."""

    def __init__(self, name, command, package, estimates=False, imputes=True, calls=False):
        self.name, self.command, self.package, self.estimates, self.imputes = name, command, package, estimates, imputes
        self.calls = calls  # what it is called by estimates and imputes at once


PEERS = [
    Peer("Amelia", ["Rscript", "--vanilla", str(HERE / "peers/amelia.R")], "r-cran-amelia", estimates=True, calls=True),
    Peer("norm", ["Rscript", "--vanilla", str(HERE / "peers/norm.R")], "norm from CRAN", estimates=True, imputes=False),
    Peer("mice", ["Rscript", "--vanilla", str(HERE / "peers/mice.R")], "r-cran-mice"),
    Peer("scikit-learn", [PYTHON, str(HERE / "peers/iterative_imputer.py")], "python3-sklearn python3-pandas"),
]


class Outcome:
    def __init__(self, status, output, wall, processor, peak):
        self.status, self.output, self.wall, self.processor, self.peak = status, output, wall, processor, peak


class Session:
    """Where things lie, what is asked for, and how commands are run."""

    def __init__(self, arguments):
        self.bench = Path(arguments.build).resolve() / "bench"
        self.emend = str(self.bench.parent / "src" / "emend")
        self.work = self.bench / "tables"
        self.work.mkdir(exist_ok=True)
        self.rounds, self.limit = arguments.rounds, arguments.limit
        self.tables = arguments.tables.split(",") if arguments.tables else None
        self.surveys = arguments.surveys or [HERE.parent / "samples"]
        self.peers, self.absent = [], []

    def say(self, text):
        print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)

    def run(self, command, limit=None, **environment):
        """One command in one process, single-threaded libraries; status None: it ran past `limit`."""
        out, err = self.work / "out", self.work / "err"
        with open(out, "wb") as stdout, open(err, "wb") as stderr:
            begun = time.monotonic()
            process = subprocess.Popen([str(c) for c in command], stdout=stdout, stderr=stderr, env={**os.environ, **ONE_THREAD,
                                                                                                     **environment})
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG if limit else 0)
                wall = time.monotonic() - begun
                if pid:
                    break
                if wall > limit:
                    process.kill()
                    process.wait()
                    return Outcome(None, "", wall, wall, 0)
                time.sleep(min(0.002 + wall / 500, 0.1))
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            self.say(f"failed: {' '.join(map(str, command))}\n{err.read_text(errors='replace')[-500:]}")
        return Outcome(process.returncode, out.read_text(errors="replace"), wall, usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss)

    def json(self, command, limit=None, **environment):
        outcome = self.run(command, limit, **environment)
        return json.loads(outcome.output.strip().splitlines()[-1]) if outcome.status == 0 else None

    def estimate(self, table, *options, repetitions=1, **environment):
        return self.json([self.bench / "estimate", "--json", *options, repetitions, table], **environment)

    def table_file(self, table, form):
        """The table as csv, sav or raw, written once; its size for raw is in rows and columns."""
        path = self.work / f"{table}.{form}"
        if not path.exists():
            with open(path, "wb") as file:
                subprocess.run([self.bench / "generate_table", table, form], stdout=file, stderr=subprocess.DEVNULL, check=True)
        return path

    def find_peers(self):
        versions = {}
        for peer in PEERS:
            outcome = self.run([*peer.command, "versions"], 60) if shutil.which(peer.command[0]) else None
            if outcome and outcome.status == 0:
                self.peers.append(peer)
                versions[peer.name] = outcome.output.strip()
            else:
                self.say(f"{peer.name} is left out: it is not installed ({peer.package})")
                self.absent.append(peer.name)
        return versions


def machine(session):
    cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next((line.split(":", 1)[1].strip() for line in cpu.splitlines() if line.startswith("model name")), platform.machine())
    memory = next((int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")), 0)
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)), "virtual": " hypervisor" in cpu, "memory": memory * 1024,
            "isa": [isa for isa in ("avx512f", "avx2") if f" {isa} " in cpu], "load": os.getloadavg()[2],
            "compiler": session.run(["gcc", "--version"]).output.splitlines()[0], "emend": session.run([session.emend,
                                                                                                        "version"]).output.split("\n")[0],
            "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()), "date": time.strftime("%Y-%m-%d")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=".", help="the build folder, after make bench")
    parser.add_argument("--out", default=str(HERE), help="where RESULTS.md and plots/ go")
    parser.add_argument("--only", help="stages, separated by commas")
    parser.add_argument("--tables", help="tables, separated by commas")
    parser.add_argument("--rounds", type=int, default=3, help="how often emend and the peers take turns")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a peer is stopped")
    parser.add_argument("--surveys", action="append", help="a folder of survey files; may be repeated; without one those in samples/")
    arguments = parser.parse_args()
    session = Session(arguments)
    kept = session.bench / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    results["versions"] = session.find_peers()
    results["absent"] = session.absent
    results["limit"] = session.limit
    results["machine"] = machine(session)
    for stage in arguments.only.split(",") if arguments.only else stages.STAGES:
        session.say(stage)
        for name, entry in stages.STAGES[stage](session):
            results.setdefault(stage, {})[name] = entry
            kept.write_text(json.dumps(results, indent=1))
            report.write(results, Path(arguments.out))


if __name__ == "__main__":
    main()
