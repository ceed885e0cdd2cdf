#!/usr/bin/env python3
"""Measures Graft against peft and transformers' Trainer, in turn and in one sitting.

    make bench            (GLUE_DIR must name a folder with SST-2; the first time it sets up the peers with pip)

Each pair trains LoRA by Configs/sst2-lora.yaml with both on all cores, then evaluates. Printed are each figure's
minimum, median and maximum, and the ratio pair by pair; accuracies of the same runs beside them, over as many seeds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PINNED = [
    "torch==2.13.0+cpu", "transformers==4.57.6", "peft==0.21.2", "safetensors==0.8.0", "numpy==2.4.6", "accelerate==1.15.0",
]
FIGURES = [
    ("train_samples_per_second", "training, samples/s", 1), ("eval_samples_per_second", "evaluation, samples/s", 1),
    ("peak_memory_bytes", "peak memory, MB", 1 << 20), ("accuracy", "accuracy", 1),
]


def peers():
    """A Python with the peers, set up beside the benchmark's scripts when it is not there."""
    folder = os.path.join(ROOT, ".venv")
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        print("Setting up the peers in .venv …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        index = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *index, *PINNED], check=True)
    return python


def graft(base, glue, seed):
    command = [
        os.path.join(ROOT, ".build/release/graft"), "train", os.path.join(ROOT, "Configs/sst2-lora.yaml"), "--json",
        "--output", os.path.join(ROOT, "runs/bench"), "--set", f"base={base}", "--set", f"training.seed={seed}",
        "--set", "training.eval_every=0",
    ]
    summary = run(command, {**os.environ, "GLUE_DIR": glue})
    return {**summary, "accuracy": summary["metrics"]["accuracy"]}


def run(command, environment=None):
    """Runs a command and gives the last JSON object that it printed."""
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} failed: {(result.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return json.loads(result.stdout[result.stdout.rindex("\n{") if "\n{" in result.stdout else 0 :])


def row(name, values, scale=1):
    values = [value / scale for value in values]
    digits = 3 if max(values) < 10 else 0
    shown = "  ".join(f"{f(values):9.{digits}f}" for f in (min, statistics.median, max))
    print(f"  {name:32}{shown}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--group", action="store_true", help="let the peer sort its batches by length")
    parser.add_argument("--python", help="one that has the peers, in place of .venv")
    options = parser.parse_args()
    glue = os.environ.get("GLUE_DIR") or sys.exit("bench: set GLUE_DIR to a folder with SST-2/train.tsv and dev.tsv")
    home = os.environ.get("GRAFT_HOME") or os.path.expanduser("~/.cache/graft")
    base = os.path.join(home, "bases", "all-MiniLM-L6-v2")
    python = options.python or peers()

    ours, theirs = [], []
    for seed in range(1, options.pairs + 1):
        command = [python, os.path.join(HERE, "peft_train.py"), "--base", base, "--glue", glue, "--seed", str(seed)]
        theirs.append(run(command + (["--group"] if options.group else [])))
        ours.append(graft(base, glue, seed))
        print(f"  pair {seed} of {options.pairs} done", flush=True)
    print(f"\n{os.cpu_count()} cores, {options.pairs} pairs{'            minimum     median    maximum':>52}")
    for key, title, scale in FIGURES:
        print(title)
        row("graft", [one[key] for one in ours], scale)
        row("peft" + (", grouped by length" if options.group else ""), [one[key] for one in theirs], scale)
        if key != "accuracy":
            row("graft / peft", [a[key] / b[key] for a, b in zip(ours, theirs)])


if __name__ == "__main__":
    main()
