import Foundation
import GraftCore
public import GraftSupport
import Yams

/// An error in a configuration, with its location.
public struct ConfigurationError: UserError, Equatable {
  /// The file, as the user named it.
  public let file: String
  /// The line, counted from 1, if known.
  public let line: Int?
  /// The dotted key, if known.
  public let key: String?
  /// What is wrong and what was expected.
  public let reason: String

  init(file: String, line: Int?, key: String?, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `file:line: key: reason`
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return ([place, key].compactMap { $0 } + [reason]).joined(separator: ": ")
  }

  /// Converts a decoder's error by following its coding path to a line of the file.
  ///
  /// - Parameters:
  ///   - error: The decoder's error.
  ///   - root: The tree that was decoded.
  ///   - file: The file, as the user named it.
  ///   - changes: The changes made on the command line; an error in one of them names it instead of the file.
  init(_ error: DecodingError, in root: Node, file: String, changes: [(keys: [String], source: String)]) {
    let context: DecodingError.Context
    var path: [any CodingKey]
    var reason: String?
    switch error {
    case .dataCorrupted(let details): (context, path) = (details, details.codingPath)
    case .keyNotFound(let key, let details):
      context = details
      path = details.codingPath
      reason = "\(quoted(key.stringValue)) is missing"
    case .typeMismatch(_, let details), .valueNotFound(_, let details): (context, path) = (details, details.codingPath)
    @unknown default: (context, path) = (.init(codingPath: [], debugDescription: "\(error)"), [])
    }
    let node = Self.node(at: path, in: root)
    if case .typeMismatch(let type, _) = error {
      reason = "expected \(Self.expectation(type)), got \(Self.describe(node))"
    }
    let keys = path.map(\.stringValue)
    let change = keys.isEmpty ? nil : changes.last { keys.starts(with: $0.keys) || $0.keys.starts(with: keys) }
    // A conflict between several keys may come from the file or from the changes.
    let fileWithChanges =
      changes.isEmpty ? file : "\(file) with " + changes.map(\.source).joined(separator: " ")
    self.init(
      file: change?.source ?? (keys.isEmpty ? fileWithChanges : file),
      line: change == nil ? node?.mark?.line : nil,
      key: path.isEmpty ? nil : Self.dotted(path),
      reason: (reason ?? context.debugDescription).replacingOccurrences(of: "\n", with: " "))
  }

  /// Returns the error for text that is not valid YAML. The usual mistake is an unquoted selector: `*` begins an alias.
  static func notYAML(_ error: any Error, text: String, file: String) -> ConfigurationError {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let isJSON = file.lowercased().hasSuffix(".json")
    if !isJSON, let line = lineOfTOML(lines) { return toml(file: file, line: line) }
    for (number, line) in lines.enumerated() {
      if line.prefixMatch(of: /[^#"']*[:\[,\-]\s*\*/) != nil || line.hasPrefix("*") {
        return ConfigurationError(
          file: file, line: number + 1, key: nil,
          reason: "a value that begins with * must be quoted, such as \"*.attention.q_lin|v_lin\", "
            + "because * begins an alias in YAML")
      }
    }
    let line: Int? =
      switch error as? YamlError {
      case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
        min(mark.line, lines.count)
      default: nil
      }
    let reason =
      switch error as? YamlError {
      case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
      case .duplicatedKeysInMapping(let keys, _):
        "duplicate key \(keys.map { quoted("\($0)") }.joined(separator: ", ")); keep one of them"
      default: "\(error)".split(separator: "\n").first.map(String.init) ?? "the text cannot be parsed"
      }
    if ["found another document", "expected <document start>"].contains(where: reason.contains) {
      return ConfigurationError(
        file: file, line: line, key: nil, reason: "a second document begins here; expected a single document")
    }
    return ConfigurationError(
      file: file, line: line, key: nil, reason: "not valid \(isJSON ? "JSON" : "YAML"): \(reason)")
  }

  /// Returns the error for a file in TOML.
  static func toml(file: String, line: Int?) -> ConfigurationError {
    ConfigurationError(
      file: file, line: line, key: nil,
      reason:
        "TOML is not supported; write the configuration in YAML ('rank: 8' instead of 'rank = 8', and 'training:' with "
        + "indented keys instead of '[training]') or in JSON")
  }

  /// Returns the first line that looks like TOML, counted from 1: a table such as `[training]`, or an assignment.
  static func lineOfTOML(_ lines: [Substring]) -> Int? {
    lines.firstIndex { line in
      line.wholeMatch(of: /\s*\[\[?[A-Za-z0-9_.-]+\]\]?\s*(?:#.*)?/) != nil
        || line.prefixMatch(of: /\s*[A-Za-z0-9_.-]+\s*=\s*\S/) != nil
    }.map { $0 + 1 }
  }

  private static func node(at path: [any CodingKey], in root: Node) -> Node? {
    var node = root
    for key in path {
      let inner: Node? =
        if let index = key.intValue, let list = node.sequence {
          list.indices.contains(index) ? list[index] : nil
        } else {
          node.mapping?.first { $0.key.string == key.stringValue }?.value
        }
      guard let inner else { return node }
      node = inner
    }
    return node
  }

  /// `method.overrides[1].rank`
  private static func dotted(_ path: [any CodingKey]) -> String {
    path.reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
  }

  /// Returns the name of the type that a decoder expected; for containers, Yams reports its own types.
  private static func expectation(_ type: Any.Type) -> String {
    switch type {
    case is Node.Mapping.Type: "keys and values"
    case is Node.Sequence.Type: "a list"
    case is Node.Scalar.Type: "a single value"
    default: typeName(type)
    }
  }

  private static func describe(_ node: Node?) -> String {
    switch node {
    case .scalar(let scalar)?: quoted(scalar.string)
    case .mapping?: "keys and values"
    case .sequence?: "a list"
    default: "nothing"
    }
  }
}
