"""The peers' environment, a substitute for DistilBERT, and functions that run and measure a command.

The environment is a venv with pinned versions, created once in .venv of the checkout, or any Python that has the same
packages, named with --python.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from bases import assembled, copy_tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
GRAFT = os.path.join(ROOT, ".build", "release", "graft")
OUTPUT = os.path.join(ROOT, "runs", "bench")
PINNED = [
    "torch==2.13.0+cpu",
    "transformers==4.57.6",
    "peft==0.21.2",
    "adapters==1.3.0",
    "accelerate==1.15.0",
    "tokenizers==0.22.2",
    "safetensors==0.8.0",
    "numpy==2.4.6",
]
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
DISTILBERT = """
import sys, torch
from transformers import DistilBertConfig, DistilBertModel
torch.manual_seed(1)
DistilBertModel(DistilBertConfig()).save_pretrained(sys.argv[1])
"""


def environment(python=None):
    """Returns a Python that has the peers: the given one, else that of .venv, which is created if necessary."""
    if python:
        python = os.path.abspath(os.path.expanduser(python))
        return python if os.access(python, os.X_OK) else sys.exit(f"bench: --python: {python} is not executable")
    folder = os.path.join(ROOT, ".venv")
    python = os.path.join(folder, "bin", "python")
    ready = os.path.join(folder, "peers.txt")
    pinned = "\n".join(PINNED) + "\n"
    if not (os.path.exists(ready) and open(ready, encoding="utf-8").read() == pinned):
        print("Setting up the peers in .venv …", flush=True)
        run([sys.executable, "-m", "venv", folder])
        run([python, "-m", "pip", "install", "--quiet", "--extra-index-url", TORCH_INDEX, *PINNED])
        with open(ready, "w", encoding="utf-8") as file:
            file.write(pinned)
    return python


def distilbert_shape(python, tokenizer_of, folder):
    """Creates a base of DistilBERT's shape with random weights, once; its tokenizer is that of another base."""

    def fill(part):
        run([python, "-c", DISTILBERT, part])
        copy_tokenizer(tokenizer_of, part)

    return assembled(folder, fill)


def run(command, **variables):
    """Runs a command and returns the last JSON object that it printed, if any, with wall time and peak memory.

    Time and memory are measured from outside, in the same way for every program.
    """
    started = {**os.environ, "HF_HUB_OFFLINE": "1", **variables}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(command, env=started, stdout=output, stderr=errors)
        except OSError as error:
            sys.exit(f"bench: {command[0]}: {error.strerror}")
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
            sys.exit(f"bench: {' '.join(command[:3])} … failed with exit code {process.returncode}: {lines[-1]}")
        output.seek(0)
        printed = "\n" + output.read().decode()
    result = json.loads(printed[printed.rindex("\n{") :]) if "\n{" in printed else {}
    return {**result, "wall_seconds": seconds, "peak_memory_bytes": usage.ru_maxrss * 1024}


def chosen(only, names, program):
    """Returns the names listed by --only, or all."""
    picked = only.split(",") if only else list(names)
    unknown = [name for name in picked if name not in names]
    return sys.exit(f"{program}: unknown name {unknown[0]}, expected {', '.join(names)}") if unknown else picked
