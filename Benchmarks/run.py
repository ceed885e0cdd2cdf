#!/usr/bin/env python3
"""Measures Graft against peft, adapters, and the Trainer of transformers, alternately and in one sitting.

    GLUE_DIR=DIR python3 Benchmarks/run.py
    python3 Benchmarks/run.py --only minilm-lora-a,cold-start --rounds 5
        python3 Benchmarks/run.py --resume       (continues an interrupted sitting)
        python3 Benchmarks/run.py --report       (measures nothing; writes Benchmarks/RESULTS.md again)

GLUE_DIR must name a folder with SST-2/train.tsv and dev.tsv. The cases are in cases.py. Every run is recorded in
runs/bench/runs.jsonl. Each case ends with a table; the sitting ends by writing Benchmarks/RESULTS.md.
"""

import argparse
import hashlib
import os
import shutil
import sys
import time

import bases
import peers
import report
import tables
from cases import CASES, FIGURES, METHODS, PEER
from records import Records

RUNS = os.path.join(peers.OUTPUT, "runs.jsonl")
SENTENCE = "a charming and often affecting journey"
STARTING_STEPS = 10  # for a run whose only purpose is to save an adapter


class Bench:
    """The programs and folders of a sitting, and the code that runs each kind of case."""

    def __init__(self, glue, python):
        self.glue = glue
        self.python = python
        self.folders = {"minilm": bases.minilm()}

    def base(self, name):
        if name not in self.folders:
            folder = os.path.join(peers.OUTPUT, "bases", name)
            self.folders[name] = peers.distilbert_shape(self.python, self.folders["minilm"], folder)
        return self.folders[name]

    def peer_train(self, base, method, *options):
        script = os.path.join(peers.HERE, "peer_train.py")
        recipe = ["--base", self.base(base), "--glue", self.glue, "--method", method]
        return peers.run([self.python, script, *recipe, *map(str, options)])

    def graft(self, command, config, output, settings):
        """Runs `graft train` or `graft compare` into a new folder, with parts of the configuration changed."""
        folder = os.path.join(peers.OUTPUT, output)
        shutil.rmtree(folder, ignore_errors=True)
        changes = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        return peers.run([peers.GRAFT, command, config, "--json", "--output", folder, *changes], GLUE_DIR=self.glue)

    def graft_train(self, base, method, output="graft", **settings):
        config = os.path.join(peers.ROOT, "Configs", "sst2-lora.yaml")
        recipe = METHODS[method]
        common = {"base": self.base(base), "method": recipe.options, "training.learning_rate": recipe.learning_rate}
        return self.graft("train", config, output, {**common, "training.eval_every": 0, **settings})

    def prepare(self, case):
        """Prepares a case before its first round, again in every sitting."""
        self.base(case.base)
        if case.kind == "predict":
            folder = os.path.join(peers.OUTPUT, "adapters", "peer")
            shutil.rmtree(folder, ignore_errors=True)
            self.peer_train(case.base, case.method, "--max-steps", STARTING_STEPS, "--save", folder)
            self.graft_train(case.base, case.method, "adapters/graft", **{"training.max_steps": STARTING_STEPS})

    def measure(self, case, side, seed):
        """Performs one run of one side; its seed is the number of the round."""
        return getattr(self, case.kind)(case, side, seed)

    def train(self, case, side, seed):
        if side == PEER:
            limits = ("--train-limit", case.train_limit, "--epochs", case.epochs, "--seed", seed)
            result = self.peer_train(case.base, case.method, *limits, *case.peer)
        else:
            limits = {"data.train_limit": case.train_limit, "training.epochs": case.epochs, "training.seed": seed}
            result = self.graft_train(case.base, case.method, **limits, **{"compute.precision": side})
        return {**result, "accuracy": result["metrics"]["accuracy"]}

    accuracy = train

    def compare(self, case, side, seed):
        if side == PEER:
            runs = [self.peer_train(case.base, method, "--seed", seed, "--eval-every", 50) for method in METHODS]
            return {
                "wall_seconds": sum(run["wall_seconds"] for run in runs),
                "peak_memory_bytes": max(run["peak_memory_bytes"] for run in runs),
            }
        settings = {"base": self.base(case.base), "seeds": f"[{seed}]", "compute.precision": side}
        return self.graft("compare", os.path.join(peers.HERE, "compare.yaml"), "comparison", settings)

    def predict(self, case, side, seed):
        adapters = os.path.join(peers.OUTPUT, "adapters")
        base = ["--base", self.base(case.base)]
        if side == PEER:
            command = [self.python, os.path.join(peers.HERE, "peer_predict.py"), "--adapter", f"{adapters}/peer"]
        else:
            command = [peers.GRAFT, "predict", "--json", "--adapter", f"{adapters}/graft"]
        return peers.run([*command, *base, SENTENCE])


def build():
    """Identifies the measured build of Graft by the beginning of its hash."""
    if not os.path.exists(peers.GRAFT):
        sys.exit("bench: .build/release/graft does not exist; build it with `make build`")
    with open(peers.GRAFT, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def run_case(bench, name, case, count, sitting, records):
    of_build = build()
    done = records.rounds(name, case, sitting, of_build)
    missing = [number for number in range(1, count + 1) if number not in done]
    if missing:
        bench.prepare(case)
    for number in missing:
        for side in case.sides:
            result = bench.measure(case, side, number)
            if build() != of_build:
                sys.exit("bench: Graft was rebuilt meanwhile; --resume measures this case again with the new build")
            figures = {key: result[key] for key in case.figures}
            details = {key: result[key] for key in ("versions", "workers", "frozen_products") if key in result}
            now = time.strftime("%Y-%m-%d %H:%M:%S")
            where = {"sitting": sitting, "build": of_build, "time": now, "case": name, "round": number, "side": side}
            records.append({**where, "figures": figures, **details})
            shown = [f"{FIGURES[key].title} {tables.number(figures[key] / FIGURES[key].unit)}" for key in figures]
            print(f"  {name}, {number} of {count}, {side}: {', '.join(shown)}", flush=True)
    rounds = records.rounds(name, case, sitting, of_build)
    print(f"\n{case.title} (rounds: {len(rounds)})\n\n{tables.text(*tables.table(case, rounds))}\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAME[,NAME]", help=f"some of: {', '.join(CASES)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=10, help="number of seeds for the case accuracy")
    parser.add_argument("--resume", action="store_true", help="continue the last sitting")
    parser.add_argument("--report", action="store_true", help="only write the report again")
    parser.add_argument("--python", help="a Python that has the peers, instead of .venv")
    options = parser.parse_args()
    chosen = peers.chosen(options.only, CASES, "bench")
    if min(options.rounds, options.seeds) < 1:
        sys.exit("bench: --rounds and --seeds must be at least 1")

    records = Records(RUNS)
    if not options.report:
        glue = os.environ.get("GLUE_DIR", "")
        if not os.path.exists(os.path.join(glue, "SST-2", "train.tsv")):
            sys.exit("bench: set GLUE_DIR to a folder with SST-2/train.tsv and dev.tsv")
        alone = all(CASES[name].kind == "accuracy" for name in chosen)
        bench = Bench(os.path.abspath(glue), None if alone else peers.environment(options.python))
        last = records.last_sitting() if options.resume else None
        sitting = last or time.strftime("%Y-%m-%d %H:%M:%S")
        for name in chosen:
            count = options.seeds if CASES[name].kind == "accuracy" else options.rounds
            run_case(bench, name, CASES[name], count, sitting, records)
    print(f"Report: {os.path.relpath(report.write(records))}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("bench: interrupted; continue with --resume")
