/// What the tokenizers library takes a code point for; see ``UnicodeTables``.
extension Unicode.Scalar {
  /// Removed when text is cleaned.
  var isRemoved: Bool { isIn(UnicodeTables.controls, ascii: .removed) }
  /// Becomes a space when text is cleaned.
  var isCleanedToSpace: Bool { isIn(UnicodeTables.spaces, ascii: .space) }
  /// Stands between words.
  var separatesWords: Bool { isIn(UnicodeTables.whitespace, ascii: .separator) }
  /// A word of its own.
  var isPunctuationMark: Bool { isIn(UnicodeTables.punctuation, ascii: .punctuation) }
  /// A Chinese character.
  var isChinese: Bool { value >= 0x2E80 && isIn(ranges: UnicodeTables.chinese) }
  /// A mark that is removed when accents are stripped.
  var isAccent: Bool { value >= 0x300 && isIn(ranges: UnicodeTables.marks) }
  /// An accent over which no other mark is moved when marks are sorted.
  var endsRunOfMarks: Bool { isIn(ranges: UnicodeTables.barriers) }

  /// A letter to the pattern of byte-level tokenizers.
  var isByteLevelLetter: Bool {
    isASCII ? ("a"..."z").contains(self) || ("A"..."Z").contains(self) : isIn(ranges: ByteLevelTables.letters)
  }
  /// A number to the pattern of byte-level tokenizers.
  var isByteLevelNumber: Bool { isASCII ? ("0"..."9").contains(self) : isIn(ranges: ByteLevelTables.numbers) }
  /// White space to the pattern of byte-level tokenizers.
  var isByteLevelSpace: Bool { isIn(ranges: ByteLevelTables.spaces) }

  /// The class by which a mark that stays is sorted among its neighbours.
  var combiningClass: UInt32? {
    guard value >= 0x300 else { return nil }
    let classes = UnicodeTables.classes
    let row = rowBefore(value, in: classes, width: 3)
    return row >= 0 && value <= classes[row + 1] ? classes[row + 2] : nil
  }

  /// The small letter, or the code point itself.
  var lowercased: Unicode.Scalar {
    if isASCII { return ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) | 0x20) : self }
    let (rows, code) = (UnicodeTables.lowercase, Int32(value))
    let row = rowBefore(code, in: rows, width: 4)
    guard row >= 0, code <= rows[row + 1], (code - rows[row]) % rows[row + 2] == 0 else { return self }
    return Unicode.Scalar(UInt32(code + rows[row + 3])) ?? self
  }

  /// What is left when the code point is decomposed and the accents are removed; `nil` when that is itself.
  var withoutAccents: [Unicode.Scalar]? {
    if (0xAC00...0xD7A3).contains(value) { return hangulLetters }
    return Self.decompositions[value]
  }

  /// Hangul syllables are put together by arithmetic. (The Unicode Standard, section 3.12.)
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

  /// The same answers for the first 128 code points, one look-up each.
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

/// Where the last row begins whose first entry is at most `code`, or -1: rows of `width` by rising first entries.
private func rowBefore<Number: FixedWidthInteger>(_ code: Number, in rows: [Number], width: Int) -> Int {
  var (low, high) = (0, rows.count / width)
  while low < high {
    let middle = (low + high) / 2
    if rows[middle * width] <= code { low = middle + 1 } else { high = middle }
  }
  return (low - 1) * width
}
