# SPDX-License-Identifier: GPL-3.0-or-later
"""What the driver measures. Each stage yields names and entries of plain values; report.py turns them into text."""
import json
import os
import statistics

import clusters
import surveys

TABLES = ["w1", "w2", "w3", "w4"]
SLOW_PEER = 20  # seconds after which a peer has one turn only
TOLERANCES = ["1e-4", "1e-6"]  # the first is what Amelia and norm come with


def median(values):
    return statistics.median(values) if values else None


def summary(values):
    return {"median": median(values), "least": min(values), "runs": len(values)} if values else None


def optimum(session, table):
    """The optimum at 1e-12, accelerated, and how far plain EM ends from it."""
    best, plain = session.work / f"{table}.optimum", session.work / f"{table}.plain"
    session.estimate(table, "--tolerance", "1e-12", "--answer", best)
    session.estimate(table, "--tolerance", "1e-12", "--accelerate", "none", "--max-iterations", "3000", "--answer", plain)
    return best, judge(session, table, best, [plain])[0]


def judge(session, table, best, answers):
    output = session.run([session.bench / "evaluate", table, best, *answers]).output
    return [json.loads(line) for line in output.splitlines()]


def kernels(session, table):
    """The kernels that this processor has, the one it chooses first."""
    chosen = session.estimate(table)["kernel"]
    order = ["avx512", "avx2", "baseline"]
    return order[order.index(chosen):]


def peer_turn(session, peer, table, size, tolerance, answer):
    command = [*peer.command, "estimate", session.table_file(table, "raw"), size["rows"], size["columns"], tolerance, answer]
    return session.json(command, 3 * session.limit)


def peer_call(session, peer, table, size, tolerance):
    """The peer's own call, which completes the table too."""
    return session.json([*peer.command, "call", session.table_file(table, "raw"), size["rows"], size["columns"], tolerance],
                        6 * session.limit)


def wants_turn(turns):
    """Not after a failure, and once only if that takes long."""
    return not turns or (turns[-1] and turns[-1]["wall"] < SLOW_PEER)


def peer_entry(session, turns, table, best, answer):
    good = [t for t in turns if t]
    if not good:
        return {"failed": True}
    return {"processor": summary([t["processor"] for t in good]), "wall": summary([t["wall"] for t in good]),
            "em": summary([t["em_processor"] for t in good]), "esteps": good[0]["iterations"], **judge(session, table, best, [answer])[0]}


def emend_entry(session, turns, table, best, answer):
    times = {part: summary([s for turn in turns for s in turn[part]]) for part in ("processor", "wall", "setup_processor", "em_processor")}
    return {**times, "esteps": turns[0]["esteps"], **judge(session, table, best, [answer])[0]}


def estimate_table(session, table):
    """Estimation from memory: emend with each of its kernels and the peers, taking turns."""
    best, check = optimum(session, table)
    size = session.estimate(table)
    emend = {kernel: [] for kernel in kernels(session, "missvals")}
    peers = {(p, t): [] for p in session.peers if p.estimates for t in TOLERANCES}
    calls = {key: [] for key in peers if key[0].calls}
    answers = {key: session.work / f"{table}.{key[0].name}.{key[1]}" for key in peers}
    for _ in range(session.rounds):
        for kernel in emend:
            answer = session.work / f"{table}.{kernel}"
            emend[kernel].append(session.estimate(table, "--answer", answer, repetitions=7, EMEND_KERNEL=kernel))
        for (peer, tolerance), turns in peers.items():
            if wants_turn(turns):
                turns.append(peer_turn(session, peer, table, size, tolerance, answers[peer, tolerance]))
        for (peer, tolerance), turns in calls.items():
            if wants_turn(turns):
                turns.append(peer_call(session, peer, table, size, tolerance))
    entry = {"size": size, "optimum": judge(session, table, best, [best])[0]["log_likelihood"], "plain_distance": check["distance"]}
    entry["emend"] = {k: emend_entry(session, turns, table, best, session.work / f"{table}.{k}") for k, turns in emend.items()}
    entry["peers"] = {}
    for (peer, tolerance), turns in peers.items():
        described = peer_entry(session, turns, table, best, answers[peer, tolerance])
        call = summary([t["processor"] for t in calls.get((peer, tolerance), []) if t])
        entry["peers"][f"{peer.name}, tolerance {tolerance}"] = {**described, "call": call}
    return entry


def each_table(measure):
    def stage(session):
        for table in session.tables or TABLES:
            session.say(f"  {table}")
            yield table, measure(session, table)
    return stage


def emend_command(session, source, target, report):
    command = [session.emend, "impute", source, "-o", target, "--force", f"--json={report}"]
    known = session.run([session.emend, "help", "impute"]).output
    return command + (["--threads", "1"] if "--threads" in known else [])


