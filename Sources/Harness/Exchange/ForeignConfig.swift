import GraftCore
import GraftSupport

/// A JSON object whose keys are ticked off as they are read.
///
/// What is read is checked: numbers are finite, also as 32-bit floats, and lists have limits.
struct ForeignConfig {
  /// The file, for messages.
  let file: String
  private let members: [JSONTree.Member]
  private let values: [String: JSONTree]
  private var seen: Set<String> = []
  private let prefix: String

  /// The entries that a list, or an object with entries for modules or labels, can have.
  static let longestList = 10_000
  private static let mostBytes = 16 << 20

  init(file: String) throws {
    guard let members = try JSONTree(file: file, limit: Self.mostBytes).members else {
      throw ExchangeError.config(file: file, key: nil, reason: "it is not a JSON object")
    }
    self.init(file: file, members: members, prefix: "")
  }

  private init(file: String, members: [JSONTree.Member], prefix: String) {
    self.file = file
    self.members = members
    self.prefix = prefix
    values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether a key is there, without ticking it off.
  func has(_ key: String) -> Bool { values[key] != nil }

  /// What is wrong about a key's value.
  func error(_ key: String, _ reason: String) -> ExchangeError {
    .config(file: file, key: prefix + key, reason: reason)
  }

  mutating func value(_ key: String) -> JSONTree {
    seen.insert(key)
    return values[key] ?? .null
  }

  /// A text, or `nil` where there is none.
  mutating func text(_ key: String) throws -> String? {
    switch value(key) {
    case .null: return nil
    case .string(let text): return text
    default: throw error(key, "expected a text")
    }
  }

  /// A number that is finite, also as a 32-bit float; `nil` where there is none.
  mutating func number(_ key: String) throws -> Double? {
    switch value(key) {
    case .null: return nil
    case .number(let digits):
      guard let number = Double(digits), Allowed.fitsFloat(number) else {
        throw error(key, "is \(values[key]?.summary ?? ""), which is out of a 32-bit float's range")
      }
      return number
    default: throw error(key, "expected a number")
    }
  }

  /// The probability that something is dropped; 0 where there is none.
  mutating func probability(_ key: String) throws -> Double {
    let number = try number(key) ?? 0
    guard number >= 0, Float(number) < 1 else { throw error(key, "is \(number), expected a number from 0 to below 1") }
    return number
  }

  /// A whole number of a range, or `nil` where there is none.
  mutating func whole(_ key: String, from least: Int = 0, to most: Int = 1 << 30) throws -> Int? {
    guard let number = try number(key) else { return nil }
    guard let whole = Int(exactly: number), (least...most).contains(whole) else {
      throw error(key, "is \(values[key]?.summary ?? ""), expected a whole number from \(least) to \(most)")
    }
    return whole
  }

  /// Yes or no.
  mutating func flag(_ key: String, default fallback: Bool = false) throws -> Bool {
    switch value(key) {
    case .null: return fallback
    case .boolean(let flag): return flag
    default: throw error(key, "expected true or false, got \(values[key]?.summary ?? "")")
    }
  }

  /// Texts, or one text as a list; `nil` where there is none.
  mutating func texts(_ key: String) throws -> [String]? {
    switch value(key) {
    case .null: return nil
    case .string(let text): return [text]
    case .array(let items):
      try requireShort(items.count, key)
      return try items.map { item in
        guard case .string(let text) = item else { throw error(key, "expected a list of texts") }
        return text
      }
    default: throw error(key, "expected a list of texts")
    }
  }

  /// Numbers by text, in the file's order.
  mutating func numbers(_ key: String) throws -> [(key: String, value: Double)] {
    switch value(key) {
    case .null: return []
    case .object(let members):
      try requireShort(members.count, key)
      return try members.map { member in
        guard let number = member.value.double, Allowed.fitsFloat(number) else {
          throw error(key, "\(quoted(member.name)) is \(member.value.summary), expected a number")
        }
        return (member.name, number)
      }
    default: throw error(key, "expected numbers by name")
    }
  }

  /// Whole numbers by text, which may be texts themselves.
  mutating func ids(_ key: String) throws -> [(key: String, value: Int)] {
    switch value(key) {
    case .null: return []
    case .object(let members):
      try requireShort(members.count, key)
      return try members.map { member in
        guard let id = member.value.int ?? member.value.text.flatMap({ Int($0) }) else {
          throw error(key, "\(quoted(member.name)) is \(member.value.summary), expected a whole number")
        }
        return (member.name, id)
      }
    default: throw error(key, "expected numbers by name")
    }
  }

  /// Refuses a list that is too long.
  func requireShort(_ count: Int, _ key: String) throws {
    guard count <= Self.longestList else {
      throw error(key, "has \(count) entries, and at most \(Self.longestList) can be read")
    }
  }

  /// An object within, whose keys are ticked off there.
  mutating func object(_ key: String) throws -> ForeignConfig {
    guard case .object(let members) = value(key) else { throw error(key, "expected an object") }
    return ForeignConfig(file: file, members: members, prefix: "\(prefix)\(key).")
  }

  /// An object of the program's own in place of the one under `key`, which only names it.
  func standIn(_ members: [JSONTree.Member], for key: String) -> ForeignConfig {
    ForeignConfig(file: file, members: members, prefix: "\(prefix)\(key).")
  }

  /// Refuses every key that was not read, unless its value says that nothing is wanted.
  ///
  /// - Parameter harmless: Keys that say nothing about what a trained adapter answers.
  func finish(ignoring harmless: Set<String>) throws {
    try refuse(values.keys.sorted().filter { !seen.contains($0) && !harmless.contains($0) })
  }

  /// Refuses keys that are there, unless their values say that nothing is wanted.
  func refuse(_ keys: [String]) throws {
    for key in keys {
      guard let value = values[key], !value.isOff, value.text != "none" else { continue }
      throw error(key, "\(value.summary) can't be honoured")
    }
  }
}
