"""Turns the rounds of a case into a table: aligned text for the terminal, and Markdown for the report.

A ratio is Graft's figure divided by the peer's in the same round. Ranges are minimum / median / maximum; whether a goal
is met depends on the median.
"""

import math
import statistics

from cases import ACCURACY, FIGURES, PEER

HEADER = ["figure", "precision", "peer", "graft", "graft / peer", "goal", "met"]


def number(value):
    digits = 0 if value >= 100 else 1 if value >= 10 else 3
    return f"{value:.{digits}f}"


def spread(values):
    return " / ".join(number(f(values)) for f in (min, statistics.median, max)) if values else ""


def table(case, rounds):
    """Returns the header and the rows of a case; each row is a list of strings."""
    return accuracies(case, rounds) if case.kind == "accuracy" else (HEADER, ratios(case, rounds))


def ratios(case, rounds):
    rows = []
    for key in case.figures:
        figure = FIGURES[key]
        theirs = [sides[PEER]["figures"][key] for sides in rounds.values()]
        for precision in case.precisions:
            ours = [sides[precision]["figures"][key] for sides in rounds.values()]
            pairs = [a / b for a, b in zip(ours, theirs)] if figure.has_ratio else []
            goal = next((one for one in case.goals if (one.figure, one.precision) == (key, precision)), None)
            rows.append(
                [
                    figure.title,
                    precision,
                    spread([value / figure.unit for value in theirs]),
                    spread([value / figure.unit for value in ours]),
                    spread(pairs),
                    *verdict(goal, figure, pairs, ours),
                ]
            )
    return rows


def verdict(goal, figure, pairs, values):
    """Returns the goal, and whether the median meets it."""
    if goal is None:
        return ["", ""]
    median = statistics.median(pairs if goal.of_ratio else values)
    met = median >= goal.bound if figure.more_is_better else median <= goal.bound
    bound = f"{goal.bound:.3g}" if goal.of_ratio else f"{goal.bound / figure.unit:.3g}"
    subject = "ratio" if goal.of_ratio else "graft"
    return [f"{subject} {'≥' if figure.more_is_better else '≤'} {bound}", "yes" if met else "no"]


def accuracies(case, rounds):
    """Returns mean and spread at each precision, and the mean of the differences per seed with its standard error."""
    columns = {
        precision: [sides[precision]["figures"][ACCURACY] for sides in rounds.values()] for precision in case.precisions
    }
    reference, other = case.precisions
    columns[f"{other} - {reference}"] = [b - a for a, b in zip(columns[reference], columns[other])]
    header = ["accuracy", "seeds", "mean", "standard deviation", "standard error", "minimum", "maximum"]
    rows = []
    for name, values in columns.items():
        deviation = statistics.stdev(values) if len(values) > 1 else math.nan
        error = deviation / math.sqrt(len(values))
        figures = (statistics.mean(values), deviation, error, min(values), max(values))
        rows.append([name, str(len(values)), *(f"{figure:.4f}" for figure in figures)])
    return header, rows


def text(header, rows):
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in [header, *rows]]
    return "\n".join(f"  {line}" for line in lines)


def markdown(header, rows):
    lines = ["| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows]]
    return "\n".join(lines)
