#!/usr/bin/env python3
"""Writes the reference data for Tests/TokenizersTests, and Sources/Tokenizers/Text/UnicodeTables.swift, with the real library.

Pinned: python 3.11, tokenizers 0.22.2. Run from the root of the checkout:

    pip install tokenizers==0.22.2
    python3 Tests/Goldens/tokenizer_goldens.py [--base FOLDER] [--glue FOLDER] [--tables]

Without options, it writes the small vocabulary, the difficult texts, and the expected results. `--base` (a folder with the
tokenizer.json of sentence-transformers/all-MiniLM-L6-v2) adds that tokenizer's results for the difficult texts; `--glue` (the
tasks as published, one folder each) adds digests over all their sentences. `--tables` writes the Unicode tables again. They
are measured on the library, code point by code point, because it mixes tables of several Unicode versions.

Digest: FNV-1a, 64 bits (offset 0xcbf29ce484222325, prime 0x100000001b3). Each encoding is hashed as its number of ids,
its ids and its type ids, each number as four bytes, lowest first. Each list of words is hashed as the UTF-8 bytes of
every word followed by 0xFF, and one 0xFE at its end.
"""

import argparse
import json
import os
import sys
import unicodedata

import tokenizers
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors, trainers
from tokenizers.models import WordPiece

PINNED = "0.22.2"
FIXTURES = "Tests/TokenizersTests/Fixtures"
TABLES = "Sources/Tokenizers/Text/UnicodeTables.swift"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SCALARS = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]


class Digest:
    def __init__(self):
        self.state = 0xCBF29CE484222325

    def update(self, data):
        state = self.state
        for byte in data:
            state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        self.state = state

    def encoding(self, encoding):
        numbers = [len(encoding.ids), *encoding.ids, *encoding.type_ids]
        self.update(b"".join(number.to_bytes(4, "little") for number in numbers))

    def words(self, words):
        self.update(b"".join(word.encode() + b"\xff" for word in words) + b"\xfe")

    def __str__(self):
        return f"{self.state:016x}"


# The texts. The vocabulary is trained on these lines and their lowercase forms.

TRAINING = """
The quick brown fox jumps over the lazy dog, and the dog does not mind: it is asleep.
A grey adapter of few parameters is injected into a frozen encoder; only the adapter is trained.
Fine-tuning changes all the weights. Parameter-efficient fine-tuning changes hardly any of them!
Low-rank matrices, bottleneck layers and learned prefixes are three ways to the same end (more or less).
Was the film good? The film was good, the acting was better, and the ending was the best thing I have ever seen.
An awful, boring, tasteless and entirely unwatchable movie; two hours of my life that nobody will give back.
Er fährt über die Straße nach Köln, wo die Bäume grün und die Häuser schön sind. Äpfel, Öl, Übermut.
L'été dernier, où étiez-vous ? À l'hôtel, près de la forêt, où la fenêtre était fermée. Ça alors, cœur !
El niño comió una piña mañana por la mañana; ¿dónde está el pingüino? ¡Allí, señor!
İstanbul'da ılık bir gün: ığdır, şeker, çiçek, öğretmen, Iğdır, İzmir.
Η γλώσσα μου έδωσαν ελληνική· το σπίτι φτωχικό στις αμμουδιές του Ομήρου. Ο ΔΡΟΜΟΣ, ο δρόμος.
Съешь же ещё этих мягких французских булок, да выпей чаю. Ёлка, йод, Йод.
שלום עולם, זה טקסט בעברית. السلام عليكم، هذا نص بالعربية.
我们在北京学习自然语言处理。 日本語のテキストもあります。 カタカナ、ガギグゲゴ。
한국어 문장도 하나 있습니다. 안녕하세요 세계!
नमस्ते दुनिया, यह हिन्दी है। สวัสดีชาวโลก Tiếng Việt có dấu: Nguyễn, phở, Huế.
Prices: $3.50, 20 %, 1,000,000 and 3.14159; e-mail me at someone@example.com or see https://example.com/a?b=c&d=e.
unaffable affable unbelievable believable believe believing believer tokenization tokenizer tokens token
"""

