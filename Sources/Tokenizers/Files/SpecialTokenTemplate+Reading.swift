import GraftSupport

extension SpecialTokenTemplate {
  /// Reads a `post_processor`: `TemplateProcessing`, `BertProcessing`, or `RobertaProcessing`.
  init(from reader: inout JSONReader) throws {
    let file = reader.path
    var type: String?
    var (single, pair): ([RawPiece]?, [RawPiece]?)
    var specials: [String: [Int32]] = [:]
    var (classification, separator): (Int32?, Int32?)
    if try reader.takeNull() {
      type = "null"
    } else {
      try reader.object { reader, key in
        switch key {
        case "type": type = try reader.string()
        case "single": single = try Self.pieces(&reader)
        case "pair": pair = try Self.pieces(&reader)
        case "special_tokens":
          try reader.object { reader, name in specials[name] = try Self.specialIDs(&reader) }
        case "cls": classification = try Self.namedID(&reader)
        case "sep": separator = try Self.namedID(&reader)
        // These affect only offsets into the text, which are not used here.
        case "trim_offsets", "add_prefix_space": try reader.skipValue()
        default: throw TokenizerError.unknownKey(file: file, part: "post_processor", key: key)
        }
      }
    }
    switch (type, single, pair, classification, separator) {
    case ("TemplateProcessing", let single?, let pair?, _, _):
      func resolve(_ pieces: [RawPiece]) throws -> [Piece] {
        try pieces.map { piece in
          switch piece {
          case .sequence("A", let type): return .first(type: type)
          case .sequence("B", let type): return .second(type: type)
          case .sequence(let name, _):
            throw TokenizerError.invalid(
              file: file, reason: "the post_processor has the sequence \(quoted(name)), expected A or B")
          case .special(let name, let type):
            guard let ids = specials[name] else {
              throw TokenizerError.missing(file: file, what: "the special token \(quoted(name)) of the post_processor")
            }
            return .special(ids: ids, type: type)
          }
        }
      }
      self.init(single: try resolve(single), pair: try resolve(pair))
    case ("BertProcessing", _, _, let classification?, let separator?):
      self = .bert(classification: classification, separator: separator)
    case ("RobertaProcessing", _, _, let classification?, let separator?):
      self = .roBERTa(classification: classification, separator: separator)
    case ("TemplateProcessing", _, _, _, _), ("BertProcessing", _, _, _, _), ("RobertaProcessing", _, _, _, _):
      throw TokenizerError.missing(file: file, what: "a required key of the post_processor")
    default:
      throw TokenizerError.unsupported(
        file: file, part: "post_processor", found: type ?? "?",
        supported: "TemplateProcessing, BertProcessing, or RobertaProcessing")
    }
  }

  /// A piece whose special token is still a name, without ids.
  private enum RawPiece {
    case sequence(String, type: Int32)
    case special(String, type: Int32)
  }

  private static func pieces(_ reader: inout JSONReader) throws -> [RawPiece] {
    var pieces: [RawPiece] = []
    try reader.array { reader in
      try reader.object { reader, kind in
        var (name, type) = ("", Int32(0))
        try reader.object { reader, key in
          switch key {
          case "id": name = try reader.string()
          case "type_id": type = try reader.tokenID()
          default: throw TokenizerError.unknownKey(file: reader.path, part: "post_processor", key: key)
          }
        }
        switch kind {
        case "Sequence": pieces.append(.sequence(name, type: type))
        case "SpecialToken": pieces.append(.special(name, type: type))
        default: throw TokenizerError.unknownKey(file: reader.path, part: "post_processor", key: kind)
        }
      }
    }
    return pieces
  }

  private static func specialIDs(_ reader: inout JSONReader) throws -> [Int32] {
    var ids: [Int32] = []
    try reader.object { reader, key in
      switch key {
      case "ids": try reader.array { ids.append(try $0.tokenID()) }
      case "id", "tokens": try reader.skipValue()
      default: throw TokenizerError.unknownKey(file: reader.path, part: "post_processor", key: key)
      }
    }
    return ids
  }

  /// Reads a pair of a name and an id, such as `["[CLS]", 101]`.
  private static func namedID(_ reader: inout JSONReader) throws -> Int32? {
    var id: Int32?
    var isName = true
    try reader.array { reader in
      if isName { _ = try reader.string() } else { id = try reader.tokenID() }
      isName = false
    }
    return id
  }
}
