/// A class of transformers that a folder's tokenizer belongs to: its defaults, and which of the settings next to the tokenizer's
/// own file it honors.
///
/// transformers 4.57: `models/*/tokenization_*_fast.py`.
struct TokenizerClass: Sendable, Equatable {
  /// The name without `Fast`, as `tokenizer_config.json` has it.
  let name: String
  let kind: Kind
  /// The special tokens unless a file names others, by their keys.
  let specials: [String: TokenDefinition]
  /// Whether a model gets the second text's tokens as such.
  let givesTypes: Bool

  /// Which settings it honors.
  enum Kind: Sendable, Equatable {
    /// `do_lower_case`, `strip_accents` and `tokenize_chinese_chars` take precedence over a `tokenizer.json`; also reads `vocab.txt`.
    case wordPiece
    /// Reads `vocab.json` with `merges.txt` too.
    case byteLevel
    /// Only reads a `tokenizer.json`, and takes its words from there.
    case anyFile
  }

  /// What a folder without any word on its class is read as: nothing overrides its files.
  static let unnamed = TokenizerClass(name: "", kind: .anyFile, specials: [:], givesTypes: true)

  static let bert = wordPiece("BertTokenizer")
  static let roBERTa = byteLevel("RobertaTokenizer")

  /// Every class that can be read. Those of one kind have the same code under other names.
  static let all =
    ["BertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "SqueezeBertTokenizer", "ConvBertTokenizer"].map {
      wordPiece($0)
    }
    + [wordPiece("DistilBertTokenizer", givesTypes: false)]
    + ["RobertaTokenizer", "LongformerTokenizer", "BartTokenizer"].map(byteLevel)
    + [TokenizerClass(name: "PreTrainedTokenizer", kind: .anyFile, specials: [:], givesTypes: true)]

  /// The class that transformers takes for a `model_type`.
  static let ofModelType = [
    "bert": "BertTokenizer", "distilbert": "DistilBertTokenizer", "roberta": "RobertaTokenizer",
    "electra": "ElectraTokenizer", "mobilebert": "MobileBertTokenizer", "squeezebert": "SqueezeBertTokenizer",
    "convbert": "ConvBertTokenizer", "longformer": "LongformerTokenizer", "bart": "BartTokenizer",
  ]

  /// The class of that name, with or without `Fast`; `nil` for one that cannot be read.
  static func named(_ name: String) -> TokenizerClass? {
    let plain = name.hasSuffix("Fast") ? String(name.dropLast("Fast".count)) : name
    return all.first { $0.name == plain }
  }

  private static func wordPiece(_ name: String, givesTypes: Bool = true) -> TokenizerClass {
    let names = [
      "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]",
    ]
    return TokenizerClass(
      name: name, kind: .wordPiece, specials: names.mapValues { TokenDefinition(content: $0, isSpecial: true) },
      givesTypes: givesTypes)
  }

  private static func byteLevel(_ name: String) -> TokenizerClass {
    let names = [
      "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>",
      "cls_token": "<s>", "mask_token": "<mask>",
    ]
    var specials = names.mapValues { TokenDefinition(content: $0, isSpecial: true) }
    // The mask stands for a word with the space before it.
    specials["mask_token"]?.stripsLeft = true
    return TokenizerClass(name: name, kind: .byteLevel, specials: specials, givesTypes: false)
  }
}
