public import Foundation
public import GraftSupport

/// Finds bases by name in the cache, or by path as a folder in Hugging Face layout.
public struct BaseLocator: Sendable {
  /// The cache folder: `$GRAFT_HOME`, or `.cache/graft` in the home folder.
  public let home: String

  /// Creates a locator for a cache folder.
  public init(home: String) { self.home = home }

  /// Creates a locator from environment variables, by default those of this process.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let named = environment["GRAFT_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    home = named ?? "\(environment["HOME"] ?? ".")/.cache/graft"
  }

  /// The folder where `graft get task` stores the data of tasks.
  public var tasks: String { "\(home)/tasks" }

  /// Returns the folder of a base.
  ///
  /// - Throws: ``BaseError/notFound(_:cache:known:)``, or ``BaseError/notABase(_:)`` if the folder has no `config.json`.
  public func folder(of base: String) throws -> String {
    for candidate in [base, "\(home)/bases/\(base)"] where !base.isEmpty && isFolder(candidate) {
      guard try fileExists("\(candidate)/config.json") else { throw BaseError.notABase(candidate) }
      return candidate
    }
    let known = (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/bases")) ?? []
    throw BaseError.notFound(base, cache: "\(home)/bases", known: known.filter { !$0.hasPrefix(".") }.sorted())
  }
}

/// The reason why a base can't be used.
public enum BaseError: UserError, Equatable {
  /// The cache has no base of that name, and there is no such folder.
  case notFound(String, cache: String, known: [String])
  /// The folder exists but contains no model.
  case notABase(String)
  /// The tokenizer has more tokens than the model has embeddings.
  case tokenizerTooLarge(folder: String, tokenizer: Int, model: Int)
  /// The tokenizer uses more token types than the model has embeddings for.
  case tooManyTypes(folder: String, tokenizer: Int, model: Int)
  /// The special tokens alone use up the model's positions.
  case tooFewPositions(folder: String, positions: Int)
  /// The initial text has no tokens besides the special tokens.
  case noTokens(text: String, folder: String)

  /// One line: what is wrong, where, and what to do next.
  public var description: String {
    switch self {
    case .notFound(let base, let cache, let known):
      "no base named \(quoted(base)) in \(cache)\(didYouMean(base, in: known)) and no folder of that name; "
        + (known.isEmpty
          ? "fetch one with 'graft get base NAME', such as all-MiniLM-L6-v2, or name a folder in Hugging Face layout"
          : "the cache has \(known.joined(separator: ", ")); 'graft get base NAME' fetches another from the hub")
    case .notABase(let folder):
      "\(folder): the folder has no config.json, so it is not a base; name a folder in Hugging Face layout"
    case .tokenizerTooLarge(let folder, let tokenizer, let model):
      "\(folder): the tokenizer has \(tokenizer) tokens, but the model has \(model) according to config.json; "
        + "they belong to different models"
    case .tooManyTypes(let folder, let tokenizer, let model):
      "\(folder): the tokenizer has \(tokenizer) token types, but the model has \(model) according to config.json; "
        + "they belong to different models"
    case .tooFewPositions(let folder, let positions):
      "\(folder): the tokenizer's special tokens alone use up the model's \(positions) positions; "
        + "they belong to different models"
    case .noTokens(let text, let folder):
      "init_text: \(folder) has no tokens for \(quoted(text)); give words, such as a description of the task"
    }
  }
}
