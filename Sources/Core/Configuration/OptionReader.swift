import GraftSupport

/// Reads the options of a configuration one by one. The default, the description, and the check of an option are in one place:
/// where it is decoded. Keys that are not read are rejected with a suggestion of the nearest known key.
///
/// ```swift
/// var options = try OptionReader(decoder)
/// rank = try options.value("rank", default: 8, "rank R of the update") { $0 >= 1 ? nil : "at least 1" }
/// try options.finish()
/// ```
///
/// The same code documents the options: decoding an empty mapping with an ``OptionLog`` in `userInfo` records their names,
/// defaults, and descriptions.
public struct OptionReader {
  private let container: KeyedDecodingContainer<OptionKey>
  private let log: OptionLog?
  private var known: [String] = []

  /// Creates a reader of the decoder's current mapping.
  public init(_ decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: OptionKey.self)
    log = decoder.userInfo[.optionLog] as? OptionLog
  }

  /// Returns the value of `key`, or the default.
  ///
  /// - Parameters:
  ///   - key: The option's name in the file.
  ///   - fallback: The default.
  ///   - shown: The default as shown in the documentation; `nil` uses the description of the value.
  ///   - meaning: One line for `--help` and the documentation.
  ///   - check: Returns `nil` if the value is allowed, and otherwise a description of what was expected.
  /// - Throws: `DecodingError` with a description to show to the user.
  public mutating func value<Value: Decodable & Sendable>(
    _ key: String, default fallback: Value, shownAs shown: String? = nil, _ meaning: String,
    check: (Value) -> String? = { _ in nil }
  ) throws -> Value {
    note(key, shown ?? describe(fallback), meaning, Value.self)
    guard let value = try container.decodeIfPresent(Value.self, forKey: OptionKey(key)) else { return fallback }
    if let expected = check(value) { throw error(key, "expected \(expected), got \(describe(value))") }
    return value
  }

  /// Returns the value of `key`, or `nil` if it is absent or null.
  public mutating func optional<Value: Decodable & Sendable>(
    _ key: String, of type: Value.Type = Value.self, shownAs shown: String = "null", _ meaning: String,
    check: (Value) -> String? = { _ in nil }
  ) throws -> Value? {
    note(key, shown, meaning, Value.self)
    guard let value = try container.decodeIfPresent(Value.self, forKey: OptionKey(key)) else { return nil }
    if let expected = check(value) { throw error(key, "expected \(expected), got \(describe(value))") }
    return value
  }

  /// Returns the enumeration case whose raw value is the text of `key`, or the default.
  public mutating func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, default fallback: Choice, _ meaning: String
  ) throws -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    note(key, fallback.rawValue, "\(meaning): \(names.joined(separator: " | "))", String.self)
    guard let name = try container.decodeIfPresent(String.self, forKey: OptionKey(key)) else { return fallback }
    return try named(name, key)
  }

  /// Returns the enumeration case whose raw value is the text of `key`, or `nil` if it is absent or null.
  public mutating func optionalChoice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, of: Choice.Type = Choice.self, shownAs shown: String = "null", _ meaning: String
  ) throws -> Choice? where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    note(key, shown, "\(meaning): \(names.joined(separator: " | "))", String.self)
    guard let name = try container.decodeIfPresent(String.self, forKey: OptionKey(key)) else { return nil }
    return try named(name, key)
  }

  private func named<Choice: RawRepresentable & CaseIterable>(_ name: String, _ key: String) throws -> Choice
  where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    guard let choice = Choice(rawValue: name) else {
      throw error(
        key, "expected \(names.joined(separator: " or ")), got '\(name)'\(didYouMean(name, in: names))")
    }
    return choice
  }

  /// Accepts a key that is read elsewhere, such as the `name` next to a method's options.
  public mutating func ignore(_ key: String) { known.append(key) }

  /// Rejects every key that was not read.
  public func finish() throws {
    for key in container.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: container.codingPath + [OptionKey(key)],
          debugDescription: "unknown key '\(key)'\(didYouMean(key, in: known)); known keys are "
            + known.joined(separator: ", ")))
    }
  }

  private mutating func note(_ key: String, _ fallback: String, _ meaning: String, _ type: Any.Type) {
    known.append(key)
    log?.append(.init(name: key, type: typeName(type), fallback: fallback, meaning: meaning))
  }

  /// Returns an error about the value of `key`, such as one that is incompatible with another option.
  public func error(_ key: String, _ reason: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: container.codingPath + [OptionKey(key)], debugDescription: reason))
  }
}

/// A coding key with any name.
private struct OptionKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// A type of option values that names itself in documentation and messages.
public protocol DescribedOption: Sendable {
  /// The kind of value, with its article: `a selector`.
  static var optionTypeName: String { get }
  /// The value as it would be written in a configuration.
  var optionText: String { get }
}

/// Returns a value as it would be written in a configuration.
private func describe(_ value: some Sendable) -> String {
  switch value {
  case let text as String: "'\(text)'"
  case let value as any DescribedOption: value.optionText
  default: "\(value)"
  }
}

/// Returns the name of a type for messages: "a whole number", "text" …
public func typeName(_ type: Any.Type) -> String {
  switch type {
  case is Int.Type: "a whole number"
  case is UInt64.Type: "a whole number of at least 0"
  case is Double.Type, is Float.Type: "a number"
  case is Bool.Type: "true or false"
  case is String.Type: "text"
  case is [Double].Type: "a list of numbers"
  case let type as any DescribedOption.Type: type.optionTypeName
  default: "a mapping or list"
  }
}
