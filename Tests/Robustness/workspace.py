"""Work folders in which kills.py and faults.py run the program: a tiny model, data, and inputs for each command.

The program itself prepares a template once. Every case then runs in its own copy, so that it can be reproduced separately.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ADAPTER = "adapter.safetensors.zst"
TRAINED = "trained.safetensors.zst"  # a copy of the first run's adapter
LETTERS = "abcdefghijklmnopqrstuvwxyz"

CONFIG = """\
base: base
task: custom
data: {path: data.tsv, held_out: 0.2}
method: {name: lora, rank: 4}
training: {max_steps: 3, batch_size: 8, workers: 1, max_length: 32, seed: %d}
output: run
"""
COMPARISON = """\
base: base
tasks: [custom]
data: {path: data.tsv, held_out: 0.2}
methods: [{name: lora, rank: 2}, {name: head}]
seeds: [1]
training: {max_steps: 2, batch_size: 8, workers: 1, max_length: 32}
output: comparison
"""


class Command:
    """A command and its result: `kind` is "file", "folder", "run", "comparison", or "none"."""

    def __init__(self, name, arguments, output=None, kind="none", stdin=None):
        self.name = name
        self.arguments = arguments.split()
        self.output = output
        self.kind = kind
        self.stdin = stdin


COMMANDS = {
    command.name: command
    for command in [
        Command("train", "train config.yaml --quiet", "run", "run"),
        Command("compare", "compare comparison.yaml --quiet", "comparison", "comparison"),
        Command("apply", f"apply --adapter {TRAINED} --base base --output merged", "merged", "folder"),
        Command("remove", "remove applied --output restored", "restored", "folder"),
        Command("pack", f"pack {TRAINED} --base base --dtype f16 --output packed.zst", "packed.zst", "file"),
        Command("import", "import peft --base base --max-length 32 --output imported.zst", "imported.zst", "file"),
        Command("export", f"export {TRAINED} --base base --format peft --output exported", "exported", "folder"),
        Command("get", "get base tiny/model", "home/bases/tiny/model", "folder"),
        Command("predict", f"predict --adapter {TRAINED} --base base --input texts.jsonl --json"),
        Command("predict-pipe", f"predict --adapter {TRAINED} --base base", stdin="lines.txt"),
    ]
}


def environment(hub=None):
    """Returns the program's environment: its own cache, no network, no crash reports."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRAFT", "GLUE", "HF_"))}
    kept.update(GRAFT_HOME="home", SWIFT_BACKTRACE="enable=no", SWIFT_DETERMINISTIC_HASHING="1", LC_ALL="C.UTF-8")
    kept["HF_ENDPOINT"] = hub or "http://127.0.0.1:9"
    return kept


