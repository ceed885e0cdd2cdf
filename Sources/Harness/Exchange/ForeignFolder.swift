import Foundation
import GraftSafetensors
public import GraftSupport

/// An adapter's folder as another toolkit writes it: a configuration and tensors. What is read is ticked off, so that nothing can be
/// dropped in silence.
struct ForeignFolder {
  /// Where it is.
  let path: String
  /// `adapter_config.json`.
  var config: ForeignConfig

  /// Opens the folder.
  ///
  /// - Throws: ``ExchangeError`` when there is no configuration that can be read.
  init(_ path: String) throws {
    self.path = path
    let file = "\(path)/adapter_config.json"
    guard FileIdentity(path: file) != nil else { throw ExchangeError.notAFolder(path) }
    config = try ForeignConfig(file: file)
  }

  /// Whether a file is there.
  func has(_ name: String) -> Bool { FileIdentity(path: "\(path)/\(name)") != nil }

  /// One of the folder's safetensors files.
  ///
  /// - Parameter pickle: What its place is called where somebody has saved it as a pickle.
  /// - Throws: ``ExchangeError`` that says how to convert a pickle, which is never read: it may run anything.
  func tensors(_ name: String, pickle: String) throws -> SafetensorsFile {
    guard has(name) else {
      if has(pickle) { throw ExchangeError.pickle(file: "\(path)/\(pickle)", wanted: "\(path)/\(name)") }
      throw ExchangeError.noTensors(file: "\(path)/\(name)")
    }
    return try SafetensorsFile(path: "\(path)/\(name)")
  }
}

/// A JSON object whose keys are ticked off as they are read.
struct ForeignConfig {
  /// The file, for messages.
  let file: String
  private let values: [String: JSONValue]
  private var seen: Set<String> = []
  private let prefix: String
  private let bytes: [UInt8]

  init(file: String) throws {
    bytes = try readFile(file)
    guard bytes.count <= 16 << 20 else { throw ExchangeError.config(file: file, key: nil, reason: "it is too long") }
    do {
      values = try JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))
    } catch {
      throw ExchangeError.config(file: file, key: nil, reason: "it is no JSON object")
    }
    (self.file, prefix) = (file, "")
  }

  private init(file: String, values: [String: JSONValue], prefix: String) {
    (self.file, self.values, self.prefix, bytes) = (file, values, prefix, [])
  }

  /// Whether a key is there, without ticking it off.
  func has(_ key: String) -> Bool { values[key] != nil }

  /// What is wrong about a key's value.
  func fault(_ key: String, _ reason: String) -> ExchangeError {
    .config(file: file, key: prefix + key, reason: reason)
  }

  mutating func value(_ key: String) -> JSONValue {
    seen.insert(key)
    return values[key] ?? .null
  }

  /// A text, or `nil` where there is none.
  mutating func text(_ key: String) throws -> String? {
    switch value(key) {
    case .null: nil
    case .string(let text): text
    default: throw fault(key, "expected a text")
    }
  }

  /// A number, or `nil` where there is none.
  mutating func number(_ key: String) throws -> Double? {
    switch value(key) {
    case .null: nil
    case .number(let number) where number.isFinite: number
    default: throw fault(key, "expected a number")
    }
  }

  /// A whole number from `least`, or `nil` where there is none.
  mutating func whole(_ key: String, from least: Int = 0) throws -> Int? {
    guard let number = try number(key) else { return nil }
    guard let whole = Int(exactly: number), whole >= least, whole <= 1 << 30 else {
      throw fault(key, "expected a whole number from \(least), got \(number)")
    }
    return whole
  }

  /// Yes or no; no where there is none.
  mutating func flag(_ key: String) throws -> Bool {
    switch value(key) {
    case .null: false
    case .bool(let flag): flag
    default: throw fault(key, "expected true or false")
    }
  }

  /// Texts, or one text as a list; `nil` where there is none.
  mutating func texts(_ key: String) throws -> [String]? {
    switch value(key) {
    case .null: nil
    case .string(let text): [text]
    case .array(let items):
      try items.map { item in
        guard case .string(let text) = item else { throw fault(key, "expected a list of texts") }
        return text
      }
    default: throw fault(key, "expected a list of texts")
    }
  }

  /// Numbers by text, in the file's order.
  mutating func numbers(_ key: String) throws -> [(key: String, value: Double)] {
    switch value(key) {
    case .null: return []
    case .object(let object):
      return try order(of: key).map { name in
        guard case .number(let number)? = object[name], number.isFinite else { throw fault(key, "expected numbers") }
        return (name, number)
      }
    default: throw fault(key, "expected numbers by name")
    }
  }

  /// The names of a member's members as they stand in the file: a dictionary has none.
  private func order(of key: String) throws -> [String] {
    var names: [String] = []
    try bytes.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes, path: file)
      try reader.object { reader, name in
        guard name == key else { return try reader.skipValue() }
        try reader.object { reader, name in
          names.append(name)
          try reader.skipValue()
        }
      }
    }
    return names
  }

  /// An object within; what is ticked off there is told back by ``finish(ignoring:)`` of that.
  mutating func object(_ key: String) throws -> ForeignConfig {
    guard case .object(let object) = value(key) else { throw fault(key, "expected an object") }
    return ForeignConfig(file: file, values: object, prefix: "\(prefix)\(key).")
  }

  /// Refuses every key that was not read, unless its value says that nothing is wanted.
  ///
  /// - Parameter harmless: Keys that say nothing about what a trained adapter answers.
  func finish(ignoring harmless: Set<String>) throws {
    for key in values.keys.sorted() where !seen.contains(key) && !harmless.contains(key) {
      guard let value = values[key], !value.isOff else { continue }
      throw fault(key, "\(quoted(value.short)) can't be honoured")
    }
  }
}

