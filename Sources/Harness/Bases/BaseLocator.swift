public import Foundation
public import GraftSupport

/// Finds bases by name: in the cache, or a folder in Hugging Face layout.
public struct BaseLocator: Sendable {
  /// The cache: `$GRAFT_HOME`, or `.cache/graft` in the home folder.
  public let home: String

  /// A locator over a cache.
  public init(home: String) { self.home = home }

  /// The locator of this process's environment.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let named = environment["GRAFT_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    home = named ?? "\(environment["HOME"] ?? ".")/.cache/graft"
  }

  /// Where `graft get task` puts the folders of tasks.
  public var tasks: String { "\(home)/tasks" }

  /// The folder of a base.
  ///
  /// - Throws: ``BaseError/notFound(_:cache:known:)``.
  public func folder(of base: String) throws -> String {
    for candidate in [base, "\(home)/bases/\(base)"] where !base.isEmpty && isFolder(candidate) {
      guard try fileExists("\(candidate)/config.json") else { throw BaseError.notABase(candidate) }
      return candidate
    }
    let known = (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/bases")) ?? []
    throw BaseError.notFound(base, cache: "\(home)/bases", known: known.filter { !$0.hasPrefix(".") }.sorted())
  }
}

/// Why a base can't be used.
public enum BaseError: UserError, Equatable {
  /// There is no such name in the cache and no such folder.
  case notFound(String, cache: String, known: [String])
  /// A folder is there, but no model is in it.
  case notABase(String)
  /// The tokenizer knows more tokens than the model has vectors for.
  case tokenizerTooLarge(folder: String, tokenizer: Int, model: Int)
  /// The tokenizer gives types that the model has no vectors for.
  case tooManyTypes(folder: String, tokenizer: Int, model: Int)
  /// The special tokens alone fill the model's positions.
  case noRoom(folder: String, positions: Int)
  /// A text to start from has no tokens of its own.
  case noTokens(text: String, folder: String)

  /// One line: what was looked for, where, and what to do.
  public var description: String {
    switch self {
    case .notFound(let base, let cache, let known):
      "no base named \(quoted(base)) in \(cache)\(didYouMean(base, in: known)) and no folder of that name; "
        + (known.isEmpty
          ? "fetch one with 'graft get base NAME', such as all-MiniLM-L6-v2, or name a folder in Hugging Face layout"
          : "there are \(known.joined(separator: ", ")); 'graft get base NAME' fetches another from the hub")
    case .notABase(let folder):
      "\(folder): the folder has no config.json, so it is no base; name a folder in Hugging Face layout"
    case .tokenizerTooLarge(let folder, let tokenizer, let model):
      "\(folder): the tokenizer has \(tokenizer) tokens, but config.json says that the model knows \(model); "
        + "they belong to different models"
    case .tooManyTypes(let folder, let tokenizer, let model):
      "\(folder): the tokenizer has \(tokenizer) token types, but config.json says that the model knows \(model); "
        + "they belong to different models"
    case .noRoom(let folder, let positions):
      "\(folder): the special tokens alone fill the model's \(positions) positions; they belong to different models"
    case .noTokens(let text, let folder):
      "init_text: \(folder) has no tokens for \(quoted(text)); give words, such as what the task is about"
    }
  }
}