NASTY = [
    "", " ", "\t\n\r \u000b\u000c", "a", "Hello, World!", "the quick brown fox", "unaffable", "unaffableXYZ",
    # Accents: precomposed, decomposed, in an unusual order, many, alone; letters that have no decomposition.
    "caf\u00e9", "cafe\u0301", "CAFÉ cafe\u0301", "a\u0323\u0307 a\u0307\u0323 \u1ea1\u0307", "Nguye\u0302\u0303n Nguy\u1ec5n",
    "\u0301", "\u0301\u0302\u0303abc", "e" + "\u0301" * 50, "\u00e5\u212b A\u030a", "\u00d8 \u0141 \u0110 \u00df \u1e9e \u00e6 \u0153",
    "Stra\u00dfe STRASSE STRA\u1e9eE", "\u01c4 \u01c5 \u01c6 \u01f2", "\ufb01n \ufb00 \ufb03 \ufb06", "\u2126 \u212a \u2160 \u24b6",
    # Case: Turkish, final sigma, titlecase, other scripts with case.
    "\u0130stanbul \u0131l\u0131k I\u0307 i\u0307 \u0130", "\u039f\u0394\u039f\u03a3 \u03bf\u03b4\u03cc\u03c2 \u03a3\u03a3 \u03a3",
    "\u0402\u0403 \u10a0\u10d0\u1c90 \u13a0\uab70 \U00010400\U00010428 \U0001e900\U0001e922", "\u1f88 \u1f80 \u1fbc \u0390 \u1fe4",
    # Order of combining marks that are not removed.
    "\U0001d16d\U0001d165", "\U0001d15f\U0001d16d\U0001d165x", "\u1100\u302f\u302e\u1b44", "\U0001d16d\u0301\U0001d165 \U0001d16d\u034f\U0001d165",
    "\u0344 \u0f73 \u0f75 \u0f81 \u0f71\u0f72", "\u0b94 \u0ddd \u1112e \U0001112e \U00011938",
    # Chinese, Japanese, Korean; compatibility forms; the edges of the ranges.
    "北京大学abc北", "我爱\tBERT模型", "日本語のテキスト", "ガギグ カ\u3099 ﾊﾟ", "\uf900\uf9ff\ufa0e\ufaff \U0002f800 \U0002fa1f",
    "\u33ff\u3400\u4dbf\u4dc0\u4dff\u4e00\u9fff\ua000", "\U0001ffff\U00020000\U0002a6df\U0002a6e0\U0002a700\U0002b81f\U0002b820\U0002b91f\U0002b920\U0002ceaf\U0002ceb0",
    "한국어 \u1112\u1161\u11ab \ud55c\uae00 각\u11a8", "\uac00\ud7a3\ud7a4\uabff",
    # Emoji and joiners.
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f1e9\U0001f1ea\U0001f44d\U0001f3fd", "1\ufe0f\u20e3 \u2764\ufe0f",
    # Invisible characters and control characters.
    "zero\u200bwidth\u200cjoin\u200der\ufeffbom", "\ufeff", "\ufeffthe", "soft\u00adhyphen", "a\u0000b\u0001c\u007fd\u0080e\u0085f\u009fg",
    "a\u00a0b\u2003c\u3000d\u1680e\u202ff\u205fg\u2028h\u2029i", "\u180e\u061c\u200e\u202eabc\u202c\u2066x\u2069", "\u2060\u2061\u2064\u2065\u206f",
    "a\ufffdb \ufffc \ufff9x\ufffb", "\ue000 \uf8ff \U000f0000 \U0010ffff \U0010fffd", "\u0378 \u0530 \U0001fffe \ufdd0 \uffff \U000e0080", "\ud7ff\ue000 \ud7fb",
    "\U000e0001\U000e0041\U000e007f tag", "\U000e0100x", "\u0600\u06dd\u070f\u08e2 \U000110bd\U000110cd",
    # Punctuation and symbols.
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "a.b-c_d'e", "…—–‚„“”‘’«»‹›¿¡·•§¶†‡", "€£¥₿©®™°±×÷√∞≠", "\u2e52\u2e5d\u10ead\U00010ead\U00011944 \u061d",
    "don't can't won't it's", "$3.50, 20 %, 1,000,000", "https://example.com/a?b=c&d=e", "¡¿qué?!",
    # Right-to-left scripts, Indic scripts, Thai.
    "שלום עולם", "שָׁלוֹם \ufb2a\ufb49", "السلام عليكم، هَذَا نَصٌّ", "नमस्ते दुनिया। हिन्दी", "สวัสดีชาวโลก ำ", "வணக்கம் కన్నడ ಕನ್ನಡ മലയാളം", "བོད་ཡིག", "မြန်မာ",
    # Long words: at and above the limit of 100 characters, in single- and multi-byte characters.
    "a" * 99, "a" * 100, "a" * 101, "b" * 200, "x" + "é" * 99, "x" + "é" * 100, "ж" * 100, "ж" * 101, "e\u0301" * 100, "e\u0301" * 101, "日" * 101, "!" * 150, "\u1ec7" * 100, "가" * 51,
    # Special tokens inside the text.
    "[CLS]", "[SEP] [PAD]", "a[MASK]b", "the [MASK] dog", "[mask] [Mask]", "[ MASK ]", "[[MASK]]", "[MASK][MASK]", "[MASK", "MASK]", "[UNK] [UNK]x", "[CLS] the dog [SEP] and [SEP]",
    "[MA\u0000SK]", "[MASK\u0301]", "[M\u00c1SK]", "é[SEP]é", "##ing ##", "#", "[unused1]",
    # A very long text.
    "The quick brown fox jumps over the lazy dog. " * 60, "naïve café " * 200, "北" * 600, "a " * 700,
]

