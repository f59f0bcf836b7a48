# SPDX-License-Identifier: GPL-3.0-or-later
"""Dot plots as SVG, by hand: a line per cell of the contest, a dot per contestant, at its value over the best one's."""
import math

LEFT, TOP, ROW, WIDTH, RIGHT, FARTHEST = 150, 66, 14, 560, 30, 4.0
COLOURS = {"emend": "#c4201b", "emend mode": "#e0559a", "emend match": "#e89a3c", "Amelia": "#0b6e99", "mice": "#3f7d20", "kNN": "#7a4fa3",
           "irmi": "#7b6a58", "scikit-learn": "#8a8a8a"}


def at(ratio):
    return round(LEFT + WIDTH * math.log(min(ratio, FARTHEST)) / math.log(FARTHEST), 1)


def dot(name, ratio, y):
    x, colour = at(ratio), COLOURS[name]
    if name == "emend":
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{colour}"/>'
    if ratio > FARTHEST:
        return f'<path d="M{x - 4} {y - 3.5}L{x + 4} {y}L{x - 4} {y + 3.5}Z" fill="{colour}"/>'
    return f'<circle cx="{x}" cy="{y}" r="3.2" fill="none" stroke="{colour}" stroke-width="1.6"/>'


def legend(names):
    out, x = [], LEFT
    for name in names:
        out.append(dot(name, 1, 40).replace(f'cx="{at(1)}"', f'cx="{x}"'))
        out.append(f'<text x="{x + 8}" y="44" fill="{COLOURS[name]}">{name}</text>')
        x += 24 + 7 * len(name)
    return out


def plot(title, names, rows):
    """`rows`: a label (its first word is a table) and the contestants' values; the best of a row is at 1. Returns the SVG's text."""
    height = TOP + ROW * len(rows) + 30
    width = LEFT + WIDTH + RIGHT
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
           'font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="11">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           f'<text x="{LEFT}" y="20" font-size="13" font-weight="bold">{title}</text>', *legend(names),
           f'<rect x="{LEFT}" y="{TOP}" width="{at(1.02) - LEFT}" height="{ROW * len(rows)}" fill="#e8f3e4"/>']
    for tick in (1, 1.1, 1.25, 1.5, 2, 3, 4):
        out.append(f'<line x1="{at(tick)}" y1="{TOP}" x2="{at(tick)}" y2="{height - 30}" stroke="#e3e3e3"/>')
        out.append(f'<text x="{at(tick)}" y="{height - 14}" text-anchor="middle">{tick:g}{" and more" if tick == FARTHEST else ""}</text>')
    for i, (label, values) in enumerate(rows):
        y = TOP + ROW * i + ROW // 2
        if i and label.split()[0] != rows[i - 1][0].split()[0]:
            out.append(f'<line x1="0" y1="{y - ROW // 2}" x2="{LEFT + WIDTH}" y2="{y - ROW // 2}" stroke="#999"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>')
        best = min(values.values(), default=0)
        out.extend(dot(n, v / best, y) for n, v in sorted(values.items(), key=lambda item: item[0] == "emend") if best > 0)
    return "\n".join(out) + "\n</svg>\n"
