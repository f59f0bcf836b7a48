# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and tables as RESULTS.md has them."""


def time_text(seconds):
    if seconds is None:
        return "–"
    milliseconds = 1000 * seconds
    return f"{seconds:,.3g} s" if 1 <= seconds < 100 else f"{seconds:,.0f} s" if seconds >= 100 else f"{milliseconds:.3g} ms"


def table(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(map(str, row)) + " |" for row in rows), ""]
