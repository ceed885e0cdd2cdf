#!/usr/bin/env python3
"""Writes adapters in the formats of different versions of peft and AdapterHub's adapters, with the current versions' logits.

Pinned as in method_goldens.py, whose small models and inputs it uses. Run from the root of the checkout:

    python3 Tests/Goldens/exchange_version_goldens.py

Each folder, Tests/MethodTests/Fixtures/exchange/FAMILY-CASE, is next to those of exchange_goldens.py. It is written by the
current library and then, if the case requires it, changed to match an older version. The logits in expected.json are those
of the library after loading that folder.
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
from adapters import DoubleSeqBnConfig, SeqBnConfig
from adapters import LoRAConfig as HubLora
from exchange_goldens import OUTPUT, settle
from method_goldens import FIXTURES, LENGTHS, Bert, DistilBert, Roberta, given_inputs, load, logits_of
from peft import EvaConfig, LoraConfig, PeftModel, get_peft_model, initialize_lora_eva_weights
from safetensors.torch import load_file, save_file

FLEX = {Bert: adapters.BertAdapterModel, DistilBert: adapters.DistilBertAdapterModel, Roberta: adapters.RobertaAdapterModel}


def stir(model, name):
    """Changes the trained parameters, with numpy's streams."""
    random = numpy.random.default_rng(list(name.encode()))
    with torch.no_grad():
        for key, value in sorted(model.named_parameters()):
            if not value.requires_grad:
                continue
            noise = torch.tensor(random.standard_normal(tuple(value.shape)))
            if "lora_A" in key or "adapter_down.0.weight" in key:
                value.copy_(noise / value.shape[-1] ** 0.5)
            elif "lora_B" in key or "adapters." in key:
                value.copy_(0.2 * noise)
            else:
                value.add_(0.1 * noise)


def peft(change=lambda config: None, rename=lambda key: key, **options):
    def make(name, family, folder):
        chosen = {"r": 2, "lora_alpha": 5, "target_modules": family.attended, **options}
        model = get_peft_model(load(family), LoraConfig(task_type="SEQ_CLS", **chosen))
        stir(model, name)
        model.float().save_pretrained(folder)
        edit(f"{folder}/adapter_config.json", change)
        path = f"{folder}/adapter_model.safetensors"
        save_file({rename(key): value for key, value in load_file(path).items()}, path, metadata={"format": "pt"})

    return make, lambda family, folder: PeftModel.from_pretrained(load(family), folder)


def eva(name, family, folder):
    config = LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=5, target_modules=family.attended, init_lora_weights="eva",
        eva_config=EvaConfig(rho=2.0),
    )
    model = get_peft_model(load(family, torch.float32), config)
    sequences = [sequence for sequence in given_inputs(family)["sequences"] if len(sequence) >= 7]
    batches = [{"input_ids": torch.tensor([sequence[:7]])} for sequence in sequences] * 8
    initialize_lora_eva_weights(model, batches, show_progress_bar=False)
    stir(model, name)
    model.save_pretrained(folder)


def hub(config, change=lambda config: None, rename=lambda key: key):
    def make(name, family, folder):
        model = load(family)
        adapters.init(model)
        model.add_adapter("task", config=config)
        model.train_adapter("task")
        stir(model, name)
        model.float().save_adapter(folder, "task", use_safetensors=True, with_head=True)
        edit(f"{folder}/adapter_config.json", change)
        path = f"{folder}/adapter.safetensors"
        save_file({rename(key): value for key, value in load_file(path).items()}, path)

    def read(family, folder):
        model = load(family)
        adapters.init(model)
        return opened(model, folder)

    return make, read


def flex(**options):
    def make(name, family, folder):
        model = FLEX[family].from_pretrained(f"{FIXTURES}/{family.name}")
        model.add_adapter("task", config=SeqBnConfig(reduction_factor=8))
        head = adapters.heads.ClassificationHead(model, "task", num_labels=3, **options)
        model.add_prediction_head(head)
        model.train_adapter("task")
        stir(model, name)
        model.save_adapter(folder, "task", use_safetensors=True, with_head=True)

    return make, lambda family, folder: opened(FLEX[family].from_pretrained(f"{FIXTURES}/{family.name}"), folder)


def opened(model, folder):
    info = {}
    model.load_adapter(folder, use_safetensors=True, loading_info=info, set_active=True)
    assert not info.get("missing_keys"), info
    return model


def edit(path, change):
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    change(config)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file)


def old_peft(config):
    """Matches the first versions: the saved head is not listed."""
    kept = {
        "base_model_name_or_path", "bias", "fan_in_fan_out", "inference_mode", "init_lora_weights", "lora_alpha",
        "lora_dropout", "peft_type", "r", "target_modules", "task_type",
    }
    for key in set(config) - kept:
        del config[key]
    config |= {"modules_to_save": None, "enable_lora": None, "merge_weights": False, "fan_in_fan_out": False}


def no_targets(config):
    config |= {"target_modules": None, "fan_in_fan_out": True}


def version(text):
    def change(config):
        config["version"] = text

    return change


