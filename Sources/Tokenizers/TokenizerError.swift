public import GraftSupport

/// Why a folder's tokenizer can't be used.
public enum TokenizerError: UserError, Equatable {
  /// The folder has no file that describes one of the class that is named.
  case noTokenizer(folder: String, class: String?, expected: String)
  /// A part of it works in a way that is not built in.
  case unsupported(file: String, part: String, found: String, supported: String)
  /// Its class works in a way that is not built in.
  case unsupportedClass(file: String, name: String, supported: [String])
  /// The tokenizers of models of this kind are not built in.
  case unsupportedModelType(file: String, modelType: String, supported: [String])
  /// A key that might change ids is not known.
  case unknownKey(file: String, part: String, key: String)
  /// A key has a value that cannot be honored.
  case badValue(file: String, key: String, found: String, expected: String)
  /// A special token is not in the vocabulary.
  case missingSpecial(file: String, role: String, name: String, named: String?)
  /// Something that must be there is not.
  case missing(file: String, what: String)
  /// Something is there that can't be.
  case invalid(file: String, reason: String)

  /// One line: the file, what is wrong, and what was expected.
  public var description: String {
    switch self {
    case .noTokenizer(let folder, let name, let expected):
      "\(folder): no tokenizer, expected \(expected)" + (name.map { " (its class is \($0))" } ?? "")
        + "; copy the files from where the model comes from"
    case .unsupported(let file, let part, let found, let supported):
      "\(file): the \(part) is \(quoted(found)), but only \(supported) is supported; take a BERT, DistilBERT or RoBERTa base"
    case .unsupportedClass(let file, let name, let supported):
      "\(file): tokenizer_class is \(quoted(name)), which is not supported; supported are "
        + "\(supported.joined(separator: ", ")), each with or without Fast"
    case .unsupportedModelType(let file, let modelType, let supported):
      "\(file): no tokenizer is known for model_type \(quoted(modelType)); known are \(supported.joined(separator: ", "))"
    case .unknownKey(let file, let part, let key):
      "\(file): the \(part) has the unknown key \(quoted(key)), which may change ids; remove it if it does not"
    case .badValue(let file, let key, let found, let expected):
      "\(file): \(key) is \(found), which cannot be honored; expected \(expected)"
    case .missingSpecial(let file, let role, let name, let named):
      "\(file): the vocabulary lacks \(quoted(name)), "
        + (named.map { "which \($0) names as \(role); correct one of the two files" }
          ?? "the usual \(role); name the vocabulary's own as \(role) in a tokenizer_config.json next to it")
    case .missing(let file, let what): "\(file): \(what) is missing; is it a whole file of a supported tokenizer?"
    case .invalid(let file, let reason): "\(file): \(reason)"
    }
  }
}
