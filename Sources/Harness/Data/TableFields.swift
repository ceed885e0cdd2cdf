import GraftSupport

extension FieldCollector {
  /// Takes the fields between tabs.
  mutating func addTabbed(_ record: UnsafeRawBufferPointer) {
    var rest = record[...]
    while let tab = UnsafeRawBufferPointer(rebasing: rest).place(of: UInt8(ascii: "\t")) {
      add(rest.prefix(tab))
      rest = rest.dropFirst(tab + 1)
    }
    add(rest)
  }

  /// Takes the fields of a CSV record; a field in quotation marks may hold separators, line ends, and doubled quotation
  /// marks. (RFC 4180.)
  ///
  /// - Parameters:
  ///   - record: A whole record.
  ///   - separator: What stands between fields.
  ///   - place: Where it begins.
  /// - Throws: ``TaskError`` for a quotation mark left open, and for text after a closing one.
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
            throw TaskError.openQuote(file: place.file, line: place.line)
          }
          text += rest.prefix(next)
          position += next + 1
          guard position < record.count, record[position] == quote else { break }
          text.append(quote)
          position += 1
        }
        guard position == record.count || record[position] == separator else {
          let lines = record.prefix(position).count { $0 == UInt8(ascii: "\n") }
          throw TaskError.textAfterQuote(file: place.file, line: place.line + lines)
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
  /// Reads the value of a row: a text, or a number or truth value as it is written.
  mutating func tableValue() throws -> TableValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "["):
      try skipValue()
      return .list
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
}