def make_template(graft, folder):
    """Fills `folder` with inputs, and with outputs of an earlier run that "train", "pack", and "import" replace."""
    fixture = os.path.join(ROOT, "Tests", "TestSupport", "Fixtures", "bert")
    base = os.path.join(folder, "base")
    os.makedirs(base)
    for name in ["config.json", "model.safetensors"]:
        shutil.copy(os.path.join(fixture, name), base)
    # Each of the tokenizer's files changes the ids, so ignoring one changes the output.
    write(base, "vocab.txt", "".join(f"{token}\n" for token in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS]))
    write(base, "tokenizer_config.json", json.dumps({"do_lower_case": False, "tokenizer_class": "BertTokenizer"}))
    rows = [
        (" ".join(LETTERS[(row * 5 + word * 3) % 26] for word in range(4 + row * 7 % 20)), "xyz"[row % 3])
        for row in range(48)
    ]
    write(folder, "data.tsv", "text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows))
    write(folder, "texts.jsonl", "".join(json.dumps({"text": text}) + "\n" for text, _ in rows[:8]))
    write(folder, "lines.txt", "".join(f"{text}\n" for text, _ in rows[:8]))
    write(folder, "comparison.yaml", COMPARISON)
    write(folder, "config.yaml", CONFIG % 1)

    def run(arguments):
        done = subprocess.run([graft, *arguments.split()], cwd=folder, env=environment(), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"The program fails without any fault: graft {arguments}\n{done.stderr}")

    run("train config.yaml --quiet")
    shutil.copy(os.path.join(folder, "run", ADAPTER), os.path.join(folder, TRAINED))
    run(f"apply --adapter {TRAINED} --base base --output applied")
    run(f"export {TRAINED} --base base --format peft --output peft")
    run(f"pack {TRAINED} --base base --dtype int8 --output packed.zst")
    run("import peft --base base --labels old-x,old-y,old-z --output imported.zst")
    write(folder, "config.yaml", CONFIG % 2)
    # The cache must be empty in every case.
    shutil.rmtree(os.path.join(folder, "home"), ignore_errors=True)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def files(folder):
    """Returns every file and link below a folder as a relative path, and every empty folder with a trailing slash."""
    paths = []
    for place, folders, names in os.walk(folder):
        relative = os.path.relpath(place, folder)
        paths += [os.path.normpath(os.path.join(relative, name)) for name in names]
        if not folders and not names and relative != ".":
            paths.append(relative + "/")
    return paths


def tree(folder):
    """Returns the content of a folder: the hash of each file by relative path; `None` if the folder does not exist."""
    if not os.path.isdir(folder):
        return None
    return {
        name: "" if name.endswith("/") else digest(os.path.join(folder, name)) for name in sorted(files(folder))
    }


class Reference:
    """The content of the template, and the result of each command without faults."""

    def __init__(self, graft, template, commands, scratch, hub=None):
        self.template = template
        self.before = tree(template)
        self.after = {}
        self.stdout = {}  # `None` if it differs between runs, for example because of times
        for command in commands:
            trees, printed = [], set()
            for attempt in range(2):
                folder = os.path.join(scratch, f"reference-{command.name}-{attempt}")
                shutil.copytree(template, folder, symlinks=True)
                done = run_plainly(graft, command, folder, hub)
                if done.returncode:
                    raise SystemExit(f"The program fails without any fault: {command.name}\n{done.stderr}")
                trees.append(tree(folder))
                printed.add(done.stdout)
                shutil.rmtree(folder)
            self.after[command.name] = trees[0]
            self.stdout[command.name] = printed.pop() if len(printed) == 1 else None
            changing = {name for name in trees[0] if trees[0][name] != trees[1].get(name)}
            results = {name for name in changing if name.endswith(".zst") or command.kind in ("file", "folder")}
            if any(name.startswith(str(command.output)) for name in results):
                raise SystemExit(f"{command.name} produces different bytes in two runs: {sorted(results)}")
        self.adapters = {
            value
            for content in [self.before, *self.after.values()]
            for name, value in content.items()
            if os.path.basename(name) == ADAPTER
        }

    def below(self, content, output):
        """Returns the part of a tree below `output`, or that file."""
        return {name: value for name, value in content.items() if name == output or name.startswith(f"{output}/")}

    def check(self, folder, command, finished):
        """Returns the problems in a work folder as sentences; the list is empty if there are none.

        finished: whether the command succeeded, so that its output must be the new one.
        """
        now, output = tree(folder), command.output
        wrong = []
        mine = self.below(now, output) if output else {}
        old = self.below(self.before, output) if output else {}
        new = self.below(self.after[command.name], output) if output else {}
        for name, value in self.before.items():
            if name not in old and now.get(name) != value:
                wrong.append(f"an input was changed: {name}")
        if command.kind in ("file", "folder"):
            allowed = [new] if finished else [old, new]
            if mine not in allowed:
                wrong.append("the output is incomplete or wrong" if mine else "the old output is missing")
        if command.kind in ("run", "comparison"):
            wrong += self.check_runs(folder, command, mine, old, new, finished)
        return wrong

    def check_runs(self, folder, command, mine, old, new, finished):
        wrong = []
        adapters = {name: value for name, value in mine.items() if os.path.basename(name) == ADAPTER}
        wrong += [f"an adapter is incomplete or wrong: {name}" for name, value in adapters.items() if value not in self.adapters]
        good = {value for name, value in {**old, **new}.items() if os.path.basename(name) == ADAPTER}
        if command.kind == "run" and not good & set(adapters.values()):
            wrong.append("no good adapter is left in the run folder")
        for name in mine:
            if name.endswith(".json") and not is_json(os.path.join(folder, name)):
                wrong.append(f"an incomplete file: {name}")
        if finished:
            for name, value in new.items():
                if "/previous/" in name:
                    continue  # depends on the results of earlier runs
                if os.path.basename(name) == ADAPTER and mine.get(name) != value:
                    wrong.append(f"the new adapter is missing: {name}")
                if not is_event_file(name) and name not in mine:
                    wrong.append(f"a file of the finished run is missing: {name}")
        return wrong

    def leftovers(self, folder, command, finished=True):
        """Returns files that a finished command does not leave; a failed run may leave the file `unfinished`."""
        known = {normalized(name) for name in [*self.before, *self.after[command.name]]}
        known |= {f"{os.path.dirname(name)}/" for name in known}
        if command.kind in ("run", "comparison"):
            # A run folder also keeps earlier runs, so only the names are compared there, not the paths.
            in_runs = {os.path.basename(name) for name in known if name.startswith(command.output)} | {"events.previous"}
            known |= {
                normalized(name)
                for name in files(folder)
                if name.startswith(f"{command.output}/")
                and (
                    os.path.basename(normalized(name)) in in_runs
                    # A run that was killed after writing an adapter is kept with its file `unfinished`.
                    or name.endswith("/previous-unfinished/unfinished")
                    or not finished and os.path.basename(name) == "unfinished"
                )
            }
        return sorted(name for name in files(folder) if normalized(name) not in known)


def is_event_file(name):
    return "events.out.tfevents" in name


def normalized(name):
    """Removes the time and the machine from the name of an event file."""
    return re.sub(r"events\.out\.tfevents\.[^/]*", "events.out.tfevents", name)


def is_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            json.load(file)
        return True
    except ValueError:
        return False


def run_plainly(graft, command, folder, hub=None, timeout=120):
    stdin = open(os.path.join(folder, command.stdin), "rb") if command.stdin else subprocess.DEVNULL
    try:
        return subprocess.run(
            [graft, *command.arguments], cwd=folder, env=environment(hub), stdin=stdin, capture_output=True, text=True,
            errors="replace", timeout=timeout)
    finally:
        if command.stdin:
            stdin.close()


def start_hub(scratch, template):
    """Serves the template's base as tiny/model; returns the process and the address."""
    log = os.path.join(scratch, "hub.log")
    script = os.path.join(ROOT, "Tests", "HubTests", "Fixtures", "hub_server.py")
    server = subprocess.Popen(
        ["python3", script, os.path.join(template, "base"), template, log], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    return server, f"http://127.0.0.1:{int(server.stdout.readline())}"