# Pairs by index into NASTY, each truncated to all of the lengths.
PAIR_TEXTS = [
    ("the quick brown fox jumps", "over the lazy dog"), ("a", "the dog does not mind: it is asleep"), ("the dog does not mind: it is asleep", "a"),
    ("", "the film was good"), ("the film was good", ""), ("", ""), ("été à l'hôtel", "北京 [SEP] 日本"),
    ("unbelievable believers believing tokens", "believe believer token tokens affable"), ("a b c d e f g h i j", "a b c d e f g h i j"),
]
PAIR_LENGTHS = [*range(3, 34), 512]
LONG_PAIR_LENGTHS = [64, 127, 128, 256, 511, 512]

ADDED_PROBES = [
    "foo", "foo foobar barfoo foo.", "a foo  b", "xfoox foo\u0301 foo_ foo- \u00e9foo foo\u200d", "left  <l>  x", "x  <r>  y", "x <l><l> <r> <r>y", "<b> <b>  <b>x", "the NEWWORD is newword NewWord néwword",
    "newwords and newwordnewword", "longest longest token longest tokens", "longest to", "[MASK]foo[SEP]", "  <l>", "<r>  ", " \u3000<l>\u00a0", "<r>\u0085\u2028z", "Straße straße STRASSE", "foo<l>", "<r> foo", "<r> <r>", "<r>  <l>", "<sp>  <sp> x <sp>",
]


def added_tokens():
    """Returns tokens with each of the flags; tokens outside the vocabulary get the ids after it."""
    token = tokenizers.AddedToken
    return [
        token("foo", single_word=True, normalized=False), token("<l>", lstrip=True, normalized=False), token("<r>", rstrip=True, normalized=False),
        token("<b>", lstrip=True, rstrip=True, normalized=False), token("NewWord", normalized=True), token("longest token", normalized=False),
        token("longest", normalized=False), token("Straße", normalized=True, single_word=True), token("  <sp>", rstrip=True, normalized=False), token("believe", normalized=True),
    ]


def template(a="[CLS]", b="[SEP]", ids=(2, 3)):
    return processors.TemplateProcessing(
        single=f"{a} $A {b}", pair=f"{a} $A {b} $B:1 {b}:1", special_tokens=[(a, ids[0]), (b, ids[1])]
    )


def train():
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=1400, min_frequency=1, special_tokens=SPECIALS, show_progress=False)
    decomposed = unicodedata.normalize("NFD", TRAINING)
    bare = "".join(mark for mark in decomposed if unicodedata.category(mark) != "Mn")
    tokenizer.train_from_iterator([TRAINING, TRAINING.lower(), bare.lower(), "e\u0301 cafe\u0301"], trainer)
    # The trainer breaks ties in no fixed order; sorting makes the file reproducible.
    known = SPECIALS + sorted(set(tokenizer.get_vocab()) - set(SPECIALS))
    for token in ["caf\u00e9", "cafe\u0301"]:  # equal with Swift's ==, but two tokens in the library
        if token not in known:
            known.append(token)
    return known


