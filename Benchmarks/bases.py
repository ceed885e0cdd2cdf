"""Base models for benchmarks: the one in Graft's cache, and copies of it with a different number of layers.

It needs only the standard library: a safetensors file is a JSON header and the bytes of the tensors.
"""

import json
import os
import re
import shutil
import struct
import sys

LAYER = re.compile(r"(encoder\.layer\.)(\d+)(\..*)")


def minilm():
    """Returns the folder of all-MiniLM-L6-v2 in Graft's cache."""
    home = os.environ.get("GRAFT_HOME") or os.path.expanduser("~/.cache/graft")
    folder = os.path.join(home, "bases", "all-MiniLM-L6-v2")
    return folder if os.path.isdir(folder) else sys.exit(f"bench: {folder} does not exist; fetch it with `make base`")


def copy_tokenizer(source, folder):
    for name in os.listdir(source):
        if name.startswith(("tokenizer", "vocab", "special_tokens")):
            shutil.copy(os.path.join(source, name), folder)


def assembled(folder, fill):
    """Returns the folder, which `fill` creates if necessary; an interrupted creation does not count."""
    if not os.path.isdir(folder):
        part = folder + ".part"
        shutil.rmtree(part, ignore_errors=True)
        os.makedirs(part)
        fill(part)
        os.rename(part, folder)
    return folder


def with_layers(source, count, folder):
    """Creates a copy of a BERT with `count` layers: the first layers of the source, repeated when it has too few."""

    def fill(part):
        with open(os.path.join(source, "config.json"), encoding="utf-8") as file:
            config = json.load(file)
        with open(os.path.join(part, "config.json"), "w", encoding="utf-8") as file:
            json.dump({**config, "num_hidden_layers": count}, file, indent=2)
        copy_tokenizer(source, part)
        weights = "model.safetensors"
        relayer(os.path.join(source, weights), os.path.join(part, weights), config["num_hidden_layers"], count)

    return assembled(folder, fill)


def relayer(source, target, present, target_count):
    with open(source, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        tensors = json.loads(file.read(size))
        metadata = tensors.pop("__metadata__", {})
        header, ranges, end = {"__metadata__": metadata}, [], 0
        for name, tensor in tensors.items():
            first, last = tensor["data_offsets"]
            for copy in copies(name, present, target_count):
                header[copy] = {**tensor, "data_offsets": [end, end + last - first]}
                ranges.append((first, last))
                end += last - first
        head = json.dumps(header).encode()
        head += b" " * (-len(head) % 8)
        with open(target, "wb") as output:
            output.write(struct.pack("<Q", len(head)) + head)
            for first, last in ranges:
                file.seek(8 + size + first)
                output.write(file.read(last - first))


def copies(name, present, target_count):
    """Returns the names of a source tensor in the copy."""
    match = LAYER.fullmatch(name)
    if not match:
        return [name]
    before, layer, after = match.groups()
    return [f"{before}{i}{after}" for i in range(int(layer), target_count, present)]
