/// What stands between the fields of a CSV file: Excel writes semicolons where the decimal point is a comma.
enum CSVSeparator {
  /// Those that are recognized; of equally frequent ones the first.
  static let all = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  /// The most frequent one of a header, not counting those within quotation marks; a comma when there is none.
  static func of(header: UnsafeRawBufferPointer) -> UInt8 {
    var counts = [Int](repeating: 0, count: all.count)
    var isQuoted = false
    for byte in header {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let place = all.firstIndex(of: byte) { counts[place] += 1 }
    }
    let most = counts.max() ?? 0
    return most > 0 ? zip(all, counts).first { $1 == most }?.0 ?? all[0] : all[0]
  }

  /// The separator that a first line such as `sep=;` declares, as Excel reads and writes it.
  ///
  /// - Throws: ``TaskError/separator(file:_:)`` for one that is not read.
  static func declared(by line: UnsafeRawBufferPointer, file: String) throws -> UInt8? {
    let bare = line.filter { $0 != UInt8(ascii: "\"") }
    guard bare.count == 5, let separator = bare.last,
      String(decoding: bare.dropLast(), as: UTF8.self).lowercased() == "sep="
    else { return nil }
    guard all.contains(separator) || separator == UInt8(ascii: "|") else {
      throw TaskError.separator(file: file, String(decoding: [separator], as: UTF8.self))
    }
    return separator
  }

  /// What people call it.
  static func name(_ separator: UInt8) -> String {
    switch separator {
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: "\t"): "tab"
    case UInt8(ascii: "|"): "vertical bar"
    default: "comma"
    }
  }
}
