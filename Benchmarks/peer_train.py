#!/usr/bin/env python3
"""Trains and evaluates one method on SST-2 on the CPU with the Trainer of transformers: the peer of Graft.

    python Benchmarks/peer_train.py --base DIR --glue DIR --method lora|houlsby|prefix|full|head

LoRA and prefix tuning are those of peft, Houlsby adapters those of AdapterHub. The recipe is that of
Configs/compare-sst2.yaml: batches of 16 (32 in evaluation), AdamW, a linear schedule to zero, no warm-up, clipping
at 1. --group sorts batches by length and --bf16 uses autocast: the peer's fastest setup. --save DIR saves peft's adapter for
peer_predict.py. Prints one JSON line.
"""

import argparse
import importlib.metadata
import json
import random
import resource
import tempfile

import torch
from cases import METHODS
from peft import LoraConfig, PrefixTuningConfig, TaskType, get_peft_model
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    set_seed,
)

PACKAGES = ("torch", "transformers", "peft", "adapters", "accelerate")
# For each model family: the target modules of LoRA, and the modules of the head.
FAMILIES = {
    "bert": (["query", "value"], ["classifier"]),
    "distilbert": (["q_lin", "v_lin"], ["pre_classifier", "classifier"]),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", required=True, help="folder with model and tokenizer")
    parser.add_argument("--glue", required=True, help="folder with SST-2/train.tsv and dev.tsv")
    parser.add_argument("--method", choices=METHODS, default="lora")
    parser.add_argument("--lr", type=float, help="learning rate, instead of the method's default")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--train-limit", type=int, default=2000)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--max-steps", type=int, default=-1, help="instead of epochs")
    parser.add_argument("--eval-every", type=int, default=0, help="steps between evaluations; 0: only at the end")
    parser.add_argument("--group", action="store_true", help="sort batches by length")
    parser.add_argument("--bf16", action="store_true", help="use bfloat16 by autocast")
    parser.add_argument("--save", help="folder for peft's adapter")
    return parser.parse_args()


def wrapped(model, method):
    """Returns the model with the parameters that the method adds; everything else is frozen."""
    targets, head = FAMILIES[model.config.model_type]
    if method == "lora":
        config = LoraConfig(
            task_type=TaskType.SEQ_CLS,
            r=8,
            lora_alpha=16,
            lora_dropout=0.05,
            target_modules=targets,
            modules_to_save=head,
        )
        return get_peft_model(model, config)
    if method == "prefix":
        return get_peft_model(model, PrefixTuningConfig(task_type=TaskType.SEQ_CLS, num_virtual_tokens=20))
    if method == "houlsby":
        import adapters  # imported only here because it patches transformers

        adapters.init(model)
        model.add_adapter("houlsby", config=adapters.DoubleSeqBnConfig(reduction_factor=model.config.hidden_size / 64))
        model.train_adapter("houlsby")
        for part in head:
            getattr(model, part).requires_grad_(True)
    if method == "head":
        model.requires_grad_(False)
        for part in head:
            getattr(model, part).requires_grad_(True)
    return model


def read(glue, split):
    with open(f"{glue}/SST-2/{split}.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    return [row[0] for row in rows], [int(row[1]) for row in rows]


class Examples(torch.utils.data.Dataset):
    """Sentences as token ids, without padding."""

    def __init__(self, tokenizer, texts, labels):
        self.ids = tokenizer(texts, truncation=True, max_length=256)["input_ids"]
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return {"input_ids": self.ids[i], "attention_mask": [1] * len(self.ids[i]), "labels": self.labels[i]}


def accuracy(evaluated):
    logits = evaluated.predictions[0] if isinstance(evaluated.predictions, tuple) else evaluated.predictions
    return {"accuracy": float((logits.argmax(-1) == evaluated.label_ids).mean())}


def main():
    options = arguments()
    set_seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.base)
    model = AutoModelForSequenceClassification.from_pretrained(options.base, num_labels=2)
    model = wrapped(model, options.method)

    texts, labels = read(options.glue, "train")
    chosen = random.Random(options.seed).sample(range(len(texts)), min(options.train_limit, len(texts)))
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=model,
            train_dataset=Examples(tokenizer, [texts[i] for i in chosen], [labels[i] for i in chosen]),
            eval_dataset=Examples(tokenizer, *read(options.glue, "dev")),
            data_collator=DataCollatorWithPadding(tokenizer),
            compute_metrics=accuracy,
            args=TrainingArguments(
                output_dir=folder,
                num_train_epochs=options.epochs,
                max_steps=options.max_steps,
                per_device_train_batch_size=16,
                per_device_eval_batch_size=32,
                learning_rate=options.lr or METHODS[options.method].learning_rate,
                weight_decay=0.0,
                eval_strategy="steps" if options.eval_every else "no",
                eval_steps=options.eval_every or None,
                save_strategy="no",
                bf16=options.bf16,
                group_by_length=options.group,
                report_to="none",
                use_cpu=True,
                disable_tqdm=True,
                seed=options.seed,
            ),
        )
        trained = trainer.train()
        # The last step may already have been evaluated.
        evaluated = [entry for entry in trainer.state.log_history if "eval_accuracy" in entry]
        at_the_end = evaluated and evaluated[-1]["step"] == trainer.state.global_step
        metrics = evaluated[-1] if at_the_end else trainer.evaluate()
    if options.save:
        model.save_pretrained(options.save)
    summary = {
        "method": options.method,
        "train_samples_per_second": trained.metrics["train_samples_per_second"],
        "eval_samples_per_second": metrics["eval_samples_per_second"],
        "metrics": {"accuracy": metrics["eval_accuracy"]},
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "trainable_parameters": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "workers": torch.get_num_threads(),
        "versions": {package: importlib.metadata.version(package) for package in PACKAGES},
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
