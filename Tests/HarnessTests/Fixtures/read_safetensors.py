"""Reads a safetensors file with the reference library and prints its tensors, as JSON."""

import json
import sys

from safetensors import safe_open

with safe_open(sys.argv[1], "numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
print(json.dumps({name: {"shape": list(t.shape), "values": t.flatten().tolist()} for name, t in tensors.items()}))