def assemble(vocabulary, normalizer, post_processor=None, added=(), max_chars=100):
    model = WordPiece({token: index for index, token in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=max_chars)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = post_processor or template()
    tokenizer.add_special_tokens(SPECIALS)
    tokenizer.add_tokens(list(added))
    return tokenizer


def encode(tokenizer, text, pair=None, length=512):
    tokenizer.no_padding()
    tokenizer.enable_truncation(length)
    return tokenizer.encode(text, pair)


def without_model(tokenizer):
    """Returns the tokenizer's JSON up to the model, which is the same for all and is stored in small/tokenizer.json."""
    tokenizer.no_truncation()
    parts = json.loads(tokenizer.to_str())
    del parts["model"]
    return json.dumps(parts, ensure_ascii=True)


def write(name, value):
    path = f"{FIXTURES}/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(value if isinstance(value, str) else lines_of(value) + "\n")
    print(f"{path}: {os.path.getsize(path)} bytes")


def lines_of(value, indent=""):
    """Formats JSON in ASCII with one line per entry of the outer two levels."""
    if isinstance(value, dict) and indent == "":
        inner = ",\n".join(f" {json.dumps(key)}: {lines_of(entry, ' ')}" for key, entry in value.items())
        return "{\n" + inner + "\n}"
    if isinstance(value, list) and value and indent in ("", " "):
        return "[\n" + ",\n".join(f"{indent} {json.dumps(entry, separators=(',', ':'))}" for entry in value) + "\n" + indent + "]"
    return json.dumps(value, separators=(",", ":"))


def pairs_of(tokenizer):
    found = []
    for first, second in PAIR_TEXTS:
        for length in PAIR_LENGTHS:
            encoding = encode(tokenizer, first, second, length)
            found.append([first, second, length, encoding.ids, encoding.type_ids])
    long = [("The quick brown fox jumps over the lazy dog. " * 30, "naïve café " * 60), ("a " * 300, "b " * 301), ("a " * 301, "b " * 300)]
    for first, second in long:
        for length in LONG_PAIR_LENGTHS:
            encoding = encode(tokenizer, first, second, length)
            found.append([first, second, length, encoding.ids, encoding.type_ids])
    return found


def small_goldens():
    vocabulary = train()
    bert = normalizers.BertNormalizer
    plain = assemble(vocabulary, bert())
    plain.no_truncation()
    write("small/tokenizer.json", plain.to_str(pretty=True) + "\n")
    write("small/vocab.txt", "".join(token + "\n" for token in vocabulary))
    write("nasty.json", NASTY)
    bert_processing = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    twice = processors.TemplateProcessing(
        single="[CLS] [CLS] $A:1 [SEP]", pair="[CLS] $B:1 [SEP] [MASK]:1 $A:0 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3), ("[MASK]", 4)]
    )
    variants = {
        "uncased": assemble(vocabulary, bert()),
        "uncased, accents kept": assemble(vocabulary, bert(strip_accents=False)),
        "cased": assemble(vocabulary, bert(lowercase=False)),
        "cased, accents stripped": assemble(vocabulary, bert(lowercase=False, strip_accents=True)),
        "cased, accents kept": assemble(vocabulary, bert(lowercase=False, strip_accents=False)),
        "not cleaned": assemble(vocabulary, bert(clean_text=False)),
        "Chinese not isolated": assemble(vocabulary, bert(handle_chinese_chars=False)),
        "nothing but the split": assemble(vocabulary, bert(clean_text=False, handle_chinese_chars=False, lowercase=False)),
        "BertProcessing": assemble(vocabulary, bert(), bert_processing),
        "another template": assemble(vocabulary, bert(), twice),
        "added tokens": assemble(vocabulary, bert(), added=added_tokens()),
        "added tokens, cased": assemble(vocabulary, bert(lowercase=False), added=added_tokens()),
    }
    written = []
    for name, tokenizer in variants.items():
        texts = NASTY + ADDED_PROBES if "added" in name else NASTY
        singles = [encode(tokenizer, text) for text in texts]
        written.append({
            "name": name, "settings": without_model(tokenizer), "ids": [encoding.ids for encoding in singles],
            "pairs": digest_of([encode(tokenizer, *pair, length) for pair in PAIR_TEXTS for length in PAIR_LENGTHS if length >= 4]),
        })
    write("small-goldens.json", {"added": ADDED_PROBES, "variants": written, "pairs": pairs_of(variants["uncased"])})
    assert encode(variants["uncased"], "café").ids != [1]


def digest_of(encodings):
    digest = Digest()
    for encoding in encodings:
        digest.encoding(encoding)
    return str(digest)


def code_point_goldens():
    """Returns a digest of the resulting words for every block of 4096 code points, alone and between other characters."""
    split = pre_tokenizers.BertPreTokenizer()
    bert = normalizers.BertNormalizer
    settings = {
        "uncased": bert(), "cased": bert(lowercase=False), "neither cleaned nor isolated": bert(clean_text=False, handle_chinese_chars=False, strip_accents=False),
    }
    result = {}
    for name, normalizer in settings.items():
        blocks = []
        for block in range(0, 0x110000, 0x1000):
            digest = Digest()
            for code in range(block, block + 0x1000):
                if 0xD800 <= code < 0xE000:
                    continue
                for text in (chr(code), f"a{chr(code)}b", f"\U0001d16d{chr(code)}\U0001d165"):
                    digest.words(word for word, _ in split.pre_tokenize_str(normalizer.normalize_str(text)))
            blocks.append(str(digest))
        result[name] = blocks
    write("code-points.json", result)


def base_goldens(folder):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    write("minilm-goldens.json", {"ids": [encode(tokenizer, text).ids for text in NASTY], "pairs": pairs_of(tokenizer)})


GLUE = [  # folder, first line is a header, text columns
    ("CoLA", False, [3]), ("MRPC", True, [3, 4]), ("RTE", True, [1, 2]), ("SST-2", True, [0]), ("STS-B", True, [7, 8]),
]


def glue_goldens(base, glue):
    found = glue_files(Tokenizer.from_file(f"{base}/tokenizer.json"), glue)
    write("glue.json", found)
    print(sum(entry["sentences"] for entry in found), "sentences")


def glue_files(tokenizer, glue):
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    found = []
    for task, header, columns in GLUE:
        for part in ("train", "dev"):
            with open(f"{glue}/{task}/{part}.tsv", encoding="utf-8", newline="") as file:
                rows = file.read().split("\n")
            rows = [row.removesuffix("\r").split("\t") for row in rows[1 if header else 0 :] if row]
            rows = [[row[column] for column in columns] for row in rows if len(row) > columns[-1]]
            sentences = [text for row in rows for text in row]
            entry = {"file": f"{task}/{part}.tsv", "header": header, "columns": columns, "sentences": len(sentences)}
            entry["digest"] = digest_of(tokenizer.encode_batch(sentences))
            if len(columns) == 2:
                entry["pairs"] = digest_of(tokenizer.encode_batch([tuple(row) for row in rows]))
            found.append(entry)
    return found


# The Unicode tables.


def ranges(codes):
    found = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def strides(mapping):
    """Returns (first, last, step, offset to the target) for runs of code points with the same offset."""
    found = []
    for code, target in sorted(mapping.items()):
        offset = target - code
        if found and found[-1][3] == offset:
            run = found[-1]
            if run[0] == run[1] and code - run[1] in (1, 2):
                run[1:3] = code, code - run[0]
                continue
            if run[2] == code - run[1]:
                run[1] = code
                continue
        found.append([code, code, 1, offset])
    return found


def numbers(rows):
    lines, line = [], "   "
    for row in rows:
        text = "".join(f" {entry if entry < 0 or position > 1 else hex(entry)}," for position, entry in enumerate(row))
        if len(line + text) > 118:
            lines.append(line)
            line = "   "
        line += text
    return "\n".join([*lines, line])


def literal(text):
    def one(mark):
        plain = unicodedata.category(mark)[0] == "L" and any(
            script in unicodedata.name(mark, "") for script in ("LATIN", "GREEK", "CYRILLIC", "CJK UNIFIED")
        )
        return mark if plain else f"\\u{{{ord(mark):X}}}"

    return '"' + "".join(map(one, text)) + '"'


def texts(rows):
    lines, line = [], "   "
    for code, text in rows:
        entry = f" (0x{code:X}, {literal(text)}),"
        if len(line + entry) > 118:
            lines.append(line)
            line = "   "
        line += entry
    return "\n".join([*lines, line])


def tables():
    bert = normalizers.BertNormalizer
    clean = bert(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False).normalize_str
    han = bert(clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False).normalize_str
    strip = bert(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False).normalize_str
    lower = bert(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=True).normalize_str
    decompose = normalizers.NFD().normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str

    def words(text):
        return [word for word, _ in split(text)]

    stripped = {code: strip(chr(code)) for code in SCALARS if strip(chr(code)) != chr(code)}
    lowered = {code: lower(chr(code)) for code in SCALARS if lower(chr(code)) != chr(code)}
    cleaned = {code: clean(chr(code)) for code in SCALARS}
    marks = [code for code, text in stripped.items() if not text]
    bases = {code: text for code, text in stripped.items() if text and not 0xAC00 <= code <= 0xD7A3}
    # Marks that remain after accents are removed and are sorted by combining class.
    moves = [code for code in SCALARS if strip(chr(code)) == chr(code) and decompose(f"\u0345{chr(code)}") == f"{chr(code)}\u0345"]
    order = {code: unicodedata.combining(chr(code)) for code in moves}
    for first in moves:
        for second in moves:
            swapped = order[first] > order[second]
            expected = chr(second) + chr(first) if swapped else chr(first) + chr(second)
            assert strip(chr(first) + chr(second)) == expected
    first, second = "\U0001d16d", "\U0001d165"
    barriers = [code for code in marks if strip(f"{first}{chr(code)}{second}") != second + first]

    classes = []
    for low, high in ranges(moves):
        for code in range(low, high + 1):
            if classes and classes[-1][1] == code - 1 and classes[-1][2] == order[code]:
                classes[-1][1] = code
            else:
                classes.append([code, code, order[code]])
    runs = []
    for code, text in sorted(bases.items()):
        if len(text) > 1:
            continue
        gap = range(runs[-1][0] + len(runs[-1][1]), code) if runs else None
        fills = runs and len(gap) <= 3 and len(runs[-1][1]) < 60 and all(
            unicodedata.category(chr(fill))[0] == "L" and fill not in stripped for fill in gap
        )
        if fills:
            runs[-1][1] += "".join(map(chr, gap)) + text
        else:
            runs.append([code, text])
    long_lower = {code: text for code, text in lowered.items() if len(text) > 1}
    assert long_lower == {0x130: "i\u0307"}, long_lower

    text = f"""// swift-format-ignore-file
// Written by Tests/Goldens/tokenizer_goldens.py --tables: measured on tokenizers {PINNED}, code point by code point.

/// The properties of code points in the tokenizers library.
///
/// They are not those of the system's Unicode version, because the library mixes tables of several versions, some of them
/// old, and ids must not change with the operating system. Ranges are pairs of first and last.
enum UnicodeTables {{
  /// Code points removed by cleaning.
  static let controls: [UInt32] = [
{numbers(ranges(code for code, text in cleaned.items() if text == ""))}
  ]

  /// Code points replaced with a space by cleaning.
  static let spaces: [UInt32] = [
{numbers(ranges(code for code, text in cleaned.items() if text == " "))}
  ]

  /// Code points that separate words.
  static let whitespace: [UInt32] = [
{numbers(ranges(code for code in SCALARS if words(f"a{chr(code)}b") == ["a", "b"]))}
  ]

  /// Code points that are words by themselves.
  static let punctuation: [UInt32] = [
{numbers(ranges(code for code in SCALARS if words(f"a{chr(code)}b") == ["a", chr(code), "b"]))}
  ]

  /// Code points that get a space on both sides.
  static let chinese: [UInt32] = [
{numbers(ranges(code for code in SCALARS if han(chr(code)) == f" {chr(code)} "))}
  ]

  /// Marks removed when accents are stripped.
  static let marks: [UInt32] = [
{numbers(ranges(marks))}
  ]

  /// The elements of `marks` that other marks are not moved across when marks are sorted.
  static let barriers: [UInt32] = [
{numbers(ranges(barriers))}
  ]

  /// Marks that are kept and sorted: first, last, combining class.
  static let classes: [UInt32] = [
{numbers(classes)}
  ]

  /// Lowercase mappings to one code point: first, last, step, distance. Only U+0130 maps to two: U+0069 U+0307.
  static let lowercase: [Int32] = [
{numbers(strides({code: ord(text) for code, text in lowered.items() if len(text) == 1}))}
  ]

  /// Decompositions without marks, for consecutive code points from the first one on; without Hangul.
  static let bases: [(first: UInt32, text: String)] = [
{texts(runs)}
  ]

  /// Decompositions without marks that have more than one code point.
  static let expansions: [(code: UInt32, text: String)] = [
{texts(sorted((code, text) for code, text in bases.items() if len(text) > 1))}
  ]
}}
"""
    with open(TABLES, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{TABLES}: {len(text.splitlines())} lines")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base")
    parser.add_argument("--glue")
    parser.add_argument("--tables", action="store_true")
    options = parser.parse_args()
    if tokenizers.__version__ != PINNED:
        sys.exit(f"tokenizers {tokenizers.__version__} is not {PINNED}")
    if options.tables:
        tables()
    small_goldens()
    code_point_goldens()
    if options.base:
        base_goldens(options.base)
    if options.base and options.glue:
        glue_goldens(options.base, options.glue)


if __name__ == "__main__":
    main()
