#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/folders.json: folders with a tokenizer, and the ids of transformers for texts.

Pinned: python 3.11, transformers 4.57.6, tokenizers 0.22.2. Run from the root of the checkout:

    pip install transformers==4.57.6 tokenizers==0.22.2
    python3 Tests/Goldens/tokenizer_folder_goldens.py

Each case contains the files of the folder, the texts (or pairs), the maximum length, and the ids and types of AutoTokenizer;
null if transformers cannot read the folder.
"""

import copy
import json
import os
import tempfile

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from transformers import AutoTokenizer  # noqa: E402

PLACE = "Tests/TokenizersTests/Fixtures/folders.json"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] hello world he ##llo cafe HELLO new tok a b Café 東 京".split()
BYTES = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "a", "b", "Ġ", "Ġa"]
BERT, ROBERTA = {"model_type": "bert"}, {"model_type": "roberta"}


def token(content, **flags):
    plain = {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {**plain, **flags}


def special(name, type_id=0):
    return {"SpecialToken": {"id": name, "type_id": type_id}}


def sequence(name, type_id=0):
    return {"Sequence": {"id": name, "type_id": type_id}}


def word_piece(lowercase=True, added=None, **changes):
    single = [special("[CLS]"), sequence("A"), special("[SEP]")]
    file = {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": i, **token(WORDS[i], special=True)} for i in range(5)] if added is None else added,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": lowercase},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing", "single": single,
                           "pair": single + [sequence("B", 1), special("[SEP]", 1)],
                           "special_tokens": {n: {"id": n, "ids": [i], "tokens": [n]} for n, i in [("[CLS]", 2), ("[SEP]", 3)]}},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                  "vocab": {t: i for i, t in enumerate(WORDS)}},
    }
    return {**file, **changes}


def byte_level(prefix=True):
    file = word_piece(added=[])
    file["normalizer"] = None
    file["pre_tokenizer"] = {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": True}
    file["post_processor"] = {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True,
                              "add_prefix_space": prefix}
    file["model"] = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                     "end_of_word_suffix": "", "fuse_unk": False, "vocab": {t: i for i, t in enumerate(BYTES)},
                     "merges": ["Ġ a"]}
    return file


def lines(tokens):
    return "\n".join(tokens) + "\n"


TEXTS = ["Café HELLO Hello", "a [NEW] b[NEW]", "tok_a [new] newb [MASK]", "東京", ["a b", "HELLO a"]]
LONG = ["a b a hello world", ["a b a hello world", "b a hello hello"]]
VOCAB = {"config.json": BERT, "vocab.txt": lines(WORDS)}
FILE = {"config.json": BERT, "tokenizer.json": word_piece()}
CASED = {"config.json": BERT, "tokenizer.json": word_piece(lowercase=False)}
PAIRS = {"config.json": ROBERTA, "vocab.json": {t: i for i, t in enumerate(BYTES)}, "merges.txt": "#version: 0.2\nĠ a\n"}
BYTE_TEXTS = ["a a <mask>a", "b a", ["a", " a b"], "<s>a </s>"]


def mpnet(**changes):
    """Returns MPNet's tokenizer.json: WordPiece with the special tokens and the pairs of RoBERTa."""
    file = word_piece(added=[{"id": MPNET_WORDS.index(t), **token(t, special=True, lstrip=t == "<mask>")} for t in SPECIALS], **changes)
    file["post_processor"] = {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True,
                              "add_prefix_space": False}
    file["model"]["vocab"] = {t: i for i, t in enumerate(MPNET_WORDS)}
    return file


SPECIALS = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]
MPNET_WORDS = SPECIALS + WORDS[5:]
MPNET = {"config.json": {"model_type": "mpnet"}, "vocab.txt": lines(MPNET_WORDS)}
MPNET_FILE = {"config.json": {"model_type": "mpnet"}, "tokenizer.json": mpnet()}
MPNET_TEXTS = TEXTS + ["a <mask> b", "a<mask>b </s>", ["東京 a", "zzz <s>"]]


