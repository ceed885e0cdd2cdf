/// One row of a table, with the values of the selected columns.
struct TableRow {
  /// The line on which the row begins, counted from 1.
  let line: Int
  /// The byte offset at which the row begins.
  let offset: Int
  /// One value per selected column.
  let values: [TableValue]
  /// The number of fields in the row, selected or not; `nil` for a JSON object, whose fields have names.
  let fieldCount: Int?
  /// Whether all fields are empty or white space.
  let isBlank: Bool
  /// Whether the row contains a carriage return, which may be a line end.
  let hasCarriageReturn: Bool
}

/// A row's value in a column.
enum TableValue: Equatable {
  /// A text, or a number or Boolean as written.
  case text(String)
  /// A missing field or key.
  case missing
  /// A JSON null.
  case null
  /// A JSON list, with its items as written if all of them are texts, numbers, or Booleans.
  case list([String]?)
  /// A JSON object.
  case object

  /// The text, or `nil`.
  var text: String? { if case .text(let text) = self { text } else { nil } }
  /// Whether the value is a list or an object.
  var isNested: Bool {
    switch self {
    case .list, .object: true
    case .text, .missing, .null: false
    }
  }
}

/// Collects the selected fields of a row.
struct FieldCollector {
  private let places: [Int]
  /// The values of the selected fields.
  private(set) var values: [TableValue]
  /// The number of fields added so far.
  private(set) var count = 0
  /// Whether all fields were empty or white space.
  private(set) var isBlank = true

  /// Creates a collector.
  ///
  /// - Parameter places: The indices of the selected columns.
  init(places: [Int]) {
    self.places = places
    values = Array(repeating: .missing, count: places.count)
  }

  /// Adds the next field, whose bytes must be UTF-8.
  mutating func add(_ bytes: some Collection<UInt8>) {
    if isBlank { isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
    for (index, place) in places.enumerated() where place == count {
      values[index] = .text(String(decoding: bytes, as: UTF8.self))
    }
    count += 1
  }
}
