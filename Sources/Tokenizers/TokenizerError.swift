public import GraftSupport

/// A reason why a folder's tokenizer cannot be used.
public enum TokenizerError: UserError, Equatable {
  /// The folder has no tokenizer file of the named class.
  case noTokenizer(folder: String, class: String?, expected: String)
  /// A component of the tokenizer is not supported.
  case unsupported(file: String, part: String, found: String, supported: String)
  /// The tokenizer's class is not supported.
  case unsupportedClass(file: String, name: String, supported: [String])
  /// The tokenizer of this model type is not supported.
  case unsupportedModelType(file: String, modelType: String, supported: [String])
  /// An unrecognized key might affect ids.
  case unknownKey(file: String, part: String, key: String)
  /// A key has a value that cannot be honored.
  case badValue(file: String, key: String, found: String, expected: String)
  /// A special token is not in the vocabulary.
  case missingSpecial(file: String, role: String, name: String, named: String?)
  /// A required part is missing.
  case missing(file: String, what: String)
  /// A part is invalid.
  case invalid(file: String, reason: String)

  /// One line: the file, what is wrong, and what was expected.
  public var description: String {
    switch self {
    case .noTokenizer(let folder, let name, let expected):
      "\(folder): no tokenizer, expected \(expected)" + (name.map { " (its class is \($0))" } ?? "")
        + "; copy the tokenizer files from the model's source"
    case .unsupported(let file, let part, let found, let supported):
      "\(file): the \(part) is \(quoted(found)), but only \(supported) is supported; use a base that Graft supports"
    case .unsupportedClass(let file, let name, let supported):
      "\(file): tokenizer_class is \(quoted(name)), which is not supported; expected one of "
        + "\(supported.joined(separator: ", ")), each with or without Fast"
    case .unsupportedModelType(let file, let modelType, let supported):
      "\(file): model_type \(quoted(modelType)) has no supported tokenizer; expected one of \(supported.joined(separator: ", "))"
    case .unknownKey(let file, let part, let key):
      "\(file): the \(part) has the unknown key \(quoted(key)), which may change ids; remove it if it does not"
    case .badValue(let file, let key, let found, let expected):
      "\(file): \(key) is \(found), which cannot be honored; expected \(expected)"
    case .missingSpecial(let file, let role, let name, let named):
      "\(file): the vocabulary lacks \(quoted(name)), "
        + (named.map { "which \($0) names as \(role); correct one of the two files" }
          ?? "the usual \(role); set \(role) in a tokenizer_config.json in the same folder to a token of the vocabulary")
    case .missing(let file, let what): "\(file): \(what) is missing; is it a complete file of a supported tokenizer?"
    case .invalid(let file, let reason): "\(file): \(reason)"
    }
  }
}
