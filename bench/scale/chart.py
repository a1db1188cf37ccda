"""A drawing of curves over two logarithmic axes, as SVG: small, the same bytes for the same points, readable on any ground."""

import math
from dataclasses import dataclass

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#a0522d")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "", "6 3", "2 3", "8 3 2 3")
WIDTH, HEIGHT = 460, 300
LEFT, TOP = 64, 34
GAP = 90
LEGEND_LINE = 18


@dataclass(frozen=True)
class Panel:
    """One pair of axes. `curves`: for each name in the legend's order, its points (x, y), all above zero."""

    title: str
    across: str
    curves: list
    x_range: tuple
    y_range: tuple


def draw(panels, names):
    """The SVG of panels side by side, with one legend below them."""
    width = LEFT + len(panels) * (WIDTH + GAP) - GAP + 20
    height = TOP + HEIGHT + 50 + LEGEND_LINE * math.ceil(len(names) / 2) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, panel in enumerate(panels):
        lines += _panel(panel, LEFT + number * (WIDTH + GAP))
    for number, name in enumerate(names):
        x = LEFT + (number % 2) * (width - LEFT) / 2
        y = TOP + HEIGHT + 62 + LEGEND_LINE * (number // 2)
        lines.append(f'<path d="M{_n(x)} {_n(y - 4)}h30"{_stroke(number)}/>')
        lines.append(f'<text x="{_n(x + 38)}" y="{_n(y)}">{_escaped(name)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _panel(panel, left):
    def x_of(value):
        return left + WIDTH * _share(value, panel.x_range)

    def y_of(value):
        return TOP + HEIGHT * (1 - _share(value, panel.y_range))

    lines = [f'<text x="{left}" y="20" font-weight="bold">{_escaped(panel.title)}</text>']
    for value in _decades(panel.x_range):
        x = _n(x_of(value))
        lines.append(f'<path d="M{x} {TOP}v{HEIGHT}" stroke="#dddddd"/>')
        lines.append(f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{_label(value)}</text>')
    for value in _decades(panel.y_range):
        y = _n(y_of(value))
        lines.append(f'<path d="M{left} {y}h{WIDTH}" stroke="#dddddd"/>')
        lines.append(f'<text x="{left - 8}" y="{_n(y_of(value) + 4)}" text-anchor="end">{_label(value)}</text>')
    lines.append(f'<rect x="{left}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#555555"/>')
    middle = _n(left + WIDTH / 2)
    lines.append(f'<text x="{middle}" y="{TOP + HEIGHT + 36}" text-anchor="middle">{_escaped(panel.across)}</text>')
    for number, points in enumerate(panel.curves):
        if points:
            path = " ".join(f"{_n(x_of(x))},{_n(y_of(y))}" for x, y in points)
            lines.append(f'<polyline points="{path}" fill="none"{_stroke(number)}/>')
    return lines


def _stroke(number):
    dash = DASHES[number % len(DASHES)]
    colour = COLOURS[number % len(COLOURS)]
    return f' stroke="{colour}" stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")


def _share(value, ends):
    low, high = (math.log10(end) for end in ends)
    return min(1, max(0, (math.log10(value) - low) / (high - low)))


def _decades(ends):
    low, high = (round(math.log10(end)) for end in ends)
    return [10.0 ** power for power in range(low, high + 1)]


def _label(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _n(number):
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")
