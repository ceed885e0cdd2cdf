"""Draws a line chart as SVG, without a library: points with bars from minimum to maximum, one line per series."""

import math
from html import escape

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 64, 56
COLORS = ("#1f5fa8", "#c8500a", "#2b7d43", "#7a4fa0")
TEXT, GRID = "#222222", "#dddddd"


def steps(top):
    """Returns four to six round numbers from zero to at least `top`."""
    rough = top / 5
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return [step * i for i in range(math.ceil(top / step) + 1)]


def label(x, y, text, anchor="middle", size=13, extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {extra}>{escape(str(text))}</text>'


def line(x1, y1, x2, y2, color, width=1.0):
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{color}" stroke-width="{width}"/>'


def draw(title, x_title, y_title, series, doubling=False):
    """Returns the SVG of `series`: name -> (x, minimum, median, maximum) per point. `doubling`: a logarithmic x axis."""
    values = sorted({point[0] for points in series.values() for point in points})
    ticks = steps(max(point[3] for points in series.values() for point in points))
    scale = math.log2 if doubling else float
    first, last = scale(values[0]), scale(values[-1])
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    margin = 0.05 * inner_width  # between the frame and the outermost points

    def across(x):
        share = (scale(x) - first) / (last - first) if last > first else 0.5
        return LEFT + margin + share * (inner_width - 2 * margin)

    def up(y):
        return HEIGHT - BOTTOM - y / ticks[-1] * inner_height

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="Helvetica, Arial, sans-serif" fill="{TEXT}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        label(LEFT, 24, title, "start", 16, 'font-weight="bold"'),
    ]
    for tick in ticks:
        parts.append(line(LEFT, up(tick), WIDTH - RIGHT, up(tick), GRID))
        parts.append(label(LEFT - 8, up(tick) + 4, f"{tick:g}", "end"))
    for x in values:
        parts.append(line(across(x), up(0), across(x), up(0) + 5, TEXT))
        parts.append(label(across(x), up(0) + 20, f"{x:g}"))
    parts.append(line(LEFT, up(0), WIDTH - RIGHT, up(0), TEXT))
    parts.append(line(LEFT, TOP, LEFT, up(0), TEXT))
    parts.append(label(LEFT + inner_width / 2, HEIGHT - 12, x_title))
    middle = TOP + inner_height / 2
    parts.append(label(18, middle, y_title, extra=f'transform="rotate(-90 18 {middle:.1f})"'))

    key = LEFT
    for (name, points), color in zip(series.items(), COLORS):
        path = " ".join(f"{across(x):.1f},{up(median):.1f}" for x, _, median, _ in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        for x, low, median, high in points:
            parts.append(line(across(x), up(low), across(x), up(high), color, 1.5))
            parts.append(f'<circle cx="{across(x):.1f}" cy="{up(median):.1f}" r="4" fill="{color}"/>')
        parts.append(line(key, 44, key + 22, 44, color, 2))
        parts.append(f'<circle cx="{key + 11:.1f}" cy="44" r="4" fill="{color}"/>')
        parts.append(label(key + 28, 48, name, "start"))
        key += 48 + 8 * len(name)
    return "\n".join([*parts, "</svg>"]) + "\n"