def settings(**keys):
    return {"tokenizer_config.json": keys}


CASES = [
    # name, files, texts, longest
    ("tokenizer_config lowers what tokenizer.json does not", {**CASED, **settings(do_lower_case=True)}, TEXTS, 32),
    ("tokenizer_config keeps case where tokenizer.json lowers", {**FILE, **settings(tokenizer_class="BertTokenizer", do_lower_case=False)}, TEXTS, 32),
    ("the class's default lowers", CASED, TEXTS, 32),
    ("DistilBERT's class has the same default", {**CASED, "config.json": {"model_type": "distilbert"}}, TEXTS, 32),
    ("a class in config.json", {**CASED, "config.json": {"model_type": "bert", "tokenizer_class": "PreTrainedTokenizerFast"}}, TEXTS, 32),
    ("PreTrainedTokenizerFast takes tokenizer.json as it is", {**CASED, **settings(tokenizer_class="PreTrainedTokenizerFast", do_lower_case=True)}, TEXTS, 32),
    ("added tokens are normalized as tokenizer.json says, not as the class does", {"config.json": BERT, "tokenizer.json": word_piece(lowercase=False, added=[{"id": 18, **token("HELLO", normalized=True)}, {"id": 19, **token("hello", normalized=True)}, {"id": 20, **token("Café", normalized=True)}])}, TEXTS, 32),
    ("added tokens that begin alike", {"config.json": BERT, "tokenizer.json": word_piece(added=[{"id": 18 + i, **token("[NEW]"[:i + 1])} for i in range(5)])}, TEXTS, 32),
    ("ELECTRA's class is BERT's", {**CASED, **settings(tokenizer_class="ElectraTokenizer")}, TEXTS, 32),
    ("accents stay", {**FILE, **settings(strip_accents=False)}, TEXTS, 32),
    ("accents go from cased text", {**FILE, **settings(do_lower_case=False, strip_accents=True)}, TEXTS, 32),
    ("Chinese characters are not set apart", {**FILE, **settings(tokenize_chinese_chars=False)}, TEXTS, 32),
    ("vocab.txt with switches", {**VOCAB, **settings(do_lower_case=False, tokenize_chinese_chars=False, strip_accents=True)}, TEXTS, 32),
    ("do_basic_tokenize and never_split have no effect", {**VOCAB, **settings(do_basic_tokenize=False, never_split=["HELLO"])}, TEXTS, 32),
    ("left truncation", {**FILE, **settings(truncation_side="left")}, LONG, 6),
    ("left truncation of vocab.txt", {**VOCAB, **settings(truncation_side="left", padding_side="left")}, LONG, 7),
    ("truncation's direction in tokenizer.json", {"config.json": BERT, "tokenizer.json": word_piece(truncation={"direction": "Left", "max_length": 5, "strategy": "LongestFirst", "stride": 0})}, LONG, 6),
    ("tokenizer_config's side wins", {"config.json": BERT, "tokenizer.json": word_piece(truncation={"direction": "Left", "max_length": 5, "strategy": "LongestFirst", "stride": 0}), **settings(truncation_side="right")}, LONG, 6),
    ("a side that there is not", {**FILE, **settings(truncation_side="middle")}, LONG, 6),
    ("added_tokens.json", {**VOCAB, "added_tokens.json": {"[NEW]": 18, "tok_a": 19}}, TEXTS, 32),
    ("added_tokens.json with gaps", {**VOCAB, "added_tokens.json": {"[NEW]": 40, "tok_a": 30}}, TEXTS, 32),
    ("added_tokens.json names tokens of the vocabulary", {**VOCAB, "added_tokens.json": {"new": 11, "[MASK]": 4}}, TEXTS, 32),
    ("added_tokens.json next to tokenizer.json", {**FILE, "added_tokens.json": {"[NEW]": 18}}, TEXTS, 32),
    ("added_tokens.json does not count where tokens are listed", {**VOCAB, "added_tokens.json": {"[NEW]": 18}, **settings(added_tokens_decoder={})}, TEXTS, 32),
    ("added tokens of tokenizer_config", {**VOCAB, **settings(added_tokens_decoder={"18": token("[NEW]", lstrip=True), "19": token("tok_a", normalized=True)})}, TEXTS, 32),
    ("flags of tokenizer_config replace those of tokenizer.json", {"config.json": BERT, "tokenizer.json": word_piece(added=[{"id": 18, **token("[NEW]", normalized=True)}]), **settings(added_tokens_decoder={"18": token("[NEW]", lstrip=True, rstrip=True, single_word=True)})}, TEXTS, 32),
    ("ids of tokenizer_config are not taken", {**FILE, **settings(added_tokens_decoder={"40": token("[NEW]")})}, TEXTS, 32),
    ("ids of tokenizer.json are not taken", {"config.json": BERT, "tokenizer.json": word_piece(added=[{"id": 99, **token("[NEW]")}, {"id": 50, **token("tok_a")}])}, TEXTS, 32),
    ("special tokens by other names", {"config.json": BERT, "vocab.txt": lines(["<pad>", "<unk>", "<s>", "</s>", "<mask>"] + WORDS[5:]), **settings(unk_token="<unk>", cls_token="<s>", sep_token="</s>", pad_token="<pad>", mask_token="<mask>")}, TEXTS + ["a <s> <mask>"], 32),
    ("special_tokens_map names them", {"config.json": BERT, "vocab.txt": lines(["<pad>", "<unk>", "<s>", "</s>", "<mask>"] + WORDS[5:]), "special_tokens_map.json": {"unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"}}, TEXTS + ["a <s> <mask>"], 32),
    ("special_tokens_map wins over tokenizer_config", {**VOCAB, **settings(unk_token="new"), "special_tokens_map.json": {"unk_token": "a"}}, ["zzz a new"], 32),
    ("special_tokens_map does not count where tokens are listed", {**VOCAB, **settings(unk_token="new", added_tokens_decoder={"0": token("[PAD]", special=True)}), "special_tokens_map.json": {"unk_token": "a", "additional_special_tokens": ["b"]}}, ["zzz a new b"], 32),
    ("special tokens with flags", {**VOCAB, "special_tokens_map.json": {"mask_token": {"content": "tok", "lstrip": True, "rstrip": False, "normalized": True, "single_word": False}, "additional_special_tokens": ["[X]", "new"]}}, ["a tok [X] newb [MASK]"], 32),
    ("additional special tokens come before extra ones", {**FILE, **settings(extra_special_tokens={"foo_token": "[FOO]"}, additional_special_tokens=["[BAR]"])}, ["[BAR] [FOO]"], 32),
    ("additional and extra special tokens", {**FILE, **settings(additional_special_tokens=["new"], extra_special_tokens={"foo_token": "[FOO]"})}, ["newb [FOO]"], 32),
    ("an unknown token that the vocabulary lacks", {**VOCAB, **settings(unk_token="<unk>")}, ["zzz"], 32),
    ("a mask that the vocabulary lacks gets the next id", {"config.json": BERT, "vocab.txt": lines(w for w in WORDS if w != "[MASK]")}, ["a [MASK]"], 32),
    ("cls_token of tokenizer_config does not move the template", {**FILE, **settings(cls_token="a")}, ["b a"], 32),
    ("without token types", {**FILE, **settings(model_input_names=["input_ids", "attention_mask"])}, TEXTS, 32),
    ("RoBERTa's class gives no types", {**FILE, **settings(tokenizer_class="RobertaTokenizer")}, TEXTS, 32),
    ("a vocabulary with carriage returns", {"config.json": BERT, "vocab.txt": "\r\n".join(WORDS) + "\r\n"}, TEXTS, 32),
    ("a vocabulary with spaces after tokens", {"config.json": BERT, "vocab.txt": lines(WORDS + ["a ", "x\u00a0", "x"])}, ["a b x"], 32),
    ("a vocabulary that has a token twice", {"config.json": BERT, "vocab.txt": lines(WORDS + ["a"])}, ["a b", "[NEW]"], 32),
    ("a class that needs tokenizer.json", {**VOCAB, **settings(tokenizer_class="PreTrainedTokenizerFast")}, ["a"], 32),
    ("BERT's class without its files", {**PAIRS, "config.json": BERT}, ["a"], 32),
    ("RoBERTa's files", PAIRS, BYTE_TEXTS, 32),
    ("both kinds of vocabularies", {**PAIRS, "vocab.txt": lines(WORDS)}, BYTE_TEXTS, 32),
    ("a prefix space", {**PAIRS, **settings(add_prefix_space=True)}, BYTE_TEXTS, 32),
    ("merges without a version lose the first", {**PAIRS, "merges.txt": "Ġ a\n"}, BYTE_TEXTS, 32),
    ("merges without a last line feed lose the last", {**PAIRS, "merges.txt": "#version: 0.2\nĠ a"}, BYTE_TEXTS, 32),
    ("RoBERTa's special tokens by other names", {**PAIRS, "vocab.json": {("[B]" if t == "<s>" else t): i for i, t in enumerate(BYTES)}, **settings(cls_token="[B]", bos_token="[B]", mask_token={"__type": "AddedToken", "content": "<mask>", "lstrip": False, "rstrip": False, "normalized": True, "single_word": False})}, BYTE_TEXTS + ["[B] a"], 32),
    ("a mask that is only named includes the space before it", {**PAIRS, **settings(mask_token="b")}, BYTE_TEXTS, 32),
]
for name, files in (("vocab.txt", MPNET), ("tokenizer.json", MPNET_FILE)):
    for keys in ({}, {"do_lower_case": False}, {"tokenize_chinese_chars": False}, {"strip_accents": False},
                 {"do_lower_case": False, "tokenize_chinese_chars": False}, {"unk_token": "new"}, {"mask_token": "b"}):
        CASES.append((f"MPNet's {name} with {json.dumps(keys)}", {**files, **settings(tokenizer_class="MPNetTokenizer", **keys)}, MPNET_TEXTS, 32))
