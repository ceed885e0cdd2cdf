import Foundation
import GraftObjectives
import GraftSupport

/// What one column of a table contains.
public struct ColumnProfile: Encodable, Sendable {
  /// The column's name.
  public let name: String
  /// The number of rows with a value that is not empty.
  public private(set) var filled = 0
  /// The number of distinct values, which are counted up to ``maximumDistinct``.
  public private(set) var distinct = 0
  /// The mean number of words.
  public var meanWords: Double { Double(words) / Double(max(filled, 1)) }
  /// The largest number of words.
  public private(set) var mostWords = 0
  /// The line of the first row without a value; `nil` if every row has one.
  public private(set) var firstEmptyLine: Int?
  /// The values with their numbers of rows; empty if there are more than `maximumCounted` of them or long ones.
  public private(set) var counts: [String: Int] = [:]

  /// The largest number of distinct values that is counted.
  public static let maximumDistinct = 100_000
  /// The largest number of distinct values that are kept.
  static let maximumCounted = 1000
  private static let longestCounted = 200

  private var words = 0
  private var hashes: Set<Int> = []
  private var isCounting = true
  private(set) var lists = 0
  private(set) var objects = 0
  private(set) var numbers = 0
  private(set) var wholeNumbers = 0
  /// The smallest and the largest number.
  private(set) var range: ClosedRange<Double>?

  init(name: String) { self.name = name }

  /// Adds the value of the row on a line.
  mutating func add(_ value: TableValue, line: Int) {
    switch value {
    case .text(let text) where !text.allSatisfy(\.isWhitespace): add(text)
    case .list(let items):
      lists += 1
      filled += 1
      for item in Set(items ?? []) { count(item) }
    case .object:
      objects += 1
      filled += 1
    case .text, .missing, .null: firstEmptyLine = firstEmptyLine ?? line
    }
  }

  private mutating func add(_ text: String) {
    filled += 1
    let count = text.split(whereSeparator: \.isWhitespace).count
    words += count
    mostWords = max(mostWords, count)
    if let number = Double(text), number.isFinite {
      numbers += 1
      if number == number.rounded() { wholeNumbers += 1 }
      range = min(range?.lowerBound ?? number, number)...max(range?.upperBound ?? number, number)
    }
    if let items = TargetField(text).list {
      lists += 1
      for item in Set(items) { self.count(item) }
    } else {
      self.count(text)
    }
  }

  private mutating func count(_ text: String) {
    if hashes.count < Self.maximumDistinct, hashes.insert(text.hashValue).inserted { distinct += 1 }
    guard isCounting else { return }
    counts[text, default: 0] += 1
    if counts.count > Self.maximumCounted || text.utf8.count > Self.longestCounted {
      isCounting = false
      counts = [:]
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, filled, distinct, meanWords, mostWords
  }

  /// Encodes what `graft init --json` shows.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(filled, forKey: .filled)
    try container.encode(distinct, forKey: .distinct)
    try container.encode(meanWords, forKey: .meanWords)
    try container.encode(mostWords, forKey: .mostWords)
  }
}

extension ColumnProfile {
  /// Whether all values are numbers.
  var isNumeric: Bool { filled > 0 && numbers == filled }
  /// Whether most values are lists.
  var isList: Bool { lists * 2 > filled }

  /// Whether the values look like texts: several words, or mostly distinct.
  var looksLikeText: Bool {
    !isNumeric && !isList && objects == 0 && filled > 0 && (meanWords >= 3 || meanWords > 1.2 && distinct * 2 > filled)
  }

  /// Whether the values look like labels: few of them, and short, or lists, or numbers.
  var looksLikeLabel: Bool {
    guard filled > 0, objects == 0 else { return false }
    return isList || !counts.isEmpty && counts.count >= 2 && counts.count * 2 <= filled && meanWords < 4
  }

  /// One word that describes the column to a person.
  public var kind: String {
    if filled == 0 { return "empty" }
    if objects > 0 { return "objects" }
    if isList { return "lists" }
    if isNumeric { return wholeNumbers == numbers ? "whole numbers" : "numbers" }
    if looksLikeText { return "text" }
    return looksLikeLabel ? "labels" : distinct == filled ? "distinct values" : "short texts"
  }
}
