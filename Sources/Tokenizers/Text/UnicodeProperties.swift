/// The properties of code points in the tokenizers library; see ``UnicodeTables``.
extension Unicode.Scalar {
  /// Whether cleaning removes it.
  var isRemoved: Bool { isIn(UnicodeTables.controls, ascii: .removed) }
  /// Whether cleaning replaces it with a space.
  var isCleanedToSpace: Bool { isIn(UnicodeTables.spaces, ascii: .space) }
  /// Whether it separates words.
  var separatesWords: Bool { isIn(UnicodeTables.whitespace, ascii: .separator) }
  /// Whether the character alone is a word.
  var isPunctuationMark: Bool { isIn(UnicodeTables.punctuation, ascii: .punctuation) }
  /// Whether it is a Chinese character.
  var isChinese: Bool { value >= 0x2E80 && isIn(ranges: UnicodeTables.chinese) }
  /// Whether it is a mark that is removed when accents are stripped.
  var isAccent: Bool { value >= 0x300 && isIn(ranges: UnicodeTables.marks) }
  /// Whether it is an accent that other marks are not moved across when marks are sorted.
  var endsRunOfMarks: Bool { isIn(ranges: UnicodeTables.barriers) }

  /// Whether the pattern of byte-level tokenizers treats it as a letter.
  var isByteLevelLetter: Bool {
    isASCII ? ("a"..."z").contains(self) || ("A"..."Z").contains(self) : isIn(ranges: ByteLevelTables.letters)
  }
  /// Whether the pattern of byte-level tokenizers treats it as a number.
  var isByteLevelNumber: Bool { isASCII ? ("0"..."9").contains(self) : isIn(ranges: ByteLevelTables.numbers) }
  /// Whether the pattern of byte-level tokenizers treats it as white space.
  var isByteLevelSpace: Bool { isIn(ranges: ByteLevelTables.spaces) }

  /// The combining class by which a kept mark is sorted among its neighbors.
  var combiningClass: UInt32? {
    guard value >= 0x300 else { return nil }
    let classes = UnicodeTables.classes
    let row = rowBefore(value, in: classes, width: 3)
    return row >= 0 && value <= classes[row + 1] ? classes[row + 2] : nil
  }

  /// The lowercase letter, or the code point itself.
  var lowercased: Unicode.Scalar {
    if isASCII { return ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) | 0x20) : self }
    let (rows, code) = (UnicodeTables.lowercase, Int32(value))
    let row = rowBefore(code, in: rows, width: 4)
    guard row >= 0, code <= rows[row + 1], (code - rows[row]) % rows[row + 2] == 0 else { return self }
    return Unicode.Scalar(UInt32(code + rows[row + 3])) ?? self
  }

  /// The decomposition without accents; `nil` when that is the code point itself.
  var withoutAccents: [Unicode.Scalar]? {
    if (0xAC00...0xD7A3).contains(value) { return hangulLetters }
    return Self.decompositions[value]
  }

  /// Hangul syllables are composed arithmetically. (The Unicode Standard, section 3.12.)
  private var hangulLetters: [Unicode.Scalar] {
    let index = value - 0xAC00
    let codes = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
    return (index % 28 == 0 ? codes.dropLast() : codes[...]).compactMap(Unicode.Scalar.init)
  }

  private static let decompositions: [UInt32: [Unicode.Scalar]] = {
    var all: [UInt32: [Unicode.Scalar]] = [:]
    for (first, text) in UnicodeTables.bases {
      for (offset, scalar) in text.unicodeScalars.enumerated() where scalar.value != first + UInt32(offset) {
        all[first + UInt32(offset)] = [scalar]
      }
    }
    for (code, text) in UnicodeTables.expansions { all[code] = Array(text.unicodeScalars) }
    return all
  }()

  /// The same properties for the first 128 code points, with one table look-up each.
  private struct ASCII: OptionSet {
    let rawValue: UInt8
    static let removed = ASCII(rawValue: 1)
    static let space = ASCII(rawValue: 2)
    static let separator = ASCII(rawValue: 4)
    static let punctuation = ASCII(rawValue: 8)

    static let table: [ASCII] = (0..<128).map { code in
      let scalar = Unicode.Scalar(UInt8(code))
      var properties: ASCII = []
      if scalar.isIn(ranges: UnicodeTables.controls) { properties.insert(.removed) }
      if scalar.isIn(ranges: UnicodeTables.spaces) { properties.insert(.space) }
      if scalar.isIn(ranges: UnicodeTables.whitespace) { properties.insert(.separator) }
      if scalar.isIn(ranges: UnicodeTables.punctuation) { properties.insert(.punctuation) }
      return properties
    }
  }

  @inline(__always)
  private func isIn(_ ranges: [UInt32], ascii property: ASCII) -> Bool {
    isASCII ? ASCII.table[Int(value)].contains(property) : isIn(ranges: ranges)
  }

  private func isIn(ranges: [UInt32]) -> Bool {
    let row = rowBefore(value, in: ranges, width: 2)
    return row >= 0 && value <= ranges[row + 1]
  }
}

/// Returns the start of the last row whose first entry is at most `code`, or -1; rows of `width` are sorted by first entry.
private func rowBefore<Number: FixedWidthInteger>(_ code: Number, in rows: [Number], width: Int) -> Int {
  var (low, high) = (0, rows.count / width)
  while low < high {
    let middle = (low + high) / 2
    if rows[middle * width] <= code { low = middle + 1 } else { high = middle }
  }
  return (low - 1) * width
}