CASES.append(("MPNet's class by its model type, truncated", MPNET, LONG, 6))
for keys in [{}, {"add_prefix_space": True}, {"tokenizer_class": "PreTrainedTokenizerFast"}, {"tokenizer_class": "PreTrainedTokenizerFast", "add_prefix_space": True}]:
    CASES.append((f"tokenizer.json of RoBERTa with {json.dumps(keys)}", {"config.json": ROBERTA, "tokenizer.json": byte_level(), **settings(**keys)}, BYTE_TEXTS, 32))


def expected(files, texts, longest):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            with open(f"{folder}/{name}", "w", encoding="utf-8", newline="") as file:
                file.write(content)
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder)
            rows = [tokenizer(*(text if isinstance(text, list) else [text]), truncation=True, max_length=longest) for text in texts]
        except Exception:
            return None
        types = [row.get("token_type_ids", [0] * len(row["input_ids"])) for row in rows]
        if "distilbert" in files["config.json"]:
            types = [None] * len(rows)  # the model has no types
        return [{"ids": row["input_ids"], "types": kinds} for row, kinds in zip(rows, types)]


cases = []
for name, files, texts, longest in CASES:
    written = {n: c if isinstance(c, str) else json.dumps(c, ensure_ascii=False) for n, c in copy.deepcopy(files).items()}
    cases.append({"name": name, "files": written, "texts": [t if isinstance(t, list) else [t] for t in texts], "longest": longest,
                  "expected": expected(written, texts, longest)})
with open(PLACE, "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
print(len(cases), "cases;", sum(case["expected"] is None for case in cases), "that transformers does not read")
