#!/usr/bin/env python3
"""Writes the reference data for methods in Tests/ReferenceTests: the results of peft and AdapterHub's adapters.

Pinned as in model_goldens.py, whose small models and inputs it uses, and adapters==1.3.0. Run from the root of the checkout:

    python3 Tests/Goldens/method_goldens.py

For each family and each method that a library supports for it, Tests/TestSupport/Fixtures/FAMILY/methods/METHOD.safetensors:

- values/NAME: the adapter's tensors and its head, with Graft's names; gradients/NAME: gradients of the mean cross-entropy.
- activations.safetensors: the keys and values of each block's attention for the tokens of one sequence.
- regression.safetensors, multi_label.safetensors: LoRA before and after twenty steps on another objective, with the loss of
  each step.
- logits: for the sequences. Peft's prefix tuning shifts the positions, so sequences that no longer fit are omitted.

IA3, which is a separate package, has the same data as JSON in
Examples/ThirdParty/Tests/ThirdPartyTests/ia3-FAMILY.json.

There is no dropout. Everything is computed in float64 and rounded to float32 at the end. "sensitivity" in the output shows
how far the logits move when the adapter's own part is off by one percent; the script fails if that would not be detected.
"""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, os.path.dirname(__file__))

import adapters
import numpy
import torch
from adapters import DoubleSeqBnConfig, ParBnConfig, PrefixTuningConfig, SeqBnConfig
from model_goldens import (
    FIXTURES, HIDDEN, LENGTHS, TOLERANCE, Bert, DistilBert, Roberta, adapted, load, logits_of, save, trainable,
)
from peft import IA3Config, LoraConfig
from peft import PrefixTuningConfig as PeftPrefix
from peft import get_peft_model
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

PREFIX = 4
LAYERS = 3
KEY_VALUE = {Bert: ("key", "value"), DistilBert: ("k_lin", "v_lin"), Roberta: ("key", "value")}


def given_inputs(family):
    with open(f"{FIXTURES}/{family.name}/inputs.json", encoding="utf-8") as file:
        return json.load(file)


def blocks(family):
    return "transformer.layer" if family is DistilBert else "encoder.layer"


# Each method: the model with its adapter, and its trained parameters by Graft's names. A parameter that Graft stores as two
# is a list of (name, view of it).


def bottleneck(config):
    def make(family):
        model = load(family)
        adapters.init(model)
        model.add_adapter("a", config=config)
        model.train_adapter("a")
        model = model.double().eval()

        def ours(name):
            name = name.removeprefix(f"{family.name}.").replace(".adapters.a.", ".")
            name = name.replace("adapter_down.0.", "adapter_down.")
            if family is not DistilBert:
                return name.replace("attention.output.adapter", "attention.adapter")
            return name.replace("attention_adapters.", "attention.").replace("output_adapters.", "ffn.")

        return model, {ours(name): value for name, value in model.named_parameters() if value.requires_grad}

    return make


def low_rank(**options):
    def make(family):
        model = adapted(family, r=3, lora_alpha=5, target_modules=family.attended, **options)
        return model, {
            name.replace("lora_magnitude_vector.default.weight", "lora_magnitude_vector"): value
            for name, value in trainable(family, model).items()
        }

    return make


def adapterhub_prefix(family):
    model = load(family)
    adapters.init(model)
    model.add_adapter("a", config=PrefixTuningConfig(flat=True, prefix_length=PREFIX, dropout=0.0))
    model.train_adapter("a")
    model = model.double().eval()
    return model, {
        ("prefix" if "control_trans" in name else name.removeprefix(f"{family.name}.")): value
        for name, value in model.named_parameters() if value.requires_grad
    }


def peft_prefix(family):
    config = PeftPrefix(task_type="SEQ_CLS", num_virtual_tokens=PREFIX, modules_to_save=list(family.head))
    model = get_peft_model(load(family), config).double().eval()
    found = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            name = name.removeprefix("base_model.").replace(".modules_to_save.default", "")
            found["prefix" if "embedding" in name and "prompt" in name else name] = value
    return model, found


