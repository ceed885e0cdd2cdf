#!/usr/bin/env python3
"""Loads a base and a saved peft adapter in a new process and classifies one sentence: the peer's cold start.

    python Benchmarks/peer_predict.py --base DIR --adapter DIR "a charming film"

The adapter was written by `peer_train.py --save DIR`. Prints one JSON line.
"""

import argparse
import json

import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", required=True)
    parser.add_argument("text")
    options = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(options.base)
    model = AutoModelForSequenceClassification.from_pretrained(options.base, num_labels=2)
    model = PeftModel.from_pretrained(model, options.adapter).eval()
    with torch.inference_mode():
        probabilities = model(**tokenizer(options.text, return_tensors="pt")).logits[0].softmax(-1)
    print(json.dumps({"label": int(probabilities.argmax()), "probabilities": probabilities.tolist()}))


if __name__ == "__main__":
    main()
