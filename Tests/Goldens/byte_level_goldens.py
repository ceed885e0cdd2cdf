#!/usr/bin/env python3
"""Writes the reference data for byte-level tokenizers in Tests/TokenizersTests, and
Sources/Tokenizers/Text/ByteLevelTables.swift.

Pinned: python 3.11, tokenizers 0.22.2. Run from the root of the checkout, after tokenizer_goldens.py:

    python3 Tests/Goldens/byte_level_goldens.py [--glue FOLDER] [--tables]

A small vocabulary is trained on the texts of tokenizer_goldens.py. Tests/TokenizersTests/Fixtures/byte-level contains its
tokenizer.json, vocab.json, and merges.txt, and goldens.json with the ids of every difficult text and of pairs at every
length, for RoBERTa's settings and some others. `--glue` adds digests over all sentences of five tasks; digests are defined
in tokenizer_goldens.py. `--tables` determines which code points the library's pattern treats as letters, numbers, and white
space.
"""

import argparse
import json
import os

from tokenizer_goldens import (
    NASTY, PAIR_LENGTHS, PAIR_TEXTS, SCALARS, TRAINING, Digest, encode, glue_files, numbers, ranges,
)
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors, trainers

FOLDER = "Tests/TokenizersTests/Fixtures/byte-level"
TABLES = "Sources/Tokenizers/Text/ByteLevelTables.swift"
SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
MORE = [
    "<s>", "a<mask>b", "the <mask> dog", "  <mask>", "\u3000<mask>x", "</s></s>", "it's we're I'll he'd they've I'm don't 'S 'x ''s",
    "  two  spaces  ", "\t\ttabs \n\n x", "a\u00a0b \u00a0 c", "12,345.67 x2y \u00bd\u2460\u0661", "snake_case kebab-case __init__", " ", "  ", " a", "\n", "!? !?",
]


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=1200, min_frequency=2, special_tokens=SPECIALS, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator([TRAINING, TRAINING.lower()], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(pair) for pair in model["merges"]]


def assemble(vocabulary, merges, prefix=False, regex=True, template=None):
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=regex)
    tokenizer.post_processor = template or processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    special = [AddedToken(name, lstrip=name == "<mask>", normalized=False, special=True) for name in SPECIALS]
    tokenizer.add_special_tokens(special)
    return tokenizer


def write(name, text):
    os.makedirs(FOLDER, exist_ok=True)
    with open(f"{FOLDER}/{name}", "w", encoding="utf-8", newline="") as file:
        file.write(text)
    print(f"{FOLDER}/{name}: {os.path.getsize(f'{FOLDER}/{name}')} bytes")


def pairs_of(tokenizer):
    digest = Digest()
    for pair in PAIR_TEXTS:
        for length in PAIR_LENGTHS:
            if length >= 4:
                digest.encoding(encode(tokenizer, *pair, length))
    return str(digest)


def tables():
    split = pre_tokenizers.ByteLevel(add_prefix_space=False)

    def whole(text):
        return len(split.pre_tokenize_str(text)) == 1

    letters = [code for code in SCALARS if whole(f"a{chr(code)}a")]
    digits = [code for code in SCALARS if whole(f"1{chr(code)}1")]
    others = {code for code in SCALARS if whole(f"!{chr(code)}!")}
    known = set(letters) | set(digits) | others
    spaces = [code for code in SCALARS if code not in known]
    assert not set(letters) & set(digits) and 0x20 in spaces and len(spaces) < 40, len(spaces)
    with open(TABLES, "w", encoding="utf-8") as file:
        file.write(f"""// swift-format-ignore-file
// Written by Tests/Goldens/byte_level_goldens.py --tables: measured on tokenizers 0.22.2, code point by code point.

/// The classification of code points by the pattern of byte-level tokenizers. Ranges are pairs of first and last.
enum ByteLevelTables {{
  /// Letters.
  static let letters: [UInt32] = [
{numbers(ranges(letters))}
  ]

  /// Numbers.
  static let numbers: [UInt32] = [
{numbers(ranges(digits))}
  ]

  /// White space.
  static let spaces: [UInt32] = [
{numbers(ranges(spaces))}
  ]
}}
""")
    print(TABLES)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--glue")
    parser.add_argument("--tables", action="store_true")
    options = parser.parse_args()
    if options.tables:
        tables()
    vocabulary, merges = train()
    roberta = assemble(vocabulary, merges)
    roberta.no_truncation()
    roberta.no_padding()
    write("tokenizer.json", roberta.to_str(pretty=True) + "\n")
    write("vocab.json", json.dumps(vocabulary, ensure_ascii=True) + "\n")
    write("merges.txt", "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges))
    variants = {
        "RoBERTa": roberta,
        "with a space in front": assemble(vocabulary, merges, prefix=True),
        "not split": assemble(vocabulary, merges, regex=False),
        "a template": assemble(vocabulary, merges, template=processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=[("<s>", 0), ("</s>", 2)])),
    }
    texts = NASTY + MORE
    found = {"more": MORE, "variants": []}
    for name, tokenizer in variants.items():
        ids = [encode(tokenizer, text).ids for text in texts]
        tokenizer.no_truncation()
        settings = json.loads(tokenizer.to_str())
        del settings["model"]
        found["variants"].append({"name": name, "settings": json.dumps(settings), "ids": ids, "pairs": pairs_of(tokenizer)})
    if options.glue:
        write("glue.json", json.dumps(glue_files(roberta, options.glue)) + "\n")
    write("goldens.json", json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
