/// A tokenizer class of transformers: its defaults, and which settings files it honors besides the tokenizer's
/// main file.
///
/// Source: transformers 4.57, `models/*/tokenization_*_fast.py`.
struct TokenizerClass: Sendable, Equatable {
  /// The name without `Fast`, as in `tokenizer_config.json`.
  let name: String
  let kind: Kind
  /// The default special tokens by key.
  let specials: [String: TokenDefinition]
  /// Whether tokens of the second text get type 1.
  let givesTypes: Bool
  /// Whether the two texts of a pair have two separators between them.
  var doublesSeparator = false
  /// Whether `tokenize_chinese_chars` does not take precedence over a `tokenizer.json`.
  var keepsChinese = false

  /// Which settings a class honors.
  enum Kind: Sendable, Equatable {
    /// `do_lower_case`, `strip_accents`, and `tokenize_chinese_chars` take precedence over a `tokenizer.json`;
    /// `vocab.txt` is read too.
    case wordPiece
    /// `vocab.json` with `merges.txt` is read too.
    case byteLevel
    /// Only a `tokenizer.json` is read, and nothing overrides it.
    case anyFile
  }

  /// The class of a folder that names none: nothing overrides its files.
  static let unnamed = TokenizerClass(name: "", kind: .anyFile, specials: [:], givesTypes: true)

  static let bert = wordPiece("BertTokenizer")
  static let roBERTa = byteLevel("RobertaTokenizer")

  /// Every supported class. Classes of one kind share their code.
  static let all =
    ["BertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "SqueezeBertTokenizer", "ConvBertTokenizer"].map {
      wordPiece($0)
    }
    + [wordPiece("DistilBertTokenizer", givesTypes: false)]
    + [mpNet]
    + ["RobertaTokenizer", "LongformerTokenizer", "BartTokenizer"].map(byteLevel)
    + [TokenizerClass(name: "PreTrainedTokenizer", kind: .anyFile, specials: [:], givesTypes: true)]

  /// The class that transformers uses for a `model_type`.
  static let ofModelType = [
    "bert": "BertTokenizer", "distilbert": "DistilBertTokenizer", "roberta": "RobertaTokenizer",
    "electra": "ElectraTokenizer", "mobilebert": "MobileBertTokenizer", "squeezebert": "SqueezeBertTokenizer",
    "convbert": "ConvBertTokenizer", "longformer": "LongformerTokenizer", "bart": "BartTokenizer",
    "mpnet": "MPNetTokenizer",
  ]

  /// Returns the class with this name, with or without `Fast`; `nil` for an unsupported one.
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

  private static let mpNet: TokenizerClass = {
    var specials = byteLevel("").specials
    specials["unk_token"] = TokenDefinition(content: "[UNK]", isSpecial: true)
    return TokenizerClass(
      name: "MPNetTokenizer", kind: .wordPiece, specials: specials, givesTypes: false, doublesSeparator: true,
      keepsChinese: true)
  }()

  private static func byteLevel(_ name: String) -> TokenizerClass {
    let names = [
      "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>",
      "cls_token": "<s>", "mask_token": "<mask>",
    ]
    var specials = names.mapValues { TokenDefinition(content: $0, isSpecial: true) }
    // The mask replaces a word together with the space before it.
    specials["mask_token"]?.stripsLeft = true
    return TokenizerClass(
      name: name, kind: .byteLevel, specials: specials, givesTypes: false, doublesSeparator: true)
  }
}
