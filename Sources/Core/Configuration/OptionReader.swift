import GraftSupport

/// Reads a configuration's options one by one: default, meaning and check stand where the option is decoded, and nowhere
/// else. What is not read is refused, and the nearest known key named.
///
/// ```swift
/// var options = try OptionReader(decoder)
/// rank = try options.value("rank", default: 8, "width of the update, R") { $0 >= 1 ? nil : "at least 1" }
/// try options.finish()
/// ```
///
/// The same code describes the options: decoded from nothing with an ``OptionLog`` in `userInfo`, it leaves a list of
/// names, defaults and meanings there.
public struct OptionReader {
  private let container: KeyedDecodingContainer<OptionKey>
  private let log: OptionLog?
  private var known: [String] = []

  /// A reader of the mapping that `decoder` stands at.
  public init(_ decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: OptionKey.self)
    log = decoder.userInfo[.optionLog] as? OptionLog
  }

  /// The value under `key`, or the default.
  ///
  /// - Parameters:
  ///   - key: The option's name in the file.
  ///   - fallback: The default.
  ///   - shown: How the documentation shows the default, in place of its own description.
  ///   - meaning: One line for `--help` and the documentation.
  ///   - check: What values are allowed, in words, when this one is not; `nil` when it is.
  /// - Throws: `DecodingError` with a description for people.
  public mutating func value<Value: Decodable & Sendable>(
    _ key: String, default fallback: Value, shownAs shown: String? = nil, _ meaning: String,
    check: (Value) -> String? = { _ in nil }
  ) throws -> Value {
    note(key, shown ?? describe(fallback), meaning, Value.self)
    guard let value = try container.decodeIfPresent(Value.self, forKey: OptionKey(key)) else { return fallback }
    if let expected = check(value) { throw refuse(key, "expected \(expected), got \(describe(value))") }
    return value
  }

  /// The value under `key`, or `nil` when it is absent or null.
  public mutating func optional<Value: Decodable & Sendable>(
    _ key: String, of type: Value.Type = Value.self, shownAs shown: String = "null", _ meaning: String,
    check: (Value) -> String? = { _ in nil }
  ) throws -> Value? {
    note(key, shown, meaning, Value.self)
    guard let value = try container.decodeIfPresent(Value.self, forKey: OptionKey(key)) else { return nil }
    if let expected = check(value) { throw refuse(key, "expected \(expected), got \(describe(value))") }
    return value
  }

  /// A text under `key` that names one of an enumeration's cases.
  public mutating func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, default fallback: Choice, _ meaning: String
  ) throws -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    note(key, fallback.rawValue, "\(meaning): \(names.joined(separator: " | "))", String.self)
    guard let name = try container.decodeIfPresent(String.self, forKey: OptionKey(key)) else { return fallback }
    return try named(name, key)
  }

  /// A text under `key` that names one of an enumeration's cases, or `nil` when it is absent or null.
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
      throw refuse(
        key, "expected \(names.joined(separator: " or ")), got '\(name)'\(didYouMean(name, in: names))")
    }
    return choice
  }

  /// Accepts a key that somebody else reads, such as the `name` beside a method's options.
  public mutating func ignore(_ key: String) { known.append(key) }

  /// Refuses every key that was not read.
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

  /// An error about the value under `key`, such as one that does not go with another's.
  public func refuse(_ key: String, _ reason: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: container.codingPath + [OptionKey(key)], debugDescription: reason))
  }
}

/// A key that a configuration chose itself.
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

/// A value as it would be written in a configuration.
private func describe(_ value: some Sendable) -> String {
  switch value {
  case let text as String: "'\(text)'"
  case let value as any DescribedOption: value.optionText
  default: "\(value)"
  }
}

/// What a type is called in front of people: "a whole number", "text" …
public func typeName(_ type: Any.Type) -> String {
  switch type {
  case is Int.Type: "a whole number"
  case is UInt64.Type: "a whole number from 0"
  case is Double.Type, is Float.Type: "a number"
  case is Bool.Type: "true or false"
  case is String.Type: "text"
  case is [Double].Type: "a list of numbers"
  case let type as any DescribedOption.Type: type.optionTypeName
  default: "a mapping or list"
  }
}
