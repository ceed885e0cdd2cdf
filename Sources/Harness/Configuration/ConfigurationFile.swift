import Foundation
import GraftSupport
import Yams

/// A parsed YAML or JSON file, with the changes made on the command line, ready to be decoded.
public struct ConfigurationFile {
  /// The file, as the user named it; error messages begin with it.
  public let path: String
  /// The document's root node.
  private(set) var root: Node
  private var changes: [(keys: [String], source: String)] = []

  /// Reads and parses a file.
  ///
  /// - Throws: ``ConfigurationError`` with the line that is not valid YAML, or `FileError`.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    guard file.bytes.count <= Self.maximumSize else {
      throw ConfigurationError(
        file: path, line: nil, key: nil,
        reason: "the file has \(file.bytes.count) bytes, expected at most \(Self.maximumSize)")
    }
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw ConfigurationError(
        file: path, line: nil, key: nil, reason: "expected UTF-8 text; convert the file to UTF-8")
    }
    guard !path.lowercased().hasSuffix(".toml") else { throw ConfigurationError.toml(file: path, line: nil) }
    try self.init(text: path.lowercased().hasSuffix(".json") ? Self.yaml(fromJSON: text) : text, path: path)
  }

  /// Returns JSON as YAML, which contains JSON except for tabs between values and escaped surrogate pairs.
  private static func yaml(fromJSON text: String) -> String {
    // A text in JSON cannot contain a tab.
    text.replacing("\t", with: " ").replacing(/\\\\|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/) {
      match in
      guard let high = match.output.1.flatMap({ UInt16($0, radix: 16) }),
        let low = match.output.2.flatMap({ UInt16($0, radix: 16) })
      else { return String(match.output.0) }
      return String(decoding: [high, low], as: UTF16.self)
    }
  }

  /// Parses YAML text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - path: The name used in error messages.
  /// - Throws: ``ConfigurationError`` with the line that is not valid YAML.
  public init(text: String, path: String) throws {
    self.path = path
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    if let line = Self.lineWithAnchor(in: text) {
      throw ConfigurationError(
        file: path, line: line, key: nil,
        reason: "anchors (&name) are not supported; write out the value wherever it is used")
    }
    if let line = Self.lineWithTag(in: text) {
      throw ConfigurationError(
        file: path, line: line, key: nil,
        reason: "tags (!name) are not supported; remove the tag, or quote a value that begins with !")
    }
    do {
      root = try Yams.compose(yaml: text) ?? Node.mapping(.init([]))
    } catch {
      throw ConfigurationError.notYAML(error, text: text, file: path)
    }
    guard root.mapping != nil else {
      if !path.lowercased().hasSuffix(".json"),
        let line = ConfigurationError.lineOfTOML(text.split(separator: "\n", omittingEmptySubsequences: false))
      {
        throw ConfigurationError.toml(file: path, line: line)
      }
      throw ConfigurationError(file: path, line: 1, key: nil, reason: "expected keys and values, such as 'task: sst2'")
    }
    try Self.check(root, file: path)
    root = Self.withoutAmbiguousNumbers(root)
  }

  /// Sets one value, as `--set training.seed=3` does. Missing parent keys are created.
  ///
  /// - Throws: ``ConfigurationError`` when `assignment` is not `KEY=VALUE` or its value is not valid YAML.
  public mutating func set(_ assignment: String) throws {
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let keys = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !keys.contains(""), keys.count <= 8 else {
      throw ConfigurationError(
        file: "--set \(assignment)", line: nil, key: nil, reason: "expected KEY=VALUE, such as training.seed=3")
    }
    try set(keys, toYAML: String(parts[1]), source: "--set \(assignment)", errorSource: "--set \(parts[0])")
  }

  /// Sets one value that an option of the command line gives, such as `--epochs 3`.
  ///
  /// - Parameters:
  ///   - key: The dotted key.
  ///   - text: The value.
  ///   - isText: Whether the value is a text, so that it is not parsed as YAML.
  ///   - option: The option, which error messages name.
  /// - Throws: ``ConfigurationError`` when the value is not valid YAML.
  public mutating func set(_ key: String, to text: String, isText: Bool, option: String) throws {
    let keys = key.split(separator: ".").map(String.init)
    let source = "\(option) \(text)"
    guard isText else { return try set(keys, toYAML: text, source: source, errorSource: option) }
    root = Self.setting(keys[...], to: .scalar(.init(text, Tag(.str), .doubleQuoted)), in: root)
    changes.append((keys, source))
  }

  /// Selects a method. The options of another method are removed, because they would not be valid.
  public mutating func setMethod(_ name: String, option: String) throws {
    if root.mapping?["method"]?.mapping?["name"]?.string != name {
      root = Self.setting(["method"], to: .mapping(.init([])), in: root)
    }
    try set("method.name", to: name, isText: true, option: option)
  }

  private mutating func set(_ keys: [String], toYAML text: String, source: String, errorSource: String) throws {
    if Self.lineWithTag(in: text) != nil {
      throw ConfigurationError(
        file: errorSource, line: nil, key: nil,
        reason: "tags (!name) are not supported; remove the tag, or quote a value that begins with !")
    }
    do {
      // An empty value means null; compose returns null only for the word itself.
      let value = try Yams.compose(yaml: text.allSatisfy(\.isWhitespace) ? "null" : text) ?? Node("")
      try Self.check(value, file: errorSource)
      root = Self.setting(keys[...], to: Self.withoutAmbiguousNumbers(value), in: root)
      changes.append((keys, source))
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError.notYAML(error, text: text, file: errorSource)
    }
  }

  /// Returns a copy with another root node. Nodes reused from this file keep their line numbers.
  func replacingRoot(with root: Node) -> ConfigurationFile {
    var copy = self
    copy.root = root
    return copy
  }

  /// Decodes the file. Unknown keys are errors.
  ///
  /// - Throws: ``ConfigurationError`` with file, line and key.
  public func decode<Value: Decodable>(_ type: Value.Type, registries: Registries = .builtIn) throws -> Value {
    do {
      return try YAMLDecoder().decode(
        type, from: root, userInfo: [.methodRegistry: registries.methods, .registries: registries])
    } catch let error as DecodingError {
      throw ConfigurationError(error, in: root, file: path, changes: changes)
    }
  }

  /// The largest configuration file that is read, in bytes.
  private static let maximumSize = 1 << 20

  /// Rejects what a decoder would silently ignore: keys that are not scalars, and tags.
  private static func check(_ node: Node, file: String) throws {
    func error(_ node: Node, _ reason: String) -> ConfigurationError {
      ConfigurationError(file: file, line: node.mark?.line, key: nil, reason: reason)
    }
    let tag = node.tag.description
    guard tag.isEmpty || tag.hasPrefix("tag:yaml.org,2002:") else {
      throw error(node, "tags such as \(quoted(tag)) are not supported; remove the tag")
    }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard key.scalar != nil else {
          throw error(key, "expected text as the key, got \(key.mapping == nil ? "a list" : "a mapping")")
        }
        if key.string == "<<", key.scalar?.style == .plain {
          throw error(key, "merge keys (<<) are not supported; write out the keys")
        }
        try check(key, file: file)
        try check(value, file: file)
      }
    case .sequence(let items): for item in items { try check(item, file: file) }
    default: break
    }
  }

  /// Quotes every number whose value depends on the YAML version, so that decoding it as a number fails. In YAML 1.1, `010`
  /// is 8 and `1:30` is 90; `0o17` and `0x1F` are accepted for integers only.
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

  /// Returns the first line with an anchor. Anchors are rejected before parsing, because a few lines of nested aliases can
  /// expand to more nodes than fit in memory.
  private static func lineWithAnchor(in text: String) -> Int? {
    line(of: text, with: "&") { $0.firstMatch(of: /(?:^|[\s,:\[\{\-?])&[A-Za-z0-9_]/) != nil }
  }

  /// Returns the first line with a tag. Tags are rejected before parsing, because a decoder ignores most of them.
  private static func lineWithTag(in text: String) -> Int? {
    line(of: text, with: "!") { $0.firstMatch(of: /(?:^\s*|[:\-?]\s+|[\[\{,]\s*)![!<A-Za-z]/) != nil }
  }

  /// Returns the first line, counted from 1, that contains `mark` and passes `test` once quoted text and comments are removed.
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