def ia3(family):
    down = {"bert": "output.dense", "roberta": "output.dense", "distilbert": "lin2"}[family.name]
    keys = ["k_lin", "v_lin"] if family is DistilBert else ["key", "value"]
    layers = range(LAYERS)
    path = f"{blocks(family)}.{{}}.{'ffn.lin2' if family is DistilBert else 'output.dense'}"
    config = IA3Config(
        task_type="SEQ_CLS", target_modules=keys + [path.format(layer) for layer in layers],
        feedforward_modules=[path.format(layer) for layer in layers], modules_to_save=list(family.head),
    )
    model = get_peft_model(load(family), config).double().eval()
    found = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            name = name.removeprefix("base_model.model.").removeprefix(f"{family.name}.")
            found[name.replace(".modules_to_save.default", "").removesuffix(".default")] = value
    assert sum(down in name for name in found) == LAYERS, sorted(found)
    return model, found


# Each has its own stream, so adding others does not change it.
ORDER = ["adapterhub_prefix", "dora", "houlsby", "parallel", "peft_prefix", "pfeiffer", "ia3"]

METHODS = {
    "houlsby": (bottleneck(DoubleSeqBnConfig(reduction_factor=4)), (Bert, DistilBert, Roberta)),
    "pfeiffer": (bottleneck(SeqBnConfig(reduction_factor=4)), (Bert, DistilBert, Roberta)),
    "parallel": (bottleneck(ParBnConfig(reduction_factor=4)), (Bert, DistilBert, Roberta)),
    "dora": (low_rank(use_dora=True), (Bert, DistilBert, Roberta)),
    "adapterhub_prefix": (adapterhub_prefix, (Bert, DistilBert, Roberta)),
    "ia3": (ia3, (Bert, DistilBert, Roberta)),
    "peft_prefix": (peft_prefix, (Bert,)),  # peft's implementation does not run on DistilBERT
}


def split(family, tensors):
    """Returns the prefix of all layers as keys and values of each layer."""
    found = {}
    for name, value in tensors.items():
        if name != "prefix":
            found[name] = value
            continue
        parts = value.reshape(PREFIX, 2 * LAYERS, HIDDEN)
        for layer in range(LAYERS):
            path = f"{blocks(family)}.{layer}.attention"
            found[f"{path}.prefix_keys"] = parts[:, 2 * layer]
            found[f"{path}.prefix_values"] = parts[:, 2 * layer + 1]
    return found


def draw(parameters, family, random):
    base = dict(load(family).named_parameters())
    with torch.no_grad():
        for name, parameter in sorted(parameters.items()):
            values = random.standard_normal(tuple(parameter.shape))
            if name in base:  # the head
                values = base[name].numpy() + 0.05 * values
            elif "magnitude" in name or "ia3" in name:
                values = parameter.numpy() * (1 + 0.1 * values)
            elif name.endswith("lora_A") or name.endswith("down.weight"):
                values = values / parameter.shape[-1] ** 0.5
            elif name == "prefix":
                values = 1.0 * values
            else:
                values = 0.2 * values
            parameter.copy_(torch.tensor(values).float())


def goldens(family, name, make, seed):
    given = given_inputs(family)
    model, parameters = make(family)
    draw(parameters, family, numpy.random.default_rng([seed, ORDER.index(name)]))
    longest = max(LENGTHS) - (PREFIX if name == "peft_prefix" else 0)
    chosen = [index for index, length in enumerate(LENGTHS) if length <= longest]
    labels = torch.tensor([given["labels"][index] for index in chosen])

    logits = logits_of(family, model, given, chosen)
    model.zero_grad()
    cross_entropy(logits, labels).backward()
    file = {f"values/{key}": value for key, value in split(family, parameters).items()}
    gradients = {key: value.grad for key, value in parameters.items()}
    file |= {f"gradients/{key}": value for key, value in split(family, gradients).items()}
    file["logits"] = logits
    if name == "ia3":
        with open(f"Examples/ThirdParty/Tests/ThirdPartyTests/ia3-{family.name}.json", "w", encoding="utf-8") as out:
            flat = {key: [float(x) for x in value.detach().float().flatten()] for key, value in file.items()}
            json.dump(flat, out, separators=(",", ":"))
            out.write("\n")
    else:
        os.makedirs(f"{FIXTURES}/{family.name}/methods", exist_ok=True)
        save(f"{FIXTURES}/{family.name}/methods/{name}.safetensors", file)

    head = [key for key in parameters if key.split(".")[0] in ("classifier", "pre_classifier")]
    with torch.no_grad():
        for key, parameter in parameters.items():
            if key not in head:
                parameter.mul_(1.01)
        moved = (logits_of(family, model, given, chosen) - logits).abs().max().item()
    own = len(parameters) - len(head)
    print(f"{family.name} {name}: {own} tensors of its own, {len(head)} of the head, sensitivity {moved:.2g}")
    assert moved >= 100 * TOLERANCE and len(head) == (4 if family is Roberta else 2 * len(family.head))
    assert all(value.abs().max() > 0 for value in gradients.values())


