#!/usr/bin/env python3
"""Writes the reference data for Tests/ReferenceTests: small models and adapters, and the results of transformers and peft.

Pinned: python 3.11 and the versions below. Run from the root of the checkout:

    pip install --extra-index-url https://download.pytorch.org/whl/cpu \\
        torch==2.13.0+cpu transformers==4.57.6 peft==0.21.2 safetensors==0.8.0 numpy==2.4.6
    python3 Tests/Goldens/model_goldens.py [FAMILY ...]

For each family, in Tests/TestSupport/Fixtures/FAMILY:

- config.json, model.safetensors: a sequence classification model with random weights, written by save_pretrained.
- inputs.json: sequences of token ids, their token types, and labels. They are padded and masked for transformers.
- lora.safetensors: LoRA on queries and values, with its own head; patterns.safetensors: LoRA on all projections, some with
  a different rank and alpha. Names are paths in the model without its prefix: "….query.lora_A", "classifier.weight".
- logits.safetensors: of the model (base), with the first adapter (lora), with the same values and rank-stabilized scale
  (rank_stabilized), and with the second adapter (patterns).
- gradients.safetensors: of the mean cross-entropy over all sequences, for the first adapter.
- final.safetensors: the first adapter after the AdamW steps described in numbers.json under "trajectory".
- numbers.json: the adapters' options, the loss for the gradients, the trajectory, and how far the reference data move under
  small errors ("sensitivity": largest change of a logit, largest relative change of a gradient).

There is no dropout anywhere. Weights are float32; everything is computed from them in float64 and rounded to float32 at the
end. The float32 results are printed but not written, because they differ between machines.
"""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import peft
import safetensors
import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers.activations import ACT2FN

PINNED = {torch: "2.13.0+cpu", transformers: "4.57.6", peft: "0.21.2", safetensors: "0.8.0", numpy: "2.4.6"}
FIXTURES = "Tests/TestSupport/Fixtures"
TOLERANCE = 1e-5  # of the Swift tests
VOCABULARY, HIDDEN, LABELS = 96, 32, 3
LENGTHS = [7, 1, 40, 12, 3, 25, 2, 18, 31, 5, 9, 39]
TRAJECTORY = {
    "steps": 20, "batch_size": 4, "learning_rate": 1e-2, "warmup_steps": 4, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
    "weight_decay": 0.1, "max_gradient_norm": 3.0,
}


class Bert:
    name = "bert"
    model = transformers.BertForSequenceClassification
    config = transformers.BertConfig(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=4, intermediate_size=64, num_hidden_layers=3,
        max_position_embeddings=40, type_vocab_size=2, hidden_act="gelu", num_labels=LABELS,
    )
    attended = ["query", "value"]
    projections = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
    head = ["classifier"]
    queries = "layer.{}.attention.self.query"
    activation = "intermediate_act_fn"
    token_types = True


class DistilBert:
    name = "distilbert"
    model = transformers.DistilBertForSequenceClassification
    config = transformers.DistilBertConfig(
        vocab_size=VOCABULARY, dim=HIDDEN, n_heads=4, hidden_dim=64, n_layers=3, max_position_embeddings=40,
        activation="gelu", num_labels=LABELS,
    )
    attended = ["q_lin", "v_lin"]
    projections = ["q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"]
    head = ["pre_classifier", "classifier"]
    queries = "layer.{}.attention.q_lin"
    activation = "activation"
    token_types = False


class Roberta:
    name = "roberta"
    model = transformers.RobertaForSequenceClassification
    config = transformers.RobertaConfig(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=4, intermediate_size=64, num_hidden_layers=3,
        max_position_embeddings=42, type_vocab_size=1, hidden_act="gelu", num_labels=LABELS, layer_norm_eps=1e-5,
        pad_token_id=1,
    )
    attended = ["query", "value"]
    projections = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
    head = ["classifier"]
    queries = "layer.{}.attention.self.query"
    activation = "intermediate_act_fn"
    token_types = False


