package import GraftSupport

/// A configuration that another toolkit wrote: a JSON object that records which keys have been read, so that unread keys can be
/// rejected.
///
/// Values are checked when they are read: numbers are finite, also as 32-bit floats, and lists have a maximum length.
public final class ForeignConfig {
  /// The path of the file, for messages.
  public let file: String
  private let values: [String: JSONTree]
  private var seen: Set<String> = []
  private let prefix: String

  /// The maximum number of entries in a list, or in an object with an entry per module or label.
  public static let longestList = 10_000
  private static let maximumBytes = 16 << 20

  /// Reads a file strictly: an object without duplicate names, and nothing after it.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if it is not an object, or an error of the file or its JSON.
  package convenience init(file: String) throws {
    guard let members = try JSONTree(file: file, limit: Self.maximumBytes).members else {
      throw ExchangeError.config(file: file, key: nil, reason: "it is not a JSON object")
    }
    self.init(file: file, members: members, prefix: "")
  }

  private init(file: String, members: [JSONTree.Member], prefix: String) {
    self.file = file
    self.prefix = prefix
    values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns whether a key is present, without marking it as read.
  public func has(_ key: String) -> Bool { values[key] != nil }

  /// Returns an error about a key's value.
  public func error(_ key: String, _ reason: String) -> ExchangeError {
    .config(file: file, key: prefix + key, reason: reason)
  }

  /// Returns an error that begins with a key's value, which is quoted and made safe to print.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - reason: What is wrong with the value, such as `is not supported, expected 'add'`.
  public func valueError(_ key: String, _ reason: String) -> ExchangeError {
    let value = values[key] ?? .null
    return error(key, "\(value.text.map { quoted($0) } ?? value.summary) \(reason)")
  }

  /// Returns a key's value, or null if it is missing, and marks the key as read.
  public func value(_ key: String) -> JSONValue { JSONValue(tree(key)) }

  /// Returns a key's value as it is written, or null if it is missing, and marks the key as read.
  package func tree(_ key: String) -> JSONTree {
    seen.insert(key)
    return values[key] ?? .null
  }

  /// Marks keys as read that do not affect the logits of a trained adapter.
  public func ignore(_ keys: [String]) { seen.formUnion(keys) }

  /// Returns a string, or `nil` if it is missing or null.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func text(_ key: String) throws -> String? {
    switch tree(key) {
    case .null: return nil
    case .string(let text): return text
    default: throw error(key, "expected a string")
    }
  }

  /// Returns a number that is finite, also as a 32-bit float, or `nil` if it is missing or null.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func number(_ key: String) throws -> Double? {
    switch tree(key) {
    case .null: return nil
    case .number(let digits):
      guard let number = Double(digits), Allowed.fitsFloat(number) else {
        throw error(key, "is \(values[key]?.summary ?? ""), which is out of a 32-bit float's range")
      }
      return number
    default: throw error(key, "expected a number")
    }
  }

  /// Returns a dropout probability, or 0 if it is missing or null.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func probability(_ key: String) throws -> Double {
    let number = try number(key) ?? 0
    guard number >= 0, Float(number) < 1 else { throw error(key, "is \(number), expected a number from 0 to below 1") }
    return number
  }

  /// Returns an integer in a range, or `nil` if it is missing or null.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - minimum: The least value that is allowed.
  ///   - maximum: The greatest value that is allowed.
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func whole(_ key: String, from minimum: Int = 0, to maximum: Int = 1 << 30) throws -> Int? {
    guard let number = try number(key) else { return nil }
    guard let integer = Int(exactly: number), (minimum...maximum).contains(integer) else {
      throw error(key, "is \(values[key]?.summary ?? ""), expected a whole number from \(minimum) to \(maximum)")
    }
    return integer
  }

  /// Returns a Boolean, or the default if it is missing or null.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - defaultValue: The default.
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func flag(_ key: String, default defaultValue: Bool = false) throws -> Bool {
    switch tree(key) {
    case .null: return defaultValue
    case .boolean(let flag): return flag
    default: throw error(key, "expected true or false, got \(values[key]?.summary ?? "")")
    }
  }

  /// Returns a list of strings; a single string is a list of one. `nil` if it is missing or null.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func texts(_ key: String) throws -> [String]? {
    switch tree(key) {
    case .null: return nil
    case .string(let text): return [text]
    case .array(let items):
      try checkLength(items.count, key)
      return try items.map { item in
        guard case .string(let text) = item else { throw error(key, "expected a list of strings") }
        return text
      }
    default: throw error(key, "expected a list of strings")
    }
  }

  /// Returns the entries of an object whose values are numbers, in file order.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func numbers(_ key: String) throws -> [(key: String, value: Double)] {
    switch tree(key) {
    case .null: return []
    case .object(let members):
      try checkLength(members.count, key)
      return try members.map { member in
        guard let number = member.value.double, Allowed.fitsFloat(number) else {
          throw error(key, "\(quoted(member.name)) is \(member.value.summary), expected a number")
        }
        return (member.name, number)
      }
    default: throw error(key, "expected an object that maps names to numbers")
    }
  }

  /// Returns the entries of an object whose values are integers or strings with integers.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is of another kind or not allowed.
  public func ids(_ key: String) throws -> [(key: String, value: Int)] {
    switch tree(key) {
    case .null: return []
    case .object(let members):
      try checkLength(members.count, key)
      return try members.map { member in
        guard let id = member.value.int ?? member.value.text.flatMap({ Int($0) }) else {
          throw error(key, "\(quoted(member.name)) is \(member.value.summary), expected a whole number")
        }
        return (member.name, id)
      }
    default: throw error(key, "expected an object that maps names to numbers")
    }
  }

  /// Checks that a list is not longer than `longestList`.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if it is.
  public func checkLength(_ count: Int, _ key: String) throws {
    guard count <= Self.longestList else {
      throw error(key, "has \(count) entries, expected at most \(Self.longestList)")
    }
  }

  /// Returns a nested object, which records its own keys.
  public func object(_ key: String) throws -> ForeignConfig {
    guard case .object(let members) = tree(key) else { throw error(key, "expected an object") }
    return ForeignConfig(file: file, members: members, prefix: "\(prefix)\(key).")
  }

  /// Returns a configuration with the given members for `key`, whose value in the file is only the name of a configuration.
  package func replacement(_ members: [String: JSONValue], for key: String) -> ForeignConfig {
    ForeignConfig(
      file: file, members: JSONValue.object(members).tree.members ?? [], prefix: "\(prefix)\(key).")
  }

  /// Checks that every key was read, except those whose value turns an option off.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` with the first key that was not read.
  public func finish() throws { try refuse(values.keys.sorted().filter { !seen.contains($0) }) }

  /// Checks that none of the keys is present, unless its value turns the option off.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` with the first one that is.
  public func refuse(_ keys: [String]) throws {
    for key in keys {
      guard let value = values[key], !value.isOff, value.text != "none" else { continue }
      throw error(key, "\(value.summary) is not supported")
    }
  }
}
