public import Foundation
import GraftCore
import GraftSupport
public import GraftTransformer

/// What an adapter file says about itself, in the `__metadata__` of its safetensors: one key for each part, JSON as text.
public struct AdapterMetadata: Sendable {
  /// The version of the layout that this program writes.
  static let formatVersion = 1

  /// The method's name and its options, as a configuration has them.
  public let method: Data
  /// The method and its options as text.
  var methodText: String { String(decoding: method, as: UTF8.self) }

  /// The method and its options as JSON.
  ///
  /// - Throws: `JSONError` when it is not JSON.
  func methodTree(file: String) throws -> JSONTree {
    try method.withUnsafeBytes { try JSONTree($0, path: file) }
  }

  /// The base it was trained on.
  public let base: BaseReference
  /// What it was trained for.
  public let task: String
  /// The classes' names, in the order of the logits.
  public let labels: [String]
  /// The columns of its data.
  public let columns: TaskDefinition.Columns
  /// The longest sequence in training, in tokens.
  public let maxLength: Int
  /// What it carries besides its method's parameters and a head of the base's structure.
  public let extras: AdapterExtras
  /// What the adapter must answer.
  public let probe: GoldenProbe
  /// What a reader must know to read the file at all, such as `int8`.
  let features: [String]

  /// All features that this program knows.
  private static let knownFeatures =
    StoredType.allCases.compactMap(\.feature) + [Key.carried, .head].compactMap(\.feature)
  /// No base has more parameters.
  private static let mostCarried = 100_000

  /// A base by name and by hash.
  public struct BaseReference: Sendable, Codable, Equatable {
    /// Where to look for it.
    public let name: String
    /// `model_type`.
    public let architecture: String
    /// Which one is accepted.
    public let identity: BaseIdentity
  }

  /// A classifier with more classes is none that is fine-tuned.
  private static let mostLabels = 1 << 16

  private enum Key: String, CaseIterable {
    case format = "graft.format"
    case features = "graft.requires"
    case method = "graft.method"
    case base = "graft.base"
    case task = "graft.task"
    case labels = "graft.labels"
    case columns = "graft.columns"
    case maxLength = "graft.max_length"
    case probe = "graft.probe"
    case carried = "graft.carried"
    case head = "graft.head"

    /// The name of what a file with this key asks of its reader, or `nil` when every reader knows the key.
    var feature: String? {
      switch self {
      case .carried: "carried"
      case .head: "head"
      default: nil
      }
    }
  }

  init(
    method: Data, base: BaseReference, task: TaskDefinition, maxLength: Int, extras: AdapterExtras, probe: GoldenProbe
  ) {
    self.method = method
    self.base = base
    self.task = task.name
    labels = task.labelNames
    columns = task.columns
    self.maxLength = maxLength
    self.probe = probe
    self.extras = extras
    features = Self.features(of: extras)
  }

  private init(_ other: AdapterMetadata, _ probe: GoldenProbe, _ features: [String]) {
    method = other.method
    base = other.base
    task = other.task
    labels = other.labels
    columns = other.columns
    maxLength = other.maxLength
    self.probe = probe
    self.features = features
    extras = other.extras
  }

  /// The same of a file that keeps its values as another type, so that it gives other answers.
  func with(_ probe: GoldenProbe, _ type: StoredType) -> AdapterMetadata {
    AdapterMetadata(self, probe, (type.feature.map { [$0] } ?? []) + Self.features(of: extras))
  }

  private static func features(of extras: AdapterExtras) -> [String] {
    (extras.carried.isEmpty ? [] : [Key.carried]).compactMap(\.feature)
      + (extras.head == nil ? [] : [Key.head]).compactMap(\.feature)
  }