# Each objective: its targets, one row per sequence, and its loss.
OBJECTIVES = {
    "regression": (lambda random: (random.random((len(LENGTHS), 1)) * 5).round(2), mse_loss),
    "multi_label": (lambda random: random.integers(2, size=(len(LENGTHS), 3)), binary_cross_entropy_with_logits),
}


def objective(family, name, seed):
    """Runs twenty steps of AdamW on an objective: losses, and the tensors before and after."""
    draw, loss_of = OBJECTIVES[name]
    given = given_inputs(family)
    random = numpy.random.default_rng([seed, 100])
    targets = torch.tensor(draw(random), dtype=torch.float64)
    model = family.model.from_pretrained(
        f"{FIXTURES}/{family.name}", attn_implementation="eager", dtype=torch.float64, num_labels=targets.shape[1],
        ignore_mismatched_sizes=True,
    )
    options = {"r": 3, "lora_alpha": 5, "target_modules": family.attended}
    config = LoraConfig(task_type="SEQ_CLS", lora_dropout=0.0, modules_to_save=list(family.head), **options)
    model = get_peft_model(model, config).double().eval()
    parameters = trainable(family, model)
    with torch.no_grad():
        for _, parameter in sorted(parameters.items()):
            values = 0.1 * random.standard_normal(tuple(parameter.shape))
            parameter.copy_(torch.tensor(values).float())
    file = {f"values/{key}": value.detach().clone() for key, value in parameters.items()}
    groups = [
        {"params": [value for value in parameters.values() if value.dim() == 2], "weight_decay": 0.1},
        {"params": [value for value in parameters.values() if value.dim() != 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for step in range(20):
        chosen = [(4 * step + offset) % len(LENGTHS) for offset in range(4)]
        loss = loss_of(logits_of(family, model, given, chosen), targets[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    file |= {f"final/{key}": value for key, value in parameters.items()}
    file["targets"] = targets
    file["losses"] = torch.tensor(losses)
    save(f"{FIXTURES}/{family.name}/methods/{name}.safetensors", file)
    print(f"{family.name} {name}: losses {losses[0]:.4f} to {losses[-1]:.4f}")
    assert losses[-1] < losses[0] * 0.8


def activations(family):
    """Returns initial values for a prefix: keys and values of the longest sequence's tokens except the first and last."""
    given = given_inputs(family)
    longest = max(range(len(LENGTHS)), key=lambda index: LENGTHS[index])
    model = load(family).double().eval()
    types = {} if family is DistilBert else {"token_type_ids": torch.tensor([given["types"][longest]])}
    with torch.no_grad():
        states = model(torch.tensor([given["sequences"][longest]]), output_hidden_states=True, **types).hidden_states
        file = {}
        for index in range(LAYERS):
            block = model.get_submodule(f"{family.name}.{blocks(family)}.{index}.attention")
            block = block if family is DistilBert else block.self
            for kind, projection in zip(("keys", "values"), (block.get_submodule(name) for name in KEY_VALUE[family])):
                file[f"{kind}/{index}"] = projection(states[index])[0, 1:-1].contiguous()
    save(f"{FIXTURES}/{family.name}/methods/activations.safetensors", file)
    print(f"{family.name} activations of sequence {longest}")


def main():
    if adapters.__version__ != "1.3.0":
        sys.exit(f"adapters {adapters.__version__} is not 1.3.0")
    torch.set_num_threads(1)
    for name, (make, families) in METHODS.items():
        for seed, family in enumerate(families):
            goldens(family, name, make, seed + 1)
    for seed, family in enumerate((Bert, DistilBert, Roberta)):
        for name in OBJECTIVES:
            objective(family, name, seed + 1)
        activations(family)


if __name__ == "__main__":
    main()
