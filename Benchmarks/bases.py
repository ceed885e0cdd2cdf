"""Bases to measure on: the one in Graft's cache, and copies of it with another number of layers.

Only the standard library is needed: a safetensors file is a header in JSON and the bytes of the tensors.
"""

import json
import os
import re
import shutil
import struct
import sys

LAYER = re.compile(r"(encoder\.layer\.)(\d+)(\..*)")


def minilm():
    """The folder of all-MiniLM-L6-v2 in Graft's cache."""
    home = os.environ.get("GRAFT_HOME") or os.path.expanduser("~/.cache/graft")
    folder = os.path.join(home, "bases", "all-MiniLM-L6-v2")
    return folder if os.path.isdir(folder) else sys.exit(f"bench: there is no {folder}; `make base` fetches it")


def copy_tokenizer(source, folder):
    for name in os.listdir(source):
        if name.startswith(("tokenizer", "vocab", "special_tokens")):
            shutil.copy(os.path.join(source, name), folder)


def assembled(folder, fill):
    """The folder, if need be made by `fill`; one that was interrupted is not taken for whole."""
    if not os.path.isdir(folder):
        part = folder + ".part"
        shutil.rmtree(part, ignore_errors=True)
        os.makedirs(part)
        fill(part)
        os.rename(part, folder)
    return folder


def with_layers(source, count, folder):
    """A copy of a BERT with `count` layers: the source's own from the first on, over again when there are too few."""

    def fill(part):
        with open(os.path.join(source, "config.json"), encoding="utf-8") as file:
            config = json.load(file)
        with open(os.path.join(part, "config.json"), "w", encoding="utf-8") as file:
            json.dump({**config, "num_hidden_layers": count}, file, indent=2)
        copy_tokenizer(source, part)
        weights = "model.safetensors"
        relayer(os.path.join(source, weights), os.path.join(part, weights), config["num_hidden_layers"], count)

    return assembled(folder, fill)


def relayer(source, target, present, wanted):
    with open(source, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        tensors = json.loads(file.read(size))
        metadata = tensors.pop("__metadata__", {})
        header, pieces, end = {"__metadata__": metadata}, [], 0
        for name, tensor in tensors.items():
            first, last = tensor["data_offsets"]
            for copy in copies(name, present, wanted):
                header[copy] = {**tensor, "data_offsets": [end, end + last - first]}
                pieces.append((first, last))
                end += last - first
        head = json.dumps(header).encode()
        head += b" " * (-len(head) % 8)
        with open(target, "wb") as output:
            output.write(struct.pack("<Q", len(head)) + head)
            for first, last in pieces:
                file.seek(8 + size + first)
                output.write(file.read(last - first))


def copies(name, present, wanted):
    """The names that a tensor of the source has in the copy."""
    match = LAYER.fullmatch(name)
    if not match:
        return [name]
    before, layer, behind = match.groups()
    return [f"{before}{i}{behind}" for i in range(int(layer), wanted, present)]