def job_table(session, table):
    """The whole job, file to file, one thread: start, read, estimate, complete, write."""
    jobs = {"emend .csv": [], "emend .sav": []}
    shares = {name: [] for name in jobs}
    peers = {p: [] for p in session.peers if p.imputes}
    for _ in range(session.rounds):
        for name in jobs:
            form = name[-3:]
            report = session.work / "job.json"
            outcome = session.run(emend_command(session, session.table_file(table, form), session.work / f"{table}.emend.{form}", report))
            jobs[name].append(outcome)
            shares[name].append(json.loads(report.read_text())["seconds"])
        for peer, turns in peers.items():
            if not turns or (turns[-1].status == 0 and turns[-1].wall < SLOW_PEER):
                target = session.work / f"{table}.{peer.name}.csv"
                turns.append(session.run([*peer.command, "impute", session.table_file(table, "csv"), target], session.limit))
    entry = {}
    for name, turns in [*jobs.items(), *((p.name, t) for p, t in peers.items())]:
        good = [t for t in turns if t.status == 0]
        entry[name] = {"wall": summary([t.wall for t in good]), "processor": summary([t.processor for t in good]),
                       "peak": max((t.peak for t in good), default=None), "stopped": any(t.status is None for t in turns)}
    for name, seconds in shares.items():
        entry[name]["seconds"] = {part: median([s[part] for s in seconds]) for part in seconds[0]}
    return entry


SLOW_TABLES = ["missvals", "w4", "3000x5@75", "5000x8@75", "20000x8@80"]


def slow(session):
    """E-steps with and without acceleration, to the same answer."""
    plain = ["--accelerate", "none", "--max-iterations", "1000000"]
    ways = {"none": plain, "squarem": ["--accelerate", "squarem"], "anderson": []}
    for table in SLOW_TABLES:
        best = session.work / f"{table}.slow"
        entry = {"size": session.estimate(table, "--tolerance", "1e-12", "--answer", best, *plain)}
        for tolerance in ("1e-6", "1e-10"):
            for name, options in ways.items():
                answer = session.work / f"{table}.slow.{name}"
                e = session.estimate(table, "--tolerance", tolerance, "--answer", answer, *options, repetitions=5)
                distance = judge(session, table, best, [answer])[0]["distance"]
                entry[f"{name} {tolerance}"] = {"esteps": e["esteps"], "seconds": min(e["processor"]), "distance": distance}
        yield table, entry


THREAD_TABLES = ["w1", "w2", "w3", "w4", "20000x500@10"]  # the last takes long: once


def thread_entry(turns):
    least = {part: min(s for turn in turns for s in turn[part]) for part in ("setup", "em")}
    return {**least, "peak": turns[0]["peak_bytes"], **{key: turns[0][key] for key in ("esteps", "rows", "columns", "log_likelihood")}}


def thread_counts():
    """1, 2, 4 and so on up to twice the cores: more threads than cores must do no harm."""
    most = 2 * len(os.sched_getaffinity(0))
    return [2**i for i in range(most.bit_length()) if 2**i <= max(most, 2)]


def step_entry(session, table):
    """Of each number of threads: the median seconds of an iteration, and the median of how many times faster than one thread in its turn."""
    turns = 3 if table == THREAD_TABLES[-1] else 15
    steps = json.loads(session.run([session.bench / "step", turns, max(thread_counts()), table]).output)["steps"]
    return {n: {"seconds": median(s), "faster": median([one / x for one, x in zip(steps["1"], s)])} for n, s in steps.items()}


def threads(session):
    """The numbers of threads in turn; by the clock, the least of all runs, since the machine may not be quiet."""
    for table in session.tables or THREAD_TABLES:
        session.say(f"  {table}")
        runs = {n: [] for n in thread_counts()}
        for _ in range(session.rounds):
            for n, turns in runs.items():
                turns.append(session.estimate(table, "--threads", n, repetitions=1 if table == THREAD_TABLES[-1] else 9))
        steps = step_entry(session, table)
        yield table, {str(n): {**thread_entry(turns), "step": steps[str(n)]} for n, turns in runs.items()}


def points(form, values):
    return [(x, form.format(x)) for x in values]


GROWTH = {
    "rows": {"what": "Rows, 8 columns, 10 % missing",
             "points": points("{}x8@10", [10**4, 3 * 10**4, 10**5, 3 * 10**5, 10**6, 3 * 10**6, 10**7])},
    "columns": {"what": "Columns, 5,000 rows, 10 % missing", "points": points("5000x{}@10", [5, 10, 20, 50, 100, 200, 500])},
    "missing": {"what": "Percent missing, 20,000 rows, 20 columns", "points": points("20000x20@{}", [1, 2, 5, 10, 20, 30, 40, 50, 60])},
}
AMELIA_STOPS = 15  # seconds; the next larger table is not tried


def growth(session):
    amelia = next((p for p in session.peers if p.name == "Amelia"), None)
    for axis, plan in GROWTH.items():
        lines = {name: [] for name in ("setup", "EM", "Amelia", "esteps", "peak")}
        going = amelia is not None
        for x, table in plan["points"]:
            session.say(f"  {table}")
            size = session.estimate(table, repetitions=3)
            shown = {"setup": min(size["setup_processor"]), "EM": min(size["em_processor"]),
                     "esteps": size["esteps"], "peak": size["peak_bytes"]}
            turn = peer_turn(session, amelia, table, size, "1e-4", session.work / "growth.answer") if going else None
            if turn:
                shown["Amelia"] = turn["processor"]
            going = bool(turn) and turn["processor"] < AMELIA_STOPS
            for name, value in shown.items():
                lines[name].append([x, value])
            session.table_file(table, "raw").unlink()
        yield axis, {"what": plan["what"], "lines": lines}


def roofline(session):
    yield "text", session.run([session.bench / "roofline"]).output


STAGES = {"estimate": each_table(estimate_table), "job": each_table(job_table), "surveys": surveys.surveys, "slow": slow, "threads": threads, "growth": growth,
          "roofline": roofline, "mixture": clusters.mixture, "clusters": clusters.clusters}
