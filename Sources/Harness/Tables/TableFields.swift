import GraftSupport

extension FieldCollector {
  /// Adds the tab-separated fields of a record.
  mutating func addTabbed(_ record: UnsafeRawBufferPointer) {
    var rest = record[...]
    while let tab = UnsafeRawBufferPointer(rebasing: rest).place(of: UInt8(ascii: "\t")) {
      add(rest.prefix(tab))
      rest = rest.dropFirst(tab + 1)
    }
    add(rest)
  }

  /// Adds the fields of a CSV record. A quoted field may contain separators, line ends, and doubled quotation marks.
  /// (RFC 4180.)
  ///
  /// - Parameters:
  ///   - record: A whole record.
  ///   - separator: The field separator.
  ///   - place: The record's location, for errors.
  /// - Throws: ``TableError`` for an unclosed quotation mark, or for text after a closing one.
  mutating func addCSV(_ record: UnsafeRawBufferPointer, separator: UInt8, place: FilePlace) throws {
    let quote = UInt8(ascii: "\"")
    var position = 0
    while true {
      if position < record.count, record[position] == quote {
        var text: [UInt8] = []
        position += 1
        while true {
          let rest = UnsafeRawBufferPointer(rebasing: record[position...])
          guard let next = rest.place(of: quote) else {
            throw TableError.openQuote(file: place.file, line: place.line)
          }
          text += rest.prefix(next)
          position += next + 1
          guard position < record.count, record[position] == quote else { break }
          text.append(quote)
          position += 1
        }
        guard position == record.count || record[position] == separator else {
          let lines = record.prefix(position).count { $0 == UInt8(ascii: "\n") }
          throw TableError.textAfterQuote(file: place.file, line: place.line + lines)
        }
        add(text)
      } else {
        let rest = UnsafeRawBufferPointer(rebasing: record[position...])
        let length = rest.place(of: separator) ?? rest.count
        add(rest.prefix(length))
        position += length
      }
      guard position < record.count else { return }
      position += 1
    }
  }
}

extension JSONReader {
  /// Reads a row's value: a string, or a number or Boolean as written.
  mutating func tableValue() throws -> TableValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "["):
      return .list(try listItems())
    case UInt8(ascii: "{"):
      try skipValue()
      return .object
    case UInt8(ascii: "n"):
      return try takeNull() ? .null : .missing
    default:
      let before = self
      guard let text = try scalarText(), text == "true" || text == "false" || Double(text) != nil else {
        throw before.unexpected("a number, a text in double quotation marks, true, false or null")
      }
      return .text(text)
    }
  }

  /// Reads a list; `nil` if an item is null, a list, or an object.
  private mutating func listItems() throws -> [String]? {
    var items: [String] = []
    var isPlain = true
    try array { reader in
      guard case .text(let item) = try reader.tableValue() else {
        isPlain = false
        return
      }
      items.append(item)
    }
    return isPlain ? items : nil
  }
}
