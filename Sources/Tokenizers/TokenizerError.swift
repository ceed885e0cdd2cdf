public import GraftSupport

/// Why a folder's tokenizer can't be used.
public enum TokenizerError: UserError, Equatable {
  /// The folder has no file that describes one.
  case noTokenizer(folder: String)
  /// A part of it works in a way that is not built in.
  case unsupported(file: String, part: String, found: String, supported: String)
  /// Something that must be there is not.
  case missing(file: String, what: String)
  /// Something is there that can't be.
  case invalid(file: String, reason: String)

  /// One line: the file, what is wrong, and what was expected.
  public var description: String {
    switch self {
    case .noTokenizer(let folder):
      "\(folder): no tokenizer, expected tokenizer.json, vocab.txt, or vocab.json with merges.txt; fetch the model's files again"
    case .unsupported(let file, let part, let found, let supported):
      "\(file): the \(part) is \(quoted(found)), but only \(supported) is supported; take a BERT, DistilBERT or RoBERTa base"
    case .missing(let file, let what): "\(file): \(what) is missing; fetch the file again"
    case .invalid(let file, let reason): "\(file): \(reason); fetch the file again"
    }
  }
}
