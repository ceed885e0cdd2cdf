import GraftSupport

/// What an example teaches, in terms of its objective.
public enum Target: Sendable, Hashable {
  /// A class, counted from 0.
  case label(Int)
  /// A number.
  case value(Float)
  /// Several labels, counted from 0: a set in increasing order, or a sequence.
  case labels([Int])
  /// Several numbers.
  case values([Float])

  /// The class; -1 for other targets.
  public var label: Int { if case .label(let label) = self { label } else { -1 } }
  /// The labels: that of a class, or several.
  public var labels: [Int] {
    switch self {
    case .label(let label): [label]
    case .labels(let labels): labels
    case .value, .values: []
    }
  }
  /// The number, or a class's index as a number; NaN for several.
  public var value: Float {
    switch self {
    case .label(let label): Float(label)
    case .value(let value): value
    case .labels, .values: .nan
    }
  }
}

/// A field of a table that contains a target.
public struct TargetField: Hashable, Sendable {
  /// The field as written; `nil` for a list in a JSON file.
  public let text: String?
  /// The items as written, if the field is a list; also if it is a text with a list in JSON or Python notation.
  public let list: [String]?

  /// Creates a field with a text, which is a list if it has the form of one: `["a", "b"]`, `['a', 'b']`, or `[0, 1]`.
  public init(_ text: String) {
    self.text = text
    list = WrittenList.items(text)
  }

  /// Creates a field with a list of a JSON file.
  public init(list: [String]) {
    text = nil
    self.list = list
  }

  /// Returns the text of a field that must not be a list.
  ///
  /// - Throws: ``TargetError`` that explains which objectives have lists.
  public func single() throws(TargetError) -> String {
    // A text such as [] or [CLS] may be a label, but the list of a JSON file is none.
    guard let text, list?.isEmpty != false, !WrittenList.isProbable(text) else {
      throw TargetError(
        "got a list of labels, but the objective has one label per example; give each example one label, or train with "
          + "objective: multi_label")
    }
    return text
  }

  /// Returns the items of a list, or a single text.
  ///
  /// - Throws: ``TargetError`` for a text in brackets that is not a list.
  public func items() throws(TargetError) -> [String] {
    if let list { return list }
    guard let text, !WrittenList.hasBrackets(text) else {
      throw TargetError(
        "\(quoted(text ?? "")) is not a list in JSON or Python notation; expected one such as [\"a\", \"b\"]")
    }
    return [text]
  }
}

/// The error for a field or a value that is not a target of an objective.
public struct TargetError: Error, Equatable {
  /// What is wrong and what is expected, such as `unknown label 'x'; expected a or b`.
  public let reason: String

  /// Creates an error with a reason.
  public init(_ reason: String) { self.reason = reason }
}
