/// One row of a table: the values of the columns that were asked for.
struct TableRow {
  /// Where it begins in the file, as a line from 1.
  let line: Int
  /// Where it begins in the file, as a byte from 0.
  let offset: Int
  /// A value for each column that was asked for.
  let values: [TableValue]
  /// How many fields the row has, whoever asks for them; `nil` for a JSON object, whose fields have names.
  let fieldCount: Int?
  /// Whether all of its fields are empty or white space.
  let isBlank: Bool
  /// Whether it has a carriage return within, which may be a line end of another system.
  let hasCarriageReturn: Bool
}

/// What a row has in a column.
enum TableValue: Equatable {
  /// A text, or a number or truth value as it is written.
  case text(String)
  /// No field, or no key of that name.
  case missing
  /// JSON's null.
  case null
  /// A JSON list.
  case list
  /// A JSON object.
  case object

  /// The text, or `nil`.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// Gathers the fields of a row, of which only some are wanted.
struct FieldCollector {
  private let places: [Int]
  /// The wanted fields.
  private(set) var values: [TableValue]
  /// How many fields there were.
  private(set) var count = 0
  /// Whether they were all empty or white space.
  private(set) var isBlank = true

  /// - Parameter places: The columns that are wanted.
  init(places: [Int]) {
    self.places = places
    values = Array(repeating: .missing, count: places.count)
  }

  /// Takes the next field; its bytes are UTF-8.
  mutating func add(_ bytes: some Collection<UInt8>) {
    if isBlank { isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
    for (index, place) in places.enumerated() where place == count {
      values[index] = .text(String(decoding: bytes, as: UTF8.self))
    }
    count += 1
  }
}
