# SPDX-License-Identifier: GPL-3.0-or-later
"""RESULTS.md and its plots from what the stages measured."""
import clusters
import plot
import surveys
from table_text import table, time_text

NAMES = {"w1": "w1 scattered", "w2": "w2 split questionnaire", "w3": "w3 wide", "w4": "w4 heavy",
         "missvals": "Little and Rubin's missvals"}
ISA = {"avx512f": "AVX-512", "avx2": "AVX2"}


def ratio(x):
    return "–" if x is None else f"{x:,.0f}" if x >= 10 else f"{x:.2g}"


def memory_text(x):
    return "–" if not x else f"{x / 2**30:.2f} GiB" if x >= 2**30 else f"{x / 2**20:.0f} MiB"


def size_text(size):
    return f"{size['rows']:,} × {size['columns']}"


def head(r):
    m = r["machine"]
    kind = "virtual machine, " if m["virtual"] else ""
    isa = ", ".join(ISA[i] for i in m["isa"]) or "baseline"
    lines = ["# Results", "", "Written by `bench/driver.py`; what is measured and how stands in [README.md](README.md). How near imputed cells come to the truth: [accuracy/RESULTS.md](accuracy/RESULTS.md).", "",
             f"- {m['date']}; {kind}{m['cores']} cores, {m['cpu']} ({isa}), {m['memory'] / 2**30:.0f} GiB; {m['system']}",
             f"- {m['emend']}, {m['compiler']}",
             f"- load average over 15 minutes at the start: {m['load']:.1f}"]
    lines += [f"- {version}" for version in r["versions"].values()]
    if r["absent"]:
        lines.append(f"- not installed, left out: {', '.join(r['absent'])}")
    return [*lines, ""]


ESTIMATION = """## Estimation

From columns in memory to the answer, setup (patterns, standardising, sorting) and EM, one thread, in processor time. Log-likelihood (of the
observed data, 2π included) and distance (the largest of a mean or covariance to the optimum, in observed standard deviations) are computed
by `evaluate` for everybody; the optimum is emend's at tolerance 1e-12. "Times" is the median over that of emend's first kernel; "call" is
the whole of `amelia(x, m = 1, boot.type = "none")`, the only door that Amelia has to its estimate, which makes one completed table too.
"""


def estimate_row(name, entry, parts, table, first):
    processor, call = entry["processor"], (entry.get("call") or {}).get("median")
    return [name, time_text(processor["median"]), time_text(processor["least"]), parts, entry["esteps"],
            f"{entry['log_likelihood'] - table['optimum']:.2g}", f"{entry['distance']:.1e}", ratio(processor["median"] / first),
            *((time_text(call), ratio(call / first)) if call else ("", ""))]


def estimate_section(r):
    lines = ESTIMATION.split("\n")
    for name, e in r.items():
        first = next(iter(e["emend"].values()))["processor"]["median"]
        rows = []
        for kernel, k in e["emend"].items():
            parts = f"{time_text(k['setup_processor']['least'])} + {time_text(k['em_processor']['least'])}"
            rows.append(estimate_row(f"emend, {kernel}", k, parts, e, first))
        for peer, p in e["peers"].items():
            failed = [peer, "failed or stopped", *[""] * 8]
            rows.append(failed if p.get("failed") else estimate_row(peer, p, f"EM {time_text(p['em']['least'])}", e, first))
        lines += [f"**{NAMES.get(name, name)}**, {size_text(e['size'])}, {e['size']['patterns']:,} patterns; log-likelihood at the optimum "
                  f"{e['optimum']:,.6f}; plain EM, run on, ends {e['plain_distance']:.1e} from it.", ""]
        lines += table(["who", "median", "least", "least of the parts", "E-steps", "log-likelihood − optimum", "distance", "times", "call", "times"], rows)
    return lines


JOB = """## The whole job, file to file

By the clock, from the start of the program to its end: read the file, estimate, complete, write. emend with one thread; Amelia: one
imputation (`m = 1`); mice: one imputation, `norm`, five sweeps; scikit-learn: IterativeImputer's defaults. A peer is stopped after LIMIT s.
emend flushes its output to the disk before it takes the place of the file, the peers do not.
"""


def job_row(who, job, limit, first):
    if job["wall"]:
        wall = job["wall"]["median"]
        return [who, time_text(wall), time_text(job["processor"]["median"]), memory_text(job["peak"]), ratio(wall / first)]
    return [who, f"over {limit:.0f} s", "", "", f"over {ratio(limit / first)}"] if job["stopped"] else [who, "failed", "", "", ""]


def share_row(name, form, job):
    seconds, wall = job["seconds"], job["wall"]["median"]
    parts = [time_text(seconds[part]) for part in ("read", "plan", "estimate", "impute", "write")]
    rest = max(0.0, wall - sum(seconds.values()))
    return [name, form, time_text(wall), *parts, time_text(rest), f"{100 * seconds['estimate'] / wall:.0f} %"]


