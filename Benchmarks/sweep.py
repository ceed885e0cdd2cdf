#!/usr/bin/env python3
"""Measures how the cost of a training step grows, with Graft only, and draws charts.

    python3 Benchmarks/sweep.py                    (all sweeps)
    python3 Benchmarks/sweep.py --only rank,layers --steps 30 --repeats 5

Each run is a short LoRA training with sweep.yaml and one changed value, on generated sentences of equal length, at both
precisions. All values are run once, then all again; the minimum, median, and maximum are kept. Writes NAME.json and
NAME.svg to Benchmarks/plots, and RESULTS.md with these charts. Needs neither GLUE_DIR nor the peers.
"""

import argparse
import json
import os
import random
import statistics
import sys
from dataclasses import dataclass

import bases
import chart
import peers
import report
from cases import PRECISIONS
from records import Records
from run import RUNS

TOKENS = 32  # per sentence, including the two special tokens, where the length is not varied
BATCH = 16
USUAL = f"Batches of {BATCH} sentences of {TOKENS} tokens"
EXAMPLES = {"train": 1024, "dev": 32}
WORDS = "a the film story actor scene music young old long short good bad great little happy dark new world".split()


@dataclass(frozen=True)
class Sweep:
    """One varied quantity: its values, and whether the speed or the time per step is drawn."""

    title: str
    meaning: str
    axis: str
    values: tuple
    per_step: bool = True
    doubling: bool = True


def worker_counts():
    """1, 2, 4, … and the number of cores."""
    cores = os.cpu_count()
    return tuple(sorted({2**i for i in range(cores.bit_length()) if 2**i <= cores} | {cores}))


SWEEPS = {
    "batch-size": Sweep(
        "Batch size", f"Sentences of {TOKENS} tokens.", "sequences per batch", (4, 8, 16, 32, 64), per_step=False
    ),
    "length": Sweep("Sequence length", f"Batches of {BATCH}.", "tokens per sequence", (8, 16, 32, 64, 128, 256)),
    "workers": Sweep("Workers", f"{USUAL}.", "threads", worker_counts(), per_step=False, doubling=False),
    "layers": Sweep(
        "Layers", f"{USUAL}; the base's layers truncated or repeated.", "layers", (2, 4, 6, 12), doubling=False
    ),
    "rank": Sweep("Rank", f"{USUAL}.", "LoRA rank", (1, 4, 8, 16, 64)),
}


def sentences(tokens):
    """Creates a folder of generated examples with this many tokens, two of them special: every word is one token."""
    folder = os.path.join(peers.OUTPUT, "data", f"tokens-{tokens}")
    os.makedirs(folder, exist_ok=True)
    draw = random.Random(tokens)
    for split, count in EXAMPLES.items():
        with open(os.path.join(folder, f"{split}.tsv"), "w", encoding="utf-8") as file:
            file.write("text\tlabel\n")
            for i in range(count):
                file.write(f"{' '.join(draw.choices(WORDS, k=tokens - 2))}\t{('no', 'yes')[i % 2]}\n")
    return folder


def settings(name, value, minilm):
    """Returns the settings of sweep.yaml that are changed for one value of a sweep."""
    changed = {"base": minilm, "data.path": sentences(value if name == "length" else TOKENS)}
    if name == "batch-size":
        changed["training.batch_size"] = value
    if name == "workers":
        changed["training.workers"] = value
    if name == "layers":
        folder = os.path.join(peers.OUTPUT, "bases", f"minilm-{value}-layers")
        changed["base"] = bases.with_layers(minilm, value, folder)
    if name == "rank":
        changed["method"] = f"{{name: lora, rank: {value}, alpha: {2 * value}, dropout: 0.05}}"
    return changed


def measure(sweep, changed, precision, steps):
    """Performs one training run; returns samples per second, or milliseconds per step."""
    changed = {**changed, "compute.precision": precision, "training.max_steps": steps}
    words = [word for key, value in changed.items() for word in ("--set", f"{key}={value}")]
    config, folder = os.path.join(peers.HERE, "sweep.yaml"), os.path.join(peers.OUTPUT, "sweep")
    speed = peers.run([peers.GRAFT, "train", config, "--json", "--output", folder, *words])["train_samples_per_second"]
    return 1000 * BATCH / speed if sweep.per_step else speed


def run_sweep(name, steps, repeats):
    sweep, minilm = SWEEPS[name], bases.minilm()
    prepared = {value: settings(name, value, minilm) for value in sweep.values}
    results = {(precision, value): [] for precision in PRECISIONS for value in sweep.values}
    for repeat in range(1, repeats + 1):
        for value in sweep.values:
            for precision in PRECISIONS:
                results[precision, value].append(measure(sweep, prepared[value], precision, steps))
        print(f"  {name}, {repeat} of {repeats} done", flush=True)
    series = {
        precision: [
            [value, *(f(results[precision, value]) for f in (min, statistics.median, max))] for value in sweep.values
        ]
        for precision in PRECISIONS
    }
    measured = "milliseconds per step" if sweep.per_step else "training, samples/s"
    write(name, sweep, measured, series, steps, repeats)


def write(name, sweep, measured, series, steps, repeats):
    os.makedirs(report.PLOTS, exist_ok=True)
    facts = {"title": sweep.title, "meaning": sweep.meaning, "x": sweep.axis, "y": measured}
    columns = ["value", "minimum", "median", "maximum"]
    content = {**facts, "steps": steps, "repeats": repeats, "columns": columns, "series": series}
    path = os.path.join(report.PLOTS, name)
    with open(f"{path}.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=1) + "\n")
    with open(f"{path}.svg", "w", encoding="utf-8") as file:
        file.write(chart.draw(sweep.title, sweep.axis, measured, series, sweep.doubling))
    print(f"  {os.path.relpath(path)}.svg", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAME[,NAME]", help=f"some of: {', '.join(SWEEPS)}")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    chosen = peers.chosen(options.only, SWEEPS, "sweep")
    if min(options.steps, options.repeats) < 1:
        sys.exit("sweep: --steps and --repeats must be at least 1")
    for name in chosen:
        run_sweep(name, options.steps, options.repeats)
    print(f"Report: {os.path.relpath(report.write(Records(RUNS)))}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("sweep: interrupted")
