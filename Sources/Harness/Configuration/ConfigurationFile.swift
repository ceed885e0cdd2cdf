import Foundation
public import GraftCore
import GraftSupport
import Yams

/// A YAML file with the changes that `--set` makes to it, ready to be decoded.
public struct ConfigurationFile {
  /// The file as the user named it; the start of every message about it.
  public let path: String
  /// The whole tree.
  private(set) var root: Node
  private var changes: [(keys: [String], assignment: String)] = []

  /// Reads a file.
  ///
  /// - Throws: ``ConfigurationError`` with the line at which the file is not YAML, or `FileError`.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    guard file.bytes.count <= Self.largest else {
      throw ConfigurationError(
        file: path, line: nil, key: nil,
        reason: "the file has \(file.bytes.count) bytes, expected at most \(Self.largest)")
    }
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw ConfigurationError(file: path, line: nil, key: nil, reason: "the file is not UTF-8")
    }
    try self.init(text: text, path: path)
  }

  /// Parses a text.
  public init(text: String, path: String) throws {
    self.path = path
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    if let line = Self.lineWithAnchor(in: text) {
      throw ConfigurationError(
        file: path, line: line, key: nil, reason: "anchors (&name) are not read; write the value out where it is needed"
      )
    }
    if let line = Self.lineWithTag(in: text) {
      throw ConfigurationError(
        file: path, line: line, key: nil,
        reason: "tags (!name) are not read; remove it, or put a value that begins with ! in quotes")
    }
    do {
      root = try Yams.compose(yaml: text) ?? Node.mapping(.init([]))
    } catch {
      throw ConfigurationError.notYAML(error, text: text, file: path)
    }
    guard root.mapping != nil else {
      throw ConfigurationError(file: path, line: 1, key: nil, reason: "expected keys and values, such as 'task: sst2'")
    }
    try Self.check(root, file: path)
    root = Self.withoutAmbiguousNumbers(root)
  }

  /// Sets one value, as `--set training.seed=3` does; what it stands in is made when it is not there.
  public mutating func set(_ assignment: String) throws {
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let keys = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !keys.contains(""), keys.count <= 8 else {
      throw ConfigurationError(
        file: "--set \(assignment)", line: nil, key: nil, reason: "expected KEY=VALUE, such as training.seed=3")
    }
    let text = String(parts[1])
    if Self.lineWithTag(in: text) != nil {
      throw ConfigurationError(
        file: "--set \(parts[0])", line: nil, key: nil,
        reason: "tags (!name) are not read; remove it, or put a value that begins with ! in quotes")
    }
    do {
      // Nothing behind the = is null, which compose gives for the word but not for nothing.
      let value = try Yams.compose(yaml: text.allSatisfy(\.isWhitespace) ? "null" : text) ?? Node("")
      try Self.check(value, file: "--set \(parts[0])")
      root = Self.setting(keys[...], to: Self.withoutAmbiguousNumbers(value), in: root)
      changes.append((keys, assignment))
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError.notYAML(error, text: text, file: "--set \(parts[0])")
    }
  }

  /// The same file with another tree, whose nodes may be those of this one: they keep their lines.
  func replacingRoot(with root: Node) -> ConfigurationFile {
    var copy = self
    copy.root = root
    return copy
  }

  /// Decodes the file; every key is checked.
  ///
  /// - Throws: ``ConfigurationError`` with file, line and key.
  public func decode<Value: Decodable>(_ type: Value.Type, methods: MethodRegistry) throws -> Value {
    do {
      return try YAMLDecoder().decode(type, from: root, userInfo: [.methodRegistry: methods])
    } catch let error as DecodingError {
      throw ConfigurationError(error, in: root, file: path, changes: changes)
    }
  }

  private static let largest = 1 << 20

  /// Refuses what a decoder would pass over: keys that are not single values, and tags.
  private static func check(_ node: Node, file: String) throws {
    func error(_ node: Node, _ reason: String) -> ConfigurationError {
      ConfigurationError(file: file, line: node.mark?.line, key: nil, reason: reason)
    }
    let tag = node.tag.description
    guard tag.isEmpty || tag.hasPrefix("tag:yaml.org,2002:") else {
      throw error(node, "tags such as \(quoted(tag)) are not read; remove it")
    }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard key.scalar != nil else {
          throw error(key, "a key is \(key.mapping == nil ? "a list" : "a mapping"), expected a single word")
        }
        if key.string == "<<", key.scalar?.style == .plain {
          throw error(key, "merge keys (<<) are not read; write the keys out")
        }
        try check(key, file: file)
        try check(value, file: file)
      }
    case .sequence(let items): for item in items { try check(item, file: file) }
    default: break
    }
  }

  /// Quotes every number whose value depends on the YAML version, so that decoding it as a number fails: in YAML 1.1, `010` is 8
  /// and `1:30` is 90; `0o17` and `0x1F` are read for integers only.
  private static func withoutAmbiguousNumbers(_ node: Node) -> Node {
    switch node {
    case .scalar(var scalar):
      guard scalar.style == .plain,
        scalar.string.wholeMatch(of: /[-+]?(0[0-9_]+|0[box].*|[0-9][0-9_]*(:[0-9_.]+)+)/) != nil
      else { return node }
      scalar.style = .singleQuoted
      return .scalar(scalar)
    case .mapping(var mapping):
      for (key, value) in mapping { mapping[key] = withoutAmbiguousNumbers(value) }
      return .mapping(mapping)
    case .sequence(var sequence):
      for index in sequence.indices { sequence[index] = withoutAmbiguousNumbers(sequence[index]) }
      return .sequence(sequence)
    default: return node
    }
  }

  /// Anchors are refused before the text is parsed: a few lines of them can stand for more nodes than there is memory.
  private static func lineWithAnchor(in text: String) -> Int? {
    line(of: text, with: "&") { $0.firstMatch(of: /(?:^|[\s,:\[\{\-?])&[A-Za-z0-9_]/) != nil }
  }

  /// Tags are refused before the text is parsed, too: a decoder passes over most of them.
  private static func lineWithTag(in text: String) -> Int? {
    line(of: text, with: "!") { $0.firstMatch(of: /(?:^\s*|[:\-?]\s+|[\[\{,]\s*)![!<A-Za-z]/) != nil }
  }

  /// The first line, from 1, that has a character and passes a test, without what is in quotes or a comment.
  private static func line(of text: String, with mark: Character, _ test: (String) -> Bool) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let index = lines.firstIndex { line in
      guard line.contains(mark) else { return false }
      return test(String(line.replacing(/"(?:\\.|[^"\\])*"|'[^']*'|(?:^|\s)#.*/, with: "")))
    }
    return index.map { $0 + 1 }
  }

  private static func setting(_ keys: ArraySlice<String>, to value: Node, in node: Node?) -> Node {
    guard let key = keys.first else { return value }
    var mapping = node?.mapping ?? Node.Mapping([])
    mapping[Node(key)] = setting(keys.dropFirst(), to: value, in: mapping[Node(key)])
    return .mapping(mapping)
  }
}

extension CodingUserInfoKey {
  /// Where a decoder's `userInfo` holds the `MethodRegistry` that makes the methods of a configuration.
  public static let methodRegistry: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "graft.methodRegistry") else {
      preconditionFailure("the key is not empty")
    }
    return key
  }()
}