  /// As the strings of a safetensors header.
  func encoded() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var strings = [
      Key.format.rawValue: "\(Self.formatVersion)",
      Key.method.rawValue: String(decoding: method, as: UTF8.self),
      Key.base.rawValue: try text(base),
      Key.task.rawValue: task,
      Key.labels.rawValue: try text(labels),
      Key.columns.rawValue: try text(columns),
      Key.maxLength.rawValue: "\(maxLength)",
      Key.probe.rawValue: try text(probe),
    ]
    if !features.isEmpty { strings[Key.features.rawValue] = try text(features) }
    if !extras.carried.isEmpty { strings[Key.carried.rawValue] = try text(extras.carried) }
    if let head = extras.head { strings[Key.head.rawValue] = try text(head) }
    return strings
  }

  /// Reads the strings of a safetensors header.
  ///
  /// - Throws: ``AdapterFileError`` that names the key; a newer version is refused, never half-read.
  init(_ strings: [String: String], file: String) throws {
    func string(_ key: Key) throws -> String {
      guard let value = strings[key.rawValue] else {
        throw AdapterFileError.notAnAdapter(file: file, reason: "its metadata has no '\(key.rawValue)'")
      }
      return value
    }
    func decode<Value: Decodable>(_ key: Key) throws -> Value {
      do {
        return try JSONDecoder().decode(Value.self, from: Data(try string(key).utf8))
      } catch let error as DecodingError {
        throw AdapterFileError.notAnAdapter(
          file: file, reason: "its '\(key.rawValue)' can't be read (\(error.summary))")
      }
    }
    let version = try string(.format)
    guard let number = Int(version), number >= Self.formatVersion else {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its format is \(quoted(version)), which there never was")
    }
    guard number == Self.formatVersion else {
      throw AdapterFileError.newerFormat(file: file, version: number, known: Self.formatVersion)
    }
    features = strings[Key.features.rawValue] == nil ? [] : try decode(.features)
    if let unknown = features.first(where: { !Self.knownFeatures.contains($0) }) {
      throw AdapterFileError.unknownFeature(file: file, name: quoted(unknown))
    }
    for key in [Key.carried, .head] {
      guard let feature = key.feature, features.contains(feature) != (strings[key.rawValue] != nil) else { continue }
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "'\(key.rawValue)' and '\(feature)' in its 'graft.requires' go together")
    }
    let carried: [String] = features.contains("carried") ? try decode(.carried) : []
    guard carried.count <= Self.mostCarried, Set(carried).count == carried.count else {
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "its '\(Key.carried.rawValue)' has a name twice, or more than \(Self.mostCarried) names")
    }
    extras = AdapterExtras(carried: carried, head: features.contains("head") ? try decode(.head) : nil)
    method = Data(try string(.method).utf8)
    base = try decode(.base)
    task = try string(.task)
    labels = try decode(.labels)
    columns = try decode(.columns)
    maxLength = try decode(.maxLength)
    guard maxLength >= 3 else {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its '\(Key.maxLength.rawValue)' is \(maxLength)")
    }
    guard labels.count <= Self.mostLabels else {
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "it has \(labels.count) labels, expected at most \(Self.mostLabels)")
    }
    guard !labels.isEmpty, Set(labels).count == labels.count else {
      throw AdapterFileError.notAnAdapter(file: file, reason: "it has no labels, or one label twice")
    }
    guard !columns.text.isEmpty, !columns.label.isEmpty else {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its columns have no names")
    }
    probe = try decode(.probe)
    if let problem = probe.explanation {
      throw AdapterFileError.notAnAdapter(file: file, reason: "of its probe, \(problem)")
    }
  }

  /// The task: a built-in one, or one over data with these columns and labels.
  func makeTask() throws -> TaskDefinition {
    task == TaskDefinition.customName ? .custom(columns, labels: labels) : try TaskDefinition.named(task)
  }

  /// The method, made by the registry.
  ///
  /// - Throws: ``AdapterFileError`` when the program does not know it or can't honour one of its options.
  func makeMethod(_ registry: MethodRegistry, file: String) throws -> any ParameterEfficientMethod {
    let decoder = JSONDecoder()
    decoder.userInfo[.methodRegistry] = registry
    if let name = try? JSONDecoder().decode(NamedMethod.self, from: method).name, !registry.names.contains(name) {
      throw AdapterFileError.unknownMethod(file: file, name: name, known: registry.names)
    }
    do {
      return try decoder.decode(DecodedMethod.self, from: method).method
    } catch let error as DecodingError {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its method can't be read (\(error.summary))")
    }
  }
}

/// A method's name alone.
private struct NamedMethod: Decodable { let name: String }

extension DecodingError {
  /// What went wrong, in a few words.
  var summary: String {
    switch self {
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    @unknown default: "\(self)"
    }
  }
}