class Mpnet:
    name = "mpnet"
    model = transformers.MPNetForSequenceClassification
    config = transformers.MPNetConfig(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=4, intermediate_size=64, num_hidden_layers=3,
        max_position_embeddings=42, hidden_act="gelu", num_labels=LABELS, layer_norm_eps=1e-5, pad_token_id=1,
    )
    attended = ["attn.q", "attn.v"]
    projections = ["attn.q", "attn.k", "attn.v", "attn.o", "intermediate.dense", "output.dense"]
    head = ["classifier"]
    queries = "layer.{}.attention.attn.q"
    activation = "intermediate_act_fn"
    token_types = False


class Modernbert:
    """Not a built-in family: it exercises parts that no built-in family has, which a test assembles."""

    name = "modernbert"
    prefix = "model"
    model = transformers.ModernBertForSequenceClassification
    config = transformers.ModernBertConfig(
        vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=4, intermediate_size=48, num_hidden_layers=3,
        max_position_embeddings=40, local_attention=8, global_attn_every_n_layers=3, global_rope_theta=1000.0,
        local_rope_theta=100.0, num_labels=LABELS, reference_compile=False, pad_token_id=0, cls_token_id=1, sep_token_id=2,
        bos_token_id=1, eos_token_id=2,
    )
    attended = ["attn.Wqkv"]
    projections = ["attn.Wqkv", "attn.Wo", "mlp.Wi", "mlp.Wo"]
    head = ["head", "classifier"]
    queries = "layers.{}.attn.Wqkv"
    activation = "act"
    token_types = False
    unpadded = True  # with a window, transformers returns NaN for padding, which spreads


class Albert:
    """Not a built-in family: it exercises shared layers and narrow embeddings, which a test assembles."""

    name = "albert"
    layers = 1  # computed three times
    model = transformers.AlbertForSequenceClassification
    config = transformers.AlbertConfig(
        vocab_size=VOCABULARY, embedding_size=16, hidden_size=HIDDEN, num_attention_heads=4, intermediate_size=64,
        num_hidden_layers=3, max_position_embeddings=40, hidden_act="gelu", num_labels=LABELS, pad_token_id=0,
    )
    attended = ["query", "value"]
    projections = ["query", "key", "value", "attention.dense", "ffn", "ffn_output"]
    head = ["classifier"]
    queries = "albert_layers.0.attention.query"
    activation = "activation"
    token_types = True


# The random values. They are drawn with numpy, whose streams do not depend on the machine, in the order of the names.


def base_values(shapes, random):
    """Draws embeddings as small as a real model's, so that the layer norm's epsilon matters, and attention that is selective."""
    for name, shape in sorted(shapes.items()):
        values = random.standard_normal(shape)
        if name.endswith(".bias"):
            values = 0.1 * values
        elif "norm" in name.lower():
            values = 1 + 0.1 * values
        elif "embeddings" in name:
            values = 0.05 * values
        elif any(part in name for part in ("query", "key", "q_lin", "k_lin", "attn.q", "attn.k")):
            values = 1.5 * values / shape[-1] ** 0.5
        elif name.startswith("classifier"):
            values = 2.8 * values / shape[-1] ** 0.5
        else:
            values = 1.2 * values / shape[-1] ** 0.5
        yield name, torch.tensor(values, dtype=torch.float32)


def adapter_values(shapes, head, random):
    for name, shape in sorted(shapes.items()):
        values = random.standard_normal(shape)
        if name.endswith(".lora_A"):
            values = values / shape[-1] ** 0.5
        elif name.endswith(".lora_B"):
            values = 0.2 * values
        else:
            values = head[name].double().numpy() + 0.05 * values
        yield name, torch.tensor(values, dtype=torch.float32)