extension JSONValue {
  /// Whether a switch of this value is off.
  fileprivate var isOff: Bool {
    switch self {
    case .null: true
    case .bool(let flag): !flag
    case .number(let number): number == 0
    case .string(let text): text.isEmpty || text == "none"
    case .array(let items): items.isEmpty
    case .object(let members): members.isEmpty
    }
  }

  /// A few characters of it.
  fileprivate var short: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0.prefix(60), as: UTF8.self) } ?? ""
  }
}

/// Why an adapter can't be taken from another toolkit, or handed to one.
public enum ExchangeError: UserError, Equatable {
  /// There is no such folder, or no adapter in it.
  case notAFolder(String)
  /// A built-in task has its own labels.
  case labelsAndTask
  /// It is of no toolkit that is known.
  case unknownToolkit(file: String)
  /// The weights are a pickle.
  case pickle(file: String, wanted: String)
  /// The weights are missing.
  case noTensors(file: String)
  /// A key of the configuration can't be honoured.
  case config(file: String, key: String?, reason: String)
  /// A tensor can't be honoured, or is missing.
  case tensor(file: String, name: String, reason: String)
  /// The other toolkit has nothing that answers the same.
  case cannotExport(file: String, format: String, reason: String)

  /// One line: where, what is wrong, and what to do.
  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path): no adapter_config.json there; name the folder that peft, adapters or mlx has saved an adapter in"
    case .labelsAndTask: "--labels and --task exclude each other: a built-in task has its own labels"
    case .unknownToolkit(let file):
      "\(file): neither peft's (peft_type), nor adapters' (version), nor mlx's (fine_tune_type); it can't be imported"
    case .pickle(let file, let wanted):
      "\(file): a pickle may run any program when it is read, so it is not; convert it where you trust it: python3 -c "
        + "'import sys, torch, safetensors.torch as s; s.save_file(torch.load(sys.argv[1], weights_only=True), sys.argv[2])' "
        + "\(shellQuoted(file)) \(shellQuoted(wanted))"
    case .noTensors(let file): "\(file): the file with the weights is missing"
    case .config(let file, let key, let reason): "\(file): \(key.map { "\($0): " } ?? "")\(reason)"
    case .tensor(let file, let name, let reason): "\(file): \(name): \(reason)"
    case .cannotExport(let file, let format, let reason): "\(file): can't be exported to \(format): \(reason)"
    }
  }
}

/// A text as one word of a shell's command.
private func shellQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
