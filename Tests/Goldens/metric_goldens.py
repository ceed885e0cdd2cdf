#!/usr/bin/env python3
"""Writes Tests/ObjectivesTests/Fixtures/metrics.json: predictions and the metrics of scikit-learn 1.9.1 and scipy 1.17.1.

    python3 Tests/Goldens/metric_goldens.py

Each case has outputs (one row per example), labels, values, or sets of labels, and the metrics; null for an undefined metric:
F1 with no true and no predicted positive, or a correlation with a constant. Cases with classes or sets also have the precision,
recall, F1, and support of each class or label, and cases with classes the confusion matrix.
"""

import json
import sys
import warnings

import numpy
import scipy
import sklearn
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, matthews_corrcoef, precision_recall_fscore_support

warnings.filterwarnings("ignore")
random = numpy.random.default_rng(3)


def scores(actual, answers, labels):
    """Returns the precision, recall, F1, and support of each class or label; null for an undefined score."""
    columns = precision_recall_fscore_support(actual, answers, labels=range(labels), zero_division=numpy.nan)
    return [[None if numpy.isnan(score) else float(score) for score in row] for row in zip(*columns)]


def classes(labels, answers, count):
    """Returns outputs whose largest element is the prediction."""
    outputs = random.standard_normal((len(labels), count))
    for row, answer in zip(outputs, answers):
        row[answer] = row.max() + 0.5
    metrics = {"accuracy": accuracy_score(labels, answers)}
    constant = len(set(labels)) < 2 or len(set(answers)) < 2
    metrics["matthews_correlation"] = None if constant else matthews_corrcoef(labels, answers)
    if count == 2:
        none = 1 not in labels and 1 not in answers
        metrics["f1"] = None if none else f1_score(labels, answers)
    return {
        "outputs": outputs.round(4).tolist(),
        "labels": list(map(int, labels)),
        "metrics": metrics,
        "scores": scores(labels, answers, count),
        "confusion": confusion_matrix(labels, answers, labels=range(count)).tolist(),
    }


def numbers(values, outputs):
    outputs, values = numpy.float32(outputs), numpy.float32(values)
    defined = len(set(outputs.tolist())) > 1 and len(set(values.tolist())) > 1
    found = {"pearson": None, "spearman": None}
    if defined:
        found = {"pearson": pearsonr(outputs.astype(float), values.astype(float))[0], "spearman": spearmanr(outputs, values)[0]}
    return {"outputs": [[float(x)] for x in outputs], "values": values.astype(float).tolist(), "metrics": found}


def sets(size, labels, share):
    """Returns a case of multi-label classification in which a label occurs, and is predicted, with some probability."""
    outputs = (random.standard_normal((size, labels)) + (0.7 if share > 0.4 else -0.7)).round(4)
    actual = random.random((size, labels)) < share
    answers = outputs >= 0
    none = not actual.any() and not answers.any()
    metrics = {
        "micro_f1": None if none else f1_score(actual, answers, average="micro"),
        "macro_f1": f1_score(actual, answers, average="macro", zero_division=0),
    }
    return {
        "outputs": outputs.tolist(),
        "sets": [numpy.flatnonzero(row).tolist() for row in actual],
        "metrics": metrics,
        "scores": scores(actual, answers, labels),
    }


def main():
    if (sklearn.__version__, scipy.__version__) != ("1.9.1", "1.17.1"):
        sys.exit(f"scikit-learn {sklearn.__version__} and scipy {scipy.__version__} are others")
    cases = []
    for count in (2, 3, 5):
        for size in (1, 2, 17, 100):
            cases.append(classes(random.integers(count, size=size), random.integers(count, size=size), count))
    ones, zeros, mixed = [1] * 9, [0] * 9, [0, 1, 1] * 3
    for labels in (ones, zeros, mixed):
        for answers in (ones, zeros, mixed):
            cases.append(classes(labels, answers, 2))
    for size in (2, 3, 17, 200):
        values = random.random(size) * 5
        cases.append(numbers(values, values + random.standard_normal(size)))
        cases.append(numbers(values.round(), (values + random.standard_normal(size)).round()))  # many ties
    cases += [numbers([2.0] * 5, [1, 2, 3, 4, 5]), numbers([1, 2, 3], [4, 4, 4]), numbers([1.5], [2.5])]
    cases.append(numbers(1e4 + random.random(50), -random.random(50) * 1e-4))
    cases += [sets(size, labels, share) for size in (1, 3, 40) for labels in (2, 6, 30) for share in (0.0, 0.1, 0.5)]
    with open("Tests/ObjectivesTests/Fixtures/metrics.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