def inputs(family, random):
    """Draws sequences with every token id, including the padding token's, which is not used as padding."""
    ids = numpy.concatenate([random.permutation(VOCABULARY) for _ in range(3)])
    starts = numpy.cumsum([0, *LENGTHS])
    sequences = [ids[start : start + length].tolist() for start, length in zip(starts, LENGTHS)]
    if family in (Roberta, Mpnet):  # their positions do not count the padding id
        sequences = [[2 if token == 1 else token for token in sequence] for sequence in sequences]
    types = [[0] * length for length in LENGTHS]
    if family.token_types:
        for index in range(2, len(LENGTHS), 2):
            first = LENGTHS[index] // 2
            types[index] = [0] * first + [1] * (LENGTHS[index] - first)
    labels = (random.permutation(len(LENGTHS)) % LABELS).tolist()
    return {"sequences": sequences, "types": types, "labels": labels}


# The models.


def load(family, dtype=torch.float64):
    return family.model.from_pretrained(f"{FIXTURES}/{family.name}", attn_implementation="eager", dtype=dtype).eval()


def adapted(family, values=None, dtype=torch.float64, **options):
    """Returns the model with an adapter, with the given values if any."""
    head = list(family.head)  # peft appends to the list that it receives
    config = LoraConfig(task_type="SEQ_CLS", lora_dropout=0.0, modules_to_save=head, **options)
    model = get_peft_model(load(family, dtype), config).to(dtype).eval()
    if values is not None:
        parameters = trainable(family, model)
        assert set(parameters) == set(values)
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(values[name])
    return model


def prefix_of(family):
    return getattr(family, "prefix", family.name)


def layers_of(family):
    """Returns the number of layers with parameters of their own."""
    return getattr(family, "layers", 3)