def job_section(r, limit):
    lines = JOB.replace("LIMIT", f"{limit:.0f}").split("\n")
    for name, jobs in r.items():
        first = jobs["emend .csv"]["wall"]["median"]
        rows = [job_row(who, job, limit, first) for who, job in jobs.items()]
        lines += [f"**{NAMES.get(name, name)}**", ""] + table(["who", "median", "processor", "peak memory", "times"], rows)
    lines += ["Where emend's time goes; the rest is starting, and flushing the output to the disk:", ""]
    rows = [share_row(name, form, jobs[f"emend {form}"]) for name, jobs in r.items() for form in (".csv", ".sav")]
    return lines + table(["table", "file", "whole", "read", "plan", "estimate", "complete", "write", "rest", "estimation's share"], rows)


def slow_section(r):
    lines = ["## Where EM is slow", "", "E-steps to the answer, plain and accelerated, and the distance of each answer to the optimum.", ""]
    rows = []
    for name, e in r.items():
        for tolerance in ("1e-6", "1e-10"):
            plain, squarem, anderson = (e[f"{way} {tolerance}"] for way in ("none", "squarem", "anderson"))
            distances = ", ".join(f"{way['distance']:.1e}" for way in (plain, squarem, anderson))
            what = f"{NAMES.get(name, name)}, {size_text(e['size'])}"
            rows.append([what, tolerance, plain["esteps"], squarem["esteps"], anderson["esteps"],
                         f"{plain['esteps'] / anderson['esteps']:.1f}", distances])
    head = ["table", "tolerance", "plain EM", "SQUAREM", "Anderson, the default", "times fewer", "distances, in that order"]
    return lines + table(head, rows)


def threads_section(r, folder):
    title = "EM, by threads"
    shown = {name: [[int(n), x["em"]] for n, x in e.items()] for name, e in r.items()}
    (folder / "threads.svg").write_text(plot.line_plot(title, "threads", "time", shown))
    lines = ["## Threads", "",
             "By the clock; the numbers of threads took turns, up to twice the cores. Setup and EM: the least of all runs. A step, E and M: medians of what",
             "more iterations add, and of how many times faster it is beside the turn before it, in one process.",
             "", f"![{title}](plots/threads.svg)", ""]
    rows = []
    for name, e in r.items():
        one, two = e["1"], e["2"]
        both = [f"{time_text(one[part])}, {time_text(two[part])}" for part in ("setup", "em")]
        step = ", ".join(time_text(x["step"]["seconds"]) for x in (one, two))
        same = "yes" if all(x["log_likelihood"] == one["log_likelihood"] for x in e.values()) else "NO"
        rows.append([f"{name}, {size_text(one)}", *both, step, f"{one['em'] / two['em']:.2f}", f"{two['step']['faster']:.2f}", same, memory_text(two["peak"])])
    return lines + table(["table", "setup: 1, 2 threads", "EM", "a step", "EM faster by", "a step faster by", "same to the bit", "peak memory"], rows)


def growth_section(r, folder):
    lines = ["## How the cost grows", "",
             "Estimation from memory, one thread, in processor time, the least of three runs (Amelia: one).", ""]
    labels = {"rows": "rows", "columns": "columns", "missing": "percent of cells missing"}
    for axis, g in r.items():
        shown = {name: points for name, points in g["lines"].items() if name in ("setup", "EM", "Amelia")}
        (folder / f"{axis}.svg").write_text(plot.line_plot(g["what"], labels[axis], "time", shown, log_x=axis != "missing"))
        amelia, esteps, peak = (dict(g["lines"][name]) for name in ("Amelia", "esteps", "peak"))
        lines += [f"![{g['what']}](plots/{axis}.svg)", ""]
        rows = [[f"{x:,}", time_text(setup), time_text(em), esteps[x], time_text(amelia.get(x)), memory_text(peak[x])]
                for (x, setup), (_, em) in zip(g["lines"]["setup"], g["lines"]["EM"])]
        lines += table([labels[axis], "setup", "EM", "E-steps", "Amelia, to 1e-4", "peak memory with the table"], rows)
    return lines


def roofline_section(r):
    return ["## The roofline", "", "One plain iteration; README.md says how arithmetic and bytes are counted.", "", r.get("text",
                                                                                                                          "").strip(), ""]


def write(results, folder):
    plots = folder / "plots"
    plots.mkdir(parents=True, exist_ok=True)
    lines = head(results)
    if "estimate" in results:
        lines += estimate_section(results["estimate"])
    if "job" in results:
        lines += job_section(results["job"], results["limit"])
    if "surveys" in results:
        lines += surveys.surveys_section(results["surveys"])
    if "slow" in results:
        lines += slow_section(results["slow"])
    if "threads" in results:
        lines += threads_section(results["threads"], plots)
    if "growth" in results:
        lines += growth_section(results["growth"], plots)
    if "roofline" in results:
        lines += roofline_section(results["roofline"])
    if "mixture" in results:
        lines += clusters.mixture_section(results["mixture"])
    if "clusters" in results:
        lines += clusters.clusters_section(results["clusters"])
    (folder / "RESULTS.md").write_text("\n".join(lines).rstrip() + "\n")
