#!/usr/bin/env python3
"""Trains LoRA on SST-2 with transformers' Trainer and peft on the CPU: what Graft is measured against.

The recipe of Configs/sst2-lora.yaml. --group sorts batches by length. Prints one JSON line.
"""

import argparse
import json
import random
import resource
import tempfile
import time

import torch
from peft import LoraConfig, TaskType, get_peft_model
from transformers import (
    AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer, TrainingArguments, set_seed,
)


def read(glue, split):
    with open(f"{glue}/SST-2/{split}.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    return [row[0] for row in rows], [int(row[1]) for row in rows]


class Rows(torch.utils.data.Dataset):
    def __init__(self, tokenizer, texts, labels):
        self.encodings, self.labels = tokenizer(texts, truncation=True, max_length=256), labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return {
            "input_ids": self.encodings["input_ids"][i], "attention_mask": self.encodings["attention_mask"][i],
            "labels": self.labels[i],
        }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--glue", required=True)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--group", action="store_true")
    options = parser.parse_args()
    set_seed(options.seed)

    tokenizer = AutoTokenizer.from_pretrained(options.base)
    model = AutoModelForSequenceClassification.from_pretrained(options.base, num_labels=2)
    model = get_peft_model(model, LoraConfig(
        task_type=TaskType.SEQ_CLS, r=8, lora_alpha=16, lora_dropout=0.05, target_modules=["query", "value"],
        modules_to_save=["classifier"],
    ))
    texts, labels = read(options.glue, "train")
    chosen = random.Random(options.seed).sample(range(len(texts)), 2000)
    train = Rows(tokenizer, [texts[i] for i in chosen], [labels[i] for i in chosen])
    dev = Rows(tokenizer, *read(options.glue, "dev"))
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model, train_dataset=train, eval_dataset=dev, data_collator=DataCollatorWithPadding(tokenizer),
            compute_metrics=lambda e: {"accuracy": float((e.predictions.argmax(-1) == e.label_ids).mean())},
            args=TrainingArguments(
                output_dir=folder, num_train_epochs=2, per_device_train_batch_size=16, per_device_eval_batch_size=32,
                learning_rate=2e-3, weight_decay=0.0, eval_strategy="no", save_strategy="no", report_to="none",
                group_by_length=options.group, use_cpu=True, disable_tqdm=True, seed=options.seed,
            ),
        )
        trained = trainer.train()
        start = time.perf_counter()
        metrics = trainer.evaluate()
        seconds = time.perf_counter() - start
    print(json.dumps({
        "train_samples_per_second": trained.metrics["train_samples_per_second"],
        "eval_samples_per_second": len(dev) / seconds, "accuracy": metrics["eval_accuracy"],
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