def trainable(family, model):
    def ours(name):
        name = name.removeprefix("base_model.model.").removeprefix(f"{prefix_of(family)}.")
        return name.replace(".modules_to_save.default", "").removesuffix(".default.weight")

    return {ours(name): parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def logits_of(family, model, given, chosen=None):
    sequences, types = given["sequences"], given["types"]
    chosen = range(len(sequences)) if chosen is None else chosen
    if getattr(family, "unpadded", False) and len(chosen) > 1:
        return torch.cat([logits_of(family, model, given, [index]) for index in chosen])
    width = max(len(sequences[index]) for index in chosen)

    def padded(rows):
        return torch.tensor([row + [0] * (width - len(row)) for row in rows])

    batch = {"input_ids": padded([sequences[index] for index in chosen])}
    batch["attention_mask"] = padded([[1] * len(sequences[index]) for index in chosen])
    if family.token_types:
        batch["token_type_ids"] = padded([types[index] for index in chosen])
    return model(**batch).logits


def loss_of(family, model, given, chosen=None):
    labels = given["labels"] if chosen is None else [given["labels"][index] for index in chosen]
    return cross_entropy(logits_of(family, model, given, chosen), torch.tensor(labels))


def measured(family, model, given):
    """Returns logits, loss, and gradients."""
    model.zero_grad()
    loss = loss_of(family, model, given)
    loss.backward()
    gradients = {name: parameter.grad.clone() for name, parameter in trainable(family, model).items()}
    return logits_of(family, model, given).detach(), loss.item(), gradients


def trained(family, model, given):
    """Returns losses, gradient norms before clipping, and learning rates of all steps."""
    told = TRAJECTORY
    parameters = trainable(family, model).values()
    groups = [
        {"params": [parameter for parameter in parameters if parameter.dim() == 2], "weight_decay": told["weight_decay"]},
        {"params": [parameter for parameter in parameters if parameter.dim() != 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=told["learning_rate"], betas=(told["beta1"], told["beta2"]), eps=told["epsilon"])
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, told["warmup_steps"], told["steps"])
    found = {"losses": [], "gradient_norms": [], "learning_rates": []}
    for step in range(told["steps"]):
        first = told["batch_size"] * step
        chosen = [(first + offset) % len(LENGTHS) for offset in range(told["batch_size"])]
        loss = loss_of(family, model, given, chosen)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, told["max_gradient_norm"])
        found["losses"].append(loss.item())
        found["gradient_norms"].append(norm.item())
        found["learning_rates"].append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return found


# Errors that the reference data must reveal.


def scaled(model, factor):
    for module in model.modules():
        if hasattr(module, "lora_A"):
            module.scaling["default"] *= factor
    return model


def with_tanh(family, model):
    owners = [module for module in model.modules() if hasattr(module, family.activation)]
    assert len(owners) >= layers_of(family)
    for module in owners:
        setattr(module, family.activation, ACT2FN["gelu_pytorch_tanh"])
    return model


def with_epsilon(model):
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.eps = 1e-5 if module.eps == 1e-12 else 1e-4
    return model


def with_weakest_token(family, model, given):
    """Returns the inputs with one token of the longest sequence replaced where it changes the logits least."""
    longest = LENGTHS.index(max(LENGTHS))

    def changed(place):
        sequences = [list(sequence) for sequence in given["sequences"]]
        sequences[longest][place] = (sequences[longest][place] + 1) % VOCABULARY
        return {**given, "sequences": sequences}

    with torch.no_grad():
        right = logits_of(family, model, given, [longest])
        moves = [(logits_of(family, model, changed(place), [longest]) - right).abs().max() for place in range(max(LENGTHS))]
    return changed(int(torch.stack(moves).argmin()))


def difference(found, right):
    """Returns the largest change of a logit and the largest relative change of a gradient."""
    logits = (found[0] - right[0]).abs().max().item()
    return {"logits": logits, "gradients": max(relative(found[2][name], gradient) for name, gradient in right[2].items())}


def relative(found, right):
    return ((found - right).norm() / right.norm()).item()


# The files.


def write(path, value):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(lines_of(value) + "\n")


def lines_of(value, indent=""):
    """Formats JSON with one line per entry; a list of numbers is one entry."""
    inner = indent + " "
    if isinstance(value, dict):
        entries = [f"{inner}{json.dumps(key)}: {lines_of(entry, inner)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(inner + lines_of(entry, inner) for entry in value) + f"\n{indent}]"
    return json.dumps(value)


def save(path, tensors):
    save_file({name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}, path)


def goldens(family, seed):
    folder = f"{FIXTURES}/{family.name}"
    os.makedirs(folder, exist_ok=True)
    # Each part has its own stream, so a change of one does not affect the others.
    streams = [numpy.random.default_rng([seed, index]) for index in range(4)]

    model = family.model(family.config)
    base = dict(base_values({name: tuple(value.shape) for name, value in model.named_parameters()}, streams[0]))
    assert set(base) == set(model.state_dict())
    model.load_state_dict(base)
    model.save_pretrained(folder)
    given = inputs(family, streams[1])
    write(f"{folder}/inputs.json", given)

    def drawn(random, **options):
        shapes = {name: tuple(value.shape) for name, value in trainable(family, adapted(family, **options)).items()}
        return dict(adapter_values(shapes, base, random))

    queries = [family.queries.format(layer) for layer in (0, 2)]
    lora = {"r": 3, "lora_alpha": 5, "target_modules": family.attended}
    patterns = {"r": 3, "lora_alpha": 5, "target_modules": family.projections}
    patterns["rank_pattern"] = {query: 2 for query in queries}
    patterns["alpha_pattern"] = {query: 7 for query in queries}
    values, pattern_values = drawn(streams[2], **lora), drawn(streams[3], **patterns)
    heads = 4 if family in (Roberta, Mpnet) else 2 * len(family.head)
    layers, overridden = layers_of(family), len(patterns["rank_pattern"])
    assert len(values) == layers * 2 * len(family.attended) + heads
    assert len(pattern_values) == layers * 2 * len(family.projections) + heads
    ranks = sorted(len(value) for name, value in pattern_values.items() if "lora_A" in name)
    assert ranks == [2] * overridden + [3] * (layers * len(family.projections) - overridden)
    save(f"{folder}/lora.safetensors", values)
    save(f"{folder}/patterns.safetensors", pattern_values)

    right = measured(family, adapted(family, values, **lora), given)
    with torch.no_grad():
        logits = {
            "base": logits_of(family, load(family), given),
            "lora": right[0],
            "rank_stabilized": logits_of(family, adapted(family, values, use_rslora=True, **lora), given),
            "patterns": logits_of(family, adapted(family, pattern_values, **patterns), given),
        }
        head_alone = logits_of(family, scaled(adapted(family, values, **lora), 0), given)
    save(f"{folder}/logits.safetensors", logits)
    save(f"{folder}/gradients.safetensors", right[2])

    learner = adapted(family, values, **lora)
    trajectory = trained(family, learner, given)
    save(f"{folder}/final.safetensors", trainable(family, learner))

    token = with_weakest_token(family, adapted(family, values, **lora), given)
    sensitivity = {
        "one_token": measured(family, adapted(family, values, **lora), token),
        "tanh_gelu": measured(family, with_tanh(family, adapted(family, values, **lora)), given),
        "scale_off_by_one_percent": measured(family, scaled(adapted(family, values, **lora), 1.01), given),
        "layer_norm_epsilon_1e-5": measured(family, with_epsilon(adapted(family, values, **lora)), given),
    }
    sensitivity = {name: difference(found, right) for name, found in sensitivity.items()}
    write(f"{folder}/numbers.json", {
        "lora": lora, "patterns": patterns, "loss": right[1],
        "trajectory": {**TRAJECTORY, **trajectory}, "sensitivity": sensitivity,
    })

    for name in ("one_token", "tanh_gelu", "scale_off_by_one_percent"):
        assert min(sensitivity[name].values()) >= 10 * TOLERANCE, (name, sensitivity[name])
    assert all(gradient.abs().max() > 0 for gradient in right[2].values())
    assert (logits["lora"] - head_alone).abs().mean() >= 0.3 and (logits["lora"] - logits["base"]).abs().mean() >= 0.3
    norms = trajectory["gradient_norms"]
    clipped = sum(norm > TRAJECTORY["max_gradient_norm"] for norm in norms)
    assert 5 <= clipped <= 15, norms

    print(family.name)
    for name, value in logits.items():
        print(f"  {name}: spread {value.std(0).tolist()}, mean move {(value - logits['base']).abs().mean():.2f}")
    print(f"  low-rank part alone moves logits by {(logits['lora'] - head_alone).abs().mean():.2f} in the mean")
    print(f"  loss {right[1]}, smallest gradient {min(gradient.norm().item() for gradient in right[2].values()):.2g}")
    print(f"  gradient norms {min(norms):.3f} to {max(norms):.3f}, {clipped} of {len(norms)} steps clipped")
    print(f"  losses {trajectory['losses'][0]:.4f} to {trajectory['losses'][-1]:.4f}")
    for name, value in sensitivity.items():
        print(f"  {name}: {value}")
    print_single(family, values, lora, given, right, trajectory)
    for name in sorted(os.listdir(folder)):
        print(f"  {name}: {os.path.getsize(f'{folder}/{name}')} bytes")


def print_single(family, values, lora, given, right, trajectory):
    """Measures how far transformers in float32 is from the reference data."""
    model = adapted(family, values, dtype=torch.float32, **lora)
    print(f"  float32: {difference(measured(family, model, given), right)}")
    found = trained(family, model, given)
    final = load_file(f"{FIXTURES}/{family.name}/final.safetensors")
    apart = {name: (value - final[name]).abs().max().item() for name, value in trainable(family, model).items()}
    losses = max(abs(one - other) for one, other in zip(found["losses"], trajectory["losses"]))
    print(f"  float32: losses {losses:.2g}, trained tensors {max(apart.values()):.2g} ({max(apart, key=apart.get)})")


def main():
    for library, version in PINNED.items():
        if library.__version__ != version:
            sys.exit(f"{library.__name__} {library.__version__} is not {version}")
    torch.set_num_threads(1)
    for seed, family in enumerate((Bert, DistilBert, Roberta, Mpnet, Modernbert, Albert), start=1):
        if family.name in (sys.argv[1:] or [family.name]):
            goldens(family, seed)


if __name__ == "__main__":
    main()
