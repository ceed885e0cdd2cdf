public import Foundation
package import GraftCore
package import GraftSupport
public import GraftTransformer

/// The metadata of an adapter file, stored in `__metadata__` of the safetensors file: one key for each part, with JSON text as
/// the value.
public struct AdapterMetadata: Sendable {
  /// The version of the file format that this program writes.
  static let formatVersion = 1

  /// The default maximum sequence length, in tokens.
  public static let defaultMaxLength = 256

  /// The method's name and options as JSON, in the form used in configuration files.
  public let method: Data
  /// The method and its options as text.
  var methodText: String { String(decoding: method, as: UTF8.self) }

  /// The method and its options as JSON.
  ///
  /// - Throws: `JSONError` if it is not valid JSON.
  package func methodTree(file: String) throws -> JSONTree {
    try method.withUnsafeBytes { try JSONTree($0, path: file) }
  }

  /// The base that the adapter was trained on.
  public let base: BaseReference
  /// The name of the task that the adapter was trained for.
  public let task: String
  /// The names of the labels; for regression, one name for the number.
  public let labels: [String]
  /// What the adapter has learned.
  public let objective: ObjectiveReference
  /// The columns of the task's data.
  public let columns: AdapterTask.Columns
  /// The maximum sequence length in training, in tokens.
  public let maxLength: Int
  /// What the adapter contains besides the method's parameters and a head with the base's structure.
  public let extras: AdapterExtras
  /// The reference logits that the adapter must reproduce.
  public let probe: GoldenProbe
  /// The features that a reader must support to read the file, such as `int8`.
  let features: [String]

  /// The features that this program supports.
  private static let knownFeatures =
    StoredType.allCases.compactMap(\.feature) + [Key.carried, .head, .objective].compactMap(\.feature)
  /// A limit above the number of parameter tensors of any base.
  private static let maximumCarried = 100_000

  /// A reference to a base by name and by hash.
  public struct BaseReference: Sendable, Codable, Equatable {
    /// The name or folder used to find the base.
    public let name: String
    /// `model_type`.
    public let architecture: String
    /// The hashes that the base must have.
    public let identity: BaseIdentity
  }

  /// The maximum number of labels; fine-tuned classifiers have fewer.
  package static let maximumLabels = 1 << 16

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
    case objective = "graft.objective"

    /// The feature that a reader must support if this key is present, or `nil` if every reader supports it.
    var feature: String? {
      switch self {
      case .carried: "carried"
      case .head: "head"
      case .objective: "objective"
      default: nil
      }
    }
  }

  init(
    method: Data, base: BaseReference, task: AdapterTask, maxLength: Int, extras: AdapterExtras, probe: GoldenProbe
  ) {
    self.method = method
    self.base = base
    self.task = task.name
    labels = task.labels
    objective = task.objective
    columns = task.columns
    self.maxLength = maxLength
    self.probe = probe
    self.extras = extras
    features = Self.features(of: extras, objective, labels)
  }

  private init(_ other: AdapterMetadata, _ probe: GoldenProbe, _ features: [String]) {
    method = other.method
    base = other.base
    task = other.task
    labels = other.labels
    objective = other.objective
    columns = other.columns
    maxLength = other.maxLength
    self.probe = probe
    self.features = features
    extras = other.extras
  }

  /// Returns the metadata for the same adapter with its values stored as `type`, and with the probe of those values.
  package func with(_ probe: GoldenProbe, _ type: StoredType) -> AdapterMetadata {
    AdapterMetadata(self, probe, (type.feature.map { [$0] } ?? []) + Self.features(of: extras, objective, labels))
  }

  private static func features(
    of extras: AdapterExtras, _ objective: ObjectiveReference, _ labels: [String]
  ) -> [String] {
    let keys =
      (extras.carried.isEmpty ? [] : [Key.carried]) + (extras.head == nil ? [] : [.head])
      + (objective == .implied(by: labels) ? [] : [.objective])
    return keys.compactMap(\.feature)
  }

  /// Returns the metadata as strings for a safetensors header.
  package func encoded() throws -> [String: String] {
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
    if objective != .implied(by: labels) { strings[Key.objective.rawValue] = try text(objective) }
    return strings
  }

  /// Decodes the strings of a safetensors header.
  ///
  /// - Throws: ``AdapterFileError`` that names the key. A newer format version is rejected, never partly read.
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
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "its format is \(quoted(version)), expected \(Self.formatVersion)")
    }
    guard number == Self.formatVersion else {
      throw AdapterFileError.newerFormat(file: file, version: number, known: Self.formatVersion)
    }
    features = strings[Key.features.rawValue] == nil ? [] : try decode(.features)
    if let unknown = features.first(where: { !Self.knownFeatures.contains($0) }) {
      throw AdapterFileError.unknownFeature(file: file, name: unknown)
    }
    for key in [Key.carried, .head, .objective] {
      guard let feature = key.feature, features.contains(feature) != (strings[key.rawValue] != nil) else { continue }
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "it must have both '\(key.rawValue)' and '\(feature)' in 'graft.requires', or neither")
    }
    let carried: [String] = features.contains("carried") ? try decode(.carried) : []
    guard carried.count <= Self.maximumCarried, Set(carried).count == carried.count else {
      throw AdapterFileError.notAnAdapter(
        file: file,
        reason: "its '\(Key.carried.rawValue)' has a duplicate name, or more than \(Self.maximumCarried) names")
    }
    extras = AdapterExtras(carried: carried, head: features.contains("head") ? try decode(.head) : nil)
    method = Data(try string(.method).utf8)
    base = try decode(.base)
    task = try string(.task)
    labels = try decode(.labels)
    columns = try decode(.columns)
    maxLength = try decode(.maxLength)
    guard maxLength >= 3 else {
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "its '\(Key.maxLength.rawValue)' is \(maxLength), expected at least 3")
    }
    guard labels.count <= Self.maximumLabels else {
      throw AdapterFileError.notAnAdapter(
        file: file, reason: "it has \(labels.count) labels, expected at most \(Self.maximumLabels)")
    }
    guard !labels.isEmpty, Set(labels).count == labels.count else {
      throw AdapterFileError.notAnAdapter(file: file, reason: "it has no labels, or a duplicate label")
    }
    objective = features.contains("objective") ? try decode(.objective) : .implied(by: labels)
    if let problem = objective.explanation {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its '\(Key.objective.rawValue)' \(problem)")
    }
    guard !columns.text.isEmpty, !columns.label.isEmpty else {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its text or label column has an empty name")
    }
    probe = try decode(.probe)
    if let problem = probe.explanation {
      throw AdapterFileError.notAnAdapter(file: file, reason: "its probe is invalid: \(problem)")
    }
  }

  /// Decodes the method with the registry.
  ///
  /// - Throws: ``AdapterFileError`` if the method is not registered or one of its options is not supported.
  package func makeMethod(_ registry: MethodRegistry, file: String) throws -> any ParameterEfficientMethod {
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

/// Decodes only the method's name.
private struct NamedMethod: Decodable { let name: String }
