/// The field separator of a CSV file. In locales with a decimal comma, Excel writes semicolons.
enum CSVSeparator {
  /// The separators that are detected automatically; on equal counts the first one is used.
  static let all = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  /// Returns the most frequent separator outside quotation marks in a header; a comma if there is none.
  static func of(header: UnsafeRawBufferPointer) -> UInt8 {
    var counts = [Int](repeating: 0, count: all.count)
    var isQuoted = false
    for byte in header {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let index = all.firstIndex(of: byte) { counts[index] += 1 }
    }
    let maximum = counts.max() ?? 0
    return maximum > 0 ? zip(all, counts).first { $1 == maximum }?.0 ?? all[0] : all[0]
  }

  /// Returns the separator declared by a first line such as `sep=;`, which Excel reads and writes; `nil` if there is none.
  ///
  /// - Throws: ``TableError/separator(file:_:)`` for an unsupported separator.
  static func declared(by line: UnsafeRawBufferPointer, file: String) throws -> UInt8? {
    let unquoted = line.filter { $0 != UInt8(ascii: "\"") }
    guard unquoted.count == 5, let separator = unquoted.last,
      String(decoding: unquoted.dropLast(), as: UTF8.self).lowercased() == "sep="
    else { return nil }
    guard all.contains(separator) || separator == UInt8(ascii: "|") else {
      throw TableError.separator(file: file, String(decoding: [separator], as: UTF8.self))
    }
    return separator
  }

  /// Returns a separator's name in messages.
  static func name(_ separator: UInt8) -> String {
    switch separator {
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: "\t"): "tab"
    case UInt8(ascii: "|"): "vertical bar"
    default: "comma"
    }
  }
}
