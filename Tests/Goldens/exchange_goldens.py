#!/usr/bin/env python3
"""Writes adapters in the formats of peft and AdapterHub's adapters, with these libraries' logits.

Pinned as in method_goldens.py, whose small models, inputs, and streams it uses. Run from the root of the checkout:

    python3 Tests/Goldens/exchange_goldens.py

Each case is a folder, Tests/MethodTests/Fixtures/exchange/FAMILY-CASE, with the files that the library writes, and with
expected.json: the indices of the sequences used and their logits. IA3 goes to
Examples/ThirdParty/Tests/ThirdPartyTests/Fixtures.

    python3 Tests/Goldens/exchange_goldens.py --read FOLDER FAMILY

loads a folder exported by graft and prints its logits and the missing and unexpected keys.
"""

import json
import os
import shutil
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, os.path.dirname(__file__))

import adapters
import numpy
import torch
from adapters import DoubleSeqBnConfig, ParBnConfig, SeqBnConfig
from adapters import LoRAConfig as HubLora
from method_goldens import (
    LAYERS, LENGTHS, PREFIX, Bert, DistilBert, Roberta, blocks, draw, given_inputs, ia3, load, logits_of, peft_prefix,
)
from model_goldens import Mpnet
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import safe_open

OUTPUT = "Tests/MethodTests/Fixtures/exchange"
FAMILIES = {"bert": Bert, "distilbert": DistilBert, "roberta": Roberta, "mpnet": Mpnet}


def hub(config):
    def make(family):
        model = load(family)
        adapters.init(model)
        model.add_adapter("task", config=config)
        model.train_adapter("task")
        return model.double().eval()

    return make


def peft_lora(**options):
    def make(family):
        chosen = {key: value(family) if callable(value) else value for key, value in options.items()}
        config = LoraConfig(
            task_type="SEQ_CLS", r=3, lora_alpha=5, modules_to_save=list(family.head), lora_dropout=0.1, **chosen
        )
        return get_peft_model(load(family), config).double().eval()

    return make


def regex(family):
    attended = "(query|value)" if family is not DistilBert else "[qv]_lin"
    return rf".*\.{blocks(family)}\.\d+\.attention\.(self\.)?{attended}|.+\.(intermediate\.dense|ffn\.lin1)$"


def rank_pattern(family):
    first = f"{blocks(family)}.0.{'attention.q_lin' if family is DistilBert else 'attention.self.query'}"
    return {first: 2, r"intermediate\.den.e|lin1": 4}


def alpha_pattern(family):
    # peft sorts them when saving, and uses the first match when loading, so they are sorted here.
    return {r".*layer\.[12]\..*": 11, "q_lin" if family is DistilBert else "query": 7}


every = (Bert, DistilBert, Roberta)
CASES = {
    "peft-lora": (peft_lora(target_modules=lambda family: family.attended), (*every, Mpnet)),
    "peft-patterns": (
        peft_lora(target_modules=regex, rank_pattern=rank_pattern, alpha_pattern=alpha_pattern, use_rslora=True), every,
    ),
    "peft-layers": (
        peft_lora(
            target_modules=lambda family: family.projections, layers_to_transform=[0, 2], layers_pattern="layer",
            exclude_modules=lambda family: ["v_lin" if family is DistilBert else "value"],
        ), every,
    ),
    "peft-all-linear": (peft_lora(target_modules="all-linear"), every),
    "peft-dora": (peft_lora(target_modules=lambda family: family.attended, use_dora=True), every),
    "peft-prefix": (lambda family: peft_prefix(family)[0], (Bert,)),
    "peft-ia3": (lambda family: ia3(family)[0], every),
    "hub-houlsby": (hub(DoubleSeqBnConfig(reduction_factor=4)), every),
    "hub-pfeiffer": (hub(SeqBnConfig(reduction_factor=4)), every),
    "hub-parallel": (hub(ParBnConfig(reduction_factor=4)), every),
    "hub-lora": (hub(HubLora(r=3, alpha=5)), every),
    "hub-lora-everywhere": (
        hub(HubLora(r=2, alpha=3, intermediate_lora=True, output_lora=True, attn_matrices=["q", "k", "v"])), every,
    ),
}


