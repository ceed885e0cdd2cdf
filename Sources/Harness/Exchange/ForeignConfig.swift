import Foundation
import GraftSupport

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
