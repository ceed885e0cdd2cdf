"""Writes Benchmarks/RESULTS.md from the recorded runs: `python3 Benchmarks/run.py --report`.

Sections without measurements are omitted. The sweeps come from Benchmarks/plots (sweep.py); the kernels and the profile
are copied unchanged from runs/bench/kernels.txt and runs/bench/profile.txt.
"""

import glob
import json
import os
import platform
import subprocess

import peers
import tables
from cases import CASES, PEER, PRECISIONS

RESULTS = os.path.join(peers.HERE, "RESULTS.md")
PLOTS = os.path.join(peers.HERE, "plots")
VERBATIM = {
    "Kernels": ("kernels.txt", "Single products and loops, measured separately from training."),
    "Where a step's time goes": ("profile.txt", "The output of `graft train --profile`."),
}
READING = """Each round runs the peer and then Graft at each precision, with the same seed. A range is minimum / median /
maximum over the rounds. A ratio is computed within a round as Graft's figure divided by the peer's. A goal is met if
the median meets it; [LIMITS.md](LIMITS.md) explains the goals that are not met. Wall time and peak memory are those of
the whole process, as measured by the system; 1 MB is 2^20 bytes."""
SWEEPS = """Only Graft, LoRA on all-MiniLM-L6-v2. Points are medians; bars extend from minimum to maximum. The numbers are
in `plots/*.json`."""


def write(records):
    """Writes the report and returns its path."""
    counted = {name: records.rounds(name, case) for name, case in CASES.items()}
    runs = [run for rounds in counted.values() for sides in rounds.values() for run in sides.values()]
    parts = ["# Results", "Written by `python3 Benchmarks/run.py --report`."]
    parts += ["## Machine and versions", markdown_list([*machine(), *versions(runs)])]
    if runs:
        parts += ["## Against the peers", READING]
    for name, rounds in counted.items():
        if rounds:
            case = CASES[name]
            parts += [f"### {case.title}", f"Case `{name}`, rounds: {len(rounds)}."]
            parts += [tables.markdown(*tables.table(case, rounds))]
    parts += sweeps()
    for title, (name, meaning) in VERBATIM.items():
        path = os.path.join(peers.OUTPUT, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                parts += [f"## {title}", meaning, f"```text\n{file.read().rstrip()}\n```"]
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write("\n\n".join(parts) + "\n")
    return RESULTS


def markdown_list(pairs):
    return "\n".join(f"- {title}: {value}" for title, value in pairs)


def machine():
    """Yields the properties of the machine that the report is written on."""
    fields = {}
    try:
        listed = subprocess.run(["lscpu", "-J"], capture_output=True, text=True, check=True).stdout
        fields = {entry["field"].rstrip(":"): entry["data"] for entry in json.loads(listed)["lscpu"]}
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError):
        pass
    model = fields.get("Model name", platform.processor() or platform.machine())
    numbers = ", ".join(f"{key.lower()} {fields.get(key, '?')}" for key in ("CPU family", "Model", "Stepping"))
    caches = [f"{level} {fields[f'{level} cache']}" for level in ("L1d", "L2", "L3") if f"{level} cache" in fields]
    flags = [flag for flag in fields.get("Flags", "").split() if flag.startswith(("avx512", "amx")) or "bf16" in flag]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    yield "Processor", f"{model} ({fields.get('Vendor ID', '?')}, {numbers})"
    yield "Cores", f"{os.cpu_count()}, threads per core {fields.get('Thread(s) per core', '?')}"
    yield "Caches", ", ".join(caches) or "?"
    yield "Memory", f"{memory:.1f} GiB"
    yield "Instructions", " ".join(flags) or "none of AVX-512, AMX, bfloat16"
    yield "System", f"{system_name()}, Linux {platform.release()}"


def system_name():
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "?")
    except OSError:
        return platform.system()


def versions(runs):
    """Yields the programs, libraries, and dates recorded with the runs."""
    if not runs:
        return
    times = sorted(run["time"] for run in runs)
    yield "Measured", f"{times[0]} to {times[-1]}"
    yield "Builds of Graft (SHA-256)", ", ".join(sorted({run["build"] for run in runs}))
    # A comparison does not record its threads; a training run, of which there is always one, does.
    training = [run for run in sorted(runs, key=lambda run: run["time"]) if "workers" in run]
    for title, sides in (("Graft", PRECISIONS), ("Peers", (PEER,))):
        of_side = [run for run in training if run["side"] in sides]
        if of_side:
            last = of_side[-1]
            listed = ", ".join(f"{name} {version}" for name, version in last["versions"].items())
            yield title, f"{listed}; {last['workers']} threads"
    for precision in PRECISIONS:
        chosen = sorted({run["frozen_products"] for run in training if run["side"] == precision})
        if chosen:
            yield f"Products with frozen weights in {precision}", ", ".join(chosen)


def sweeps():
    """Returns the charts of sweep.py, if there are any."""
    parts = []
    for path in sorted(glob.glob(os.path.join(PLOTS, "*.json"))):
        with open(path, encoding="utf-8") as file:
            sweep = json.load(file)
        name = os.path.splitext(os.path.basename(path))[0]
        parts += [f"### {sweep['title']}", sweep["meaning"], f"![{sweep['title']}](plots/{name}.svg)"]
    return ["## How the cost grows", SWEEPS, *parts] if parts else []
