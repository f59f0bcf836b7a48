# SPDX-License-Identifier: GPL-3.0-or-later
"""Line plots as SVG, by hand: the same numbers give the same bytes."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 78, 120, 40, 56
COLOURS = ["#0b6e99", "#c4501b", "#5b5b5b", "#3f7d20", "#7a3e9d"]


def log_ticks(low, high):
    """1, 2 and 5 times the powers of ten, or the powers alone where there are many."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1,) if len(decades) > 4 else (1, 2, 5)
    return [f * 10.0**d for d in decades for f in factors if low * 0.999 <= f * 10.0**d <= high * 1.001]


def linear_ticks(low, high):
    step = 10 ** math.floor(math.log10((high - low) / 5))
    step = next(step * f for f in (1, 2, 5, 10) if (high - low) / (step * f) <= 7)
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def number(x):
    if x >= 1e4 and abs(math.log10(x) - round(math.log10(x))) < 1e-9:
        return f'10<tspan dy="-5" font-size="9">{round(math.log10(x))}</tspan>'
    return f"{x:,.0f}" if x >= 1 else f"{x:.6f}".rstrip("0").rstrip(".")


def seconds(x):
    return f"{x:g} s" if x >= 1 else f"{1e3 * x:g} ms" if x >= 1e-3 else f"{1e6 * x:g} µs"


class Axis:
    def __init__(self, values, start, end, log):
        self.log, self.start, self.end = log, start, end
        low, high = min(values), max(values)
        self.low, self.high = (low / 1.15, high * 1.15) if log else (0, high * 1.03)
        self.ticks = log_ticks(self.low, self.high) if log else linear_ticks(self.low, self.high)

    def at(self, x):
        share = math.log(x / self.low) / math.log(self.high / self.low) if self.log else (x - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def spread(places, least=15):
    """Heights of labels, moved apart where they would cover one another."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, after in zip(order, order[1:]):
        moved[after] = max(moved[after], moved[before] + least)
    return moved


def line_plot(title, x_label, y_label, lines, log_x=True, y_text=seconds):
    """`lines`: name to a list of [x, y]; y on a logarithmic axis. Returns the SVG's text."""
    lines = {name: points for name, points in lines.items() if points}
    x = Axis([p[0] for points in lines.values() for p in points], LEFT, WIDTH - RIGHT, log_x)
    y = Axis([p[1] for points in lines.values() for p in points], HEIGHT - BOTTOM, TOP, True)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold">{title}</text>']
    for tick in x.ticks:
        out.append(f'<line x1="{x.at(tick)}" y1="{TOP}" x2="{x.at(tick)}" y2="{HEIGHT - BOTTOM}" stroke="#e3e3e3"/>')
        out.append(f'<text x="{x.at(tick)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{number(tick)}</text>')
    for tick in y.ticks:
        out.append(f'<line x1="{LEFT}" y1="{y.at(tick)}" x2="{WIDTH - RIGHT}" y2="{y.at(tick)}" stroke="#e3e3e3"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y.at(tick) + 4}" text-anchor="end">{y_text(tick)}</text>')
    out.append(f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#333"/>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{x_label}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">{y_label}</text>')
    labels = spread([y.at(points[-1][1]) for points in lines.values()])
    for (name, points), colour, place in zip(lines.items(), COLOURS, labels):
        path = " ".join(f"{x.at(a)},{y.at(b)}" for a, b in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.extend(f'<circle cx="{x.at(a)}" cy="{y.at(b)}" r="3" fill="{colour}"/>' for a, b in points)
        out.append(f'<text x="{x.at(points[-1][0]) + 9}" y="{place + 4}" fill="{colour}">{name}</text>')
    return "\n".join(out) + "\n</svg>\n"
