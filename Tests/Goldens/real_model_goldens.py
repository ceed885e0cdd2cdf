#!/usr/bin/env python3
"""Writes Tests/ReferenceTests/Fixtures/all-mpnet-base-v2.json: results of transformers and peft on real weights.

Pinned as in model_goldens.py. Run from the root of the checkout, after `graft get base all-mpnet-base-v2`:

    python3 Tests/Goldens/real_model_goldens.py ~/.cache/graft/bases/all-mpnet-base-v2

The model has LoRA with rank 2 on queries and values, and a classification head. Their values follow from a formula, so that the
file stays small: value i of the parameter with index k in the sorted names is s sin(k + 1.7 i), where s is 0.02 for matrices A and
0.05 otherwise. Of each gradient of the mean cross-entropy, the file has the norm and the product with cos(2.3 i).
Everything is computed in float64.
"""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, os.path.dirname(__file__))

import torch
import transformers
from model_goldens import Mpnet, trainable
from peft import LoraConfig, get_peft_model
from torch.nn.functional import cross_entropy

SENTENCES = [
    "a gorgeous, witty, seductive movie .", "it 's slow -- very, very slow .", "no", "Käse & naïve façades: 12,5 %?",
    "the film is strictly routine, but its heart is in the right place and the last ten minutes are worth the wait .",
]
LABELS = [1, 0, 0, 1, 1]


def main(folder):
    torch.set_num_threads(2)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.MPNetForSequenceClassification.from_pretrained(folder, attn_implementation="eager")
    config = LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=4, target_modules=Mpnet.attended, modules_to_save=["classifier"]
    )
    model = get_peft_model(model, config).double().eval()
    parameters = dict(sorted(trainable(Mpnet, model).items()))
    with torch.no_grad():
        for k, (name, parameter) in enumerate(parameters.items()):
            scale = 0.02 if name.endswith("lora_A") else 0.05
            values = scale * torch.sin(k + 1.7 * torch.arange(parameter.numel(), dtype=torch.float64))
            parameter.copy_(values.float().reshape(parameter.shape))
    encoded = [tokenizer(text)["input_ids"] for text in SENTENCES]
    logits = torch.cat([model(input_ids=torch.tensor([ids])).logits for ids in encoded])
    loss = cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    gradients = {}
    for name, parameter in parameters.items():
        gradient = parameter.grad.flatten()
        wave = torch.cos(2.3 * torch.arange(gradient.numel(), dtype=torch.float64))
        gradients[name] = [gradient.norm().item(), (gradient @ wave).item()]
    result = {
        "sentences": SENTENCES, "labels": LABELS, "ids": encoded, "logits": logits.tolist(), "loss": loss.item(),
        "gradients": gradients,
    }
    print(logits)
    os.makedirs("Tests/ReferenceTests/Fixtures", exist_ok=True)
    with open("Tests/ReferenceTests/Fixtures/all-mpnet-base-v2.json", "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