def first(config):
    """Matches the first version of adapter-transformers."""
    del config["version"]
    inner = config["config"]
    for key in list(inner):
        if "phm" in key.lower() or key in ("scaling", "use_gating", "stochastic_depth", "init_weights_seed", "is_parallel"):
            del inner[key]
    inner["invertible_adapter"] = {"block_type": "nice", "non_linearity": "relu", "reduction_factor": 2}
    inner |= {"attention_type": "sent-lvl-dynamic", "new_attention_norm": False, "non_linearity": "gelu_orig"}
    del inner["inv_adapter"], inner["inv_adapter_reduction_factor"]
    config |= {"type": "text_task", "config_id": "9076f36a74755ac4"}


def first_gelu(config):
    first(config)
    config["config"]["non_linearity"] = "gelu"


def first_name(key):
    place = "attention" if "attention" in key else "layer"
    return key.replace("adapters.task", f"{place}_text_task_adapters.task")


def named(config):
    config["config"] = "pfeiffer"


every = (Bert, DistilBert, Roberta)
CASES = {
    "peft-default-head": (peft(), every),
    "peft-saved-null": (peft(old_peft), every),
    "peft-bias-all": (peft(bias="all"), every),
    "peft-bias-lora": (peft(bias="lora_only"), (Bert,)),
    "peft-pooler": (peft(modules_to_save=["classifier", "pooler"]), (Bert,)),
    "peft-norms": (peft(modules_to_save=["LayerNorm", "layer_norm", "pooler"]), every),
    "peft-embeddings": (peft(modules_to_save=["word_embeddings"]), (Roberta,)),
    "peft-orthogonal": (peft(init_lora_weights="orthogonal"), (Bert,)),
    "peft-eva": ((eva, peft()[1]), (Bert,)),
    "peft-lookahead": (peft(target_modules=r".*layer\.(?!1).*(query|value)"), (Bert, Roberta)),
    "peft-lora-bias": (peft(lora_bias=True, use_rslora=True), (DistilBert,)),
    "peft-targets-null": (peft(no_targets), (Roberta,)),
    "peft-adapter-name": (peft(rename=lambda key: key.replace("lora_A.", "lora_A.default.").replace("lora_B.", "lora_B.default.")), (Bert,)),
    "hub-lora-1.0": (hub(HubLora(r=2, alpha=5), version("adapters.1.0.1")), (Bert, DistilBert)),
    "hub-lora-1.1-dev": (hub(HubLora(r=2, alpha=5), version("adapters.1.1.0.dev0")), (Roberta,)),
    "hub-lora-1.1": (hub(HubLora(r=2, alpha=5), version("adapters.1.1.0")), (Bert,)),
    "hub-lora-3.2": (hub(HubLora(r=2, alpha=5), version("3.2.1")), (Roberta,)),
    "hub-lora-no-version": (hub(HubLora(r=2, alpha=5), lambda config: config.pop("version")), (DistilBert,)),
    "hub-first-pfeiffer": (hub(SeqBnConfig(reduction_factor=8, non_linearity="gelu"), first, first_name), (Bert, DistilBert)),
    "hub-first-houlsby": (hub(DoubleSeqBnConfig(reduction_factor=8, non_linearity="gelu"), first, first_name), (Bert,)),
    "hub-first-gelu": (hub(SeqBnConfig(reduction_factor=8, non_linearity="gelu_new"), first_gelu, first_name), (Bert,)),
    "hub-output-after-norm": (hub(SeqBnConfig(reduction_factor=8, original_ln_before=False)), every),
    "hub-attention-only": (hub(DoubleSeqBnConfig(reduction_factor=8, output_adapter=False)), every),
    "hub-named": (hub(SeqBnConfig(), named), (Roberta,)),
    "hub-flex-1": (flex(layers=1), every),
    "hub-flex-2-tanh": (flex(layers=2, activation_function="tanh"), every),
    "hub-flex-2-relu": (flex(layers=2, activation_function="relu"), every),
    "hub-flex-pooler-1": (flex(layers=1, use_pooler=True), (Bert,)),
    "hub-flex-pooler-2": (flex(layers=2, use_pooler=True, dropout_prob=0.3), (Bert,)),
    "hub-flex-2-linear": (flex(layers=2, activation_function="linear"), (Bert,)),
    "hub-flex-1-leaky": (flex(layers=1, activation_function="leakyrelu"), (Roberta,)),
    "hub-flex-3": (flex(layers=3, activation_function=None, bias=False), (DistilBert,)),
}


def write(name, make, read, family):
    folder = f"{OUTPUT}/{family.name}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    make(name, family, folder)
    settle(folder)
    given = given_inputs(family)
    chosen = list(range(len(LENGTHS)))
    with torch.no_grad():
        logits = logits_of(family, read(family, folder).double().eval(), given, chosen)
        bare = logits_of(family, load(family).double().eval(), given, chosen)
    assert (logits - bare).abs().max() > 0.01
    with open(f"{folder}/expected.json", "w", encoding="utf-8") as file:
        json.dump({"sequences": chosen, "logits": logits.float().tolist()}, file)
        file.write("\n")
    print(folder, sorted(os.listdir(folder)))


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    for name, ((make, read), families) in CASES.items():
        for family in families:
            write(name, make, read, family)


if __name__ == "__main__":
    main()
