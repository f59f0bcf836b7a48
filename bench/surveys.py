# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file that nobody prepared costs: every survey file of a folder, with no option at all."""
import json
import statistics
from pathlib import Path

import table_text

FORMS = (".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".csv", ".tsv")
WRITTEN = {".sas7bdat": ".sav"}  # what cannot be written back
TURNS = 9
DONE = (0, 3)


def surveys(session):
    begun = [session.run([session.emend, "version"]).wall for _ in range(TURNS)]
    for path in sorted(p for folder in session.surveys for p in Path(folder).iterdir() if p.suffix in FORMS):
        target = session.work / f"survey{WRITTEN.get(path.suffix, path.suffix)}"
        report = session.work / "survey.json"
        command = [session.emend, "impute", path, "-o", target, "--force", f"--json={report}"]
        turns = []
        for _ in range(TURNS):
            outcome = session.run(command)
            if outcome.status not in DONE:
                break
            turns.append((outcome.wall, json.loads(report.read_text())))
        if turns:
            yield path.name, entry(turns, statistics.median(begun))


def entry(turns, start):
    about = turns[0][1]
    seconds = {part: statistics.median(t["seconds"][part] for _, t in turns) for part in about["seconds"]}
    variables = about["variables"]
    return {"wall": statistics.median(wall for wall, _ in turns), "start": start, "seconds": seconds, "rows": about["rows"],
            "columns": len(variables), "filled": sum(v.get("filled") or 0 for v in variables)}


TEXT = """## Surveys as they are

Every file of a folder, `emend impute FILE -o OUTPUT`, no option: medians of TURNS runs by the clock, from the start of the program to its end, threads as they
come. To start is what `emend version` takes; to estimate, the model, the curves of codes and the missing answers themselves; to end, flushing the
output to the disk before it takes its place. What is neither reading nor estimating nor writing is the plan: its share of the whole stands last.
"""


def row(name, e):
    s, text = e["seconds"], table_text.time_text
    parts = [text(s["read"]), text(s["plan"]), text(s["estimate"] + s["impute"]), text(s["write"])]
    end = max(0.0, e["wall"] - e["start"] - sum(s.values()))
    return [name, f"{e['rows']:,} × {e['columns']}", f"{e['filled']:,}", text(e["wall"]), text(e["start"]), *parts, text(end),
            f"{100 * s['plan'] / e['wall']:.1f} %"]


def surveys_section(results):
    head = ["file", "size", "filled", "whole", "start", "read", "plan", "estimate", "write", "end", "plan's share"]
    return TEXT.replace("TURNS", str(TURNS)).split("\n") + table_text.table(head, [row(name, e) for name, e in results.items()])
