"""Loads a merged folder as an ordinary classifier of transformers and prints its logits for some sequences, as JSON."""

import json
import sys

import torch
from transformers import AutoModelForSequenceClassification

model, info = AutoModelForSequenceClassification.from_pretrained(
    sys.argv[1], output_loading_info=True, dtype=torch.float32, attn_implementation="eager"
)
model.eval()
logits = []
with torch.no_grad():
    for ids in json.loads(sys.argv[2]):
        logits.append(model(input_ids=torch.tensor([ids])).logits[0].tolist())
labels = [model.config.id2label[index] for index in range(len(logits[0]))]
missing, unexpected = (sorted(info[key]) for key in ("missing_keys", "unexpected_keys"))
print(json.dumps({"logits": logits, "labels": labels, "missing": missing, "unexpected": unexpected}))