def settle(folder):
    """Removes values that differ between runs or machines."""
    for name in os.listdir(folder):
        if name == "README.md":
            os.remove(f"{folder}/{name}")
        elif name.endswith(".json"):
            with open(f"{folder}/{name}", encoding="utf-8") as file:
                config = json.load(file)
            for key in ("target_modules", "exclude_modules", "modules_to_save", "feedforward_modules"):
                if isinstance(config.get(key), list):
                    config[key] = sorted(config[key])
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                json.dump(config, file, indent=2, sort_keys=True)
                file.write("\n")


def trained(family, model):
    """Returns its trained parameters, under names from which draw derives their kind."""
    found = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            name = name.removeprefix("base_model.").removeprefix("model.").removeprefix(f"{family.name}.")
            name = name.replace(".modules_to_save.default", "").replace(".default", "").replace("adapter_down.0.", "adapter_down.")
            found[name.removesuffix(".weight") if "lora_" in name or "ia3" in name else name] = value
    return found


def write(name, make, family, seed):
    given = given_inputs(family)
    model = make(family)
    draw(trained(family, model), family, numpy.random.default_rng([seed, *name.encode()]))
    longest = max(LENGTHS) - (PREFIX if name == "peft-prefix" else 0)
    chosen = [index for index, length in enumerate(LENGTHS) if length <= longest]
    with torch.no_grad():
        logits = logits_of(family, model, given, chosen)
        bare = logits_of(family, load(family).double().eval(), given, chosen)
    assert (logits - bare).abs().max() > 0.01
    root = "Examples/ThirdParty/Tests/ThirdPartyTests/Fixtures" if name == "peft-ia3" else OUTPUT
    folder = f"{root}/{family.name}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    model = model.float()
    if name.startswith("hub"):
        model.save_adapter(folder, "task", use_safetensors=True, with_head=True)
    else:
        model.save_pretrained(folder)
    settle(folder)
    with open(f"{folder}/expected.json", "w", encoding="utf-8") as file:
        json.dump({"sequences": chosen, "logits": logits.float().tolist()}, file)
        file.write("\n")
    print(folder, sorted(os.listdir(folder)))


def read(folder, family):
    """Loads an exported folder with its target library."""
    given = given_inputs(family)
    with open(f"{folder}/adapter_config.json", encoding="utf-8") as file:
        config = json.load(file)
    chosen = [index for index, length in enumerate(LENGTHS) if length <= max(LENGTHS) - PREFIX]
    if "peft_type" in config:
        model = PeftModel.from_pretrained(load(family), folder)
        with safe_open(f"{folder}/adapter_model.safetensors", "pt") as file:
            saved = set(file.keys())
        wanted = {key.replace(".modules_to_save.default", "").replace(".default", "") for key in _trainable_keys(model)}
        missing, unexpected = sorted(wanted - saved), sorted(saved - wanted)
    else:
        model = load(family)
        adapters.init(model)
        info = {}
        name = model.load_adapter(folder, use_safetensors=True, loading_info=info, set_active=True)
        assert name == config["name"]
        missing, unexpected = info.get("missing_keys", []), info.get("unexpected_keys", [])
    with torch.no_grad():
        logits = logits_of(family, model.double().eval(), given, chosen)
    print(json.dumps({"sequences": chosen, "logits": logits.tolist(), "missing": missing, "unexpected": unexpected}))


def _trainable_keys(model):
    from peft import get_peft_model_state_dict

    return get_peft_model_state_dict(model).keys()


def main():
    if sys.argv[1:2] == ["--read"]:
        return read(sys.argv[2], FAMILIES[sys.argv[3]])
    torch.set_num_threads(1)
    for name, (make, families) in CASES.items():
        for seed, family in enumerate(families):
            write(name, make, family, seed + 1)


if __name__ == "__main__":
    main()
