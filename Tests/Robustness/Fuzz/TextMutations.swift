extension Randomness {
  /// Returns YAML with changed values, indentation, and lines.
  mutating func mutatedYAML(_ original: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    if chance(30) { return mutated(original, splicing: other) }
    var lines = String(decoding: original, as: UTF8.self).split(separator: "\n").map(String.init)
    for _ in 0..<few() {
      guard !lines.isEmpty else { break }
      let place = below(lines.count)
      switch below(9) {
      case 0: lines.remove(at: place)
      case 1: lines.insert(lines[place], at: below(lines.count + 1))
      case 2: lines.swapAt(place, below(lines.count))
      case 3: lines[place] = String(repeating: " ", count: below(6)) + lines[place]
      case 4: lines.insert(pick(Self.yaml), at: place)
      default: lines[place] = replacingWord(lines[place])
      }
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static let yaml = [
    "---", "...", "? [a, b]", "? {a: b}", ": 3", "<<: {a: 1}", "a: &x 1", "b: *x", "- 1", "!!str a: 1", "%YAML 1.2",
    "{", "[", "}", "a: |",
    "a: >-", "? a", "~: 1", "1: 2", "\"\\u202e\": 1", "true: false", "a: !!binary AAAA", "a: !!timestamp 2001-01-01",
    "a: !!float .inf", "a: 0o17", "a: 1:30:00", "seeds: [1, 1]", "training: {epochs: .nan}",
    "method: {name: lora, targets: ['*']}",
  ]

  /// Replaces one word or number of a line.
  private mutating func replacingWord(_ line: String) -> String {
    let isPart = { (character: Character) in !" ,:{}[]'\"".contains(character) }
    var words: [Range<String.Index>] = []
    var start: String.Index?
    for index in line.indices {
      if isPart(line[index]) {
        start = start ?? index
      } else if let from = start {
        words.append(from..<index)
        start = nil
      }
    }
    if let from = start { words.append(from..<line.endIndex) }
    guard !words.isEmpty else { return pick(Self.yaml) }
    let word = pick(words)
    let text = pick(HostileValues.texts)
    let new = pick([
      pick(HostileValues.numbers), text, "'\(text)'", "\"\(text)\"", "{}", "[]", "[1, 2]", "{a: 1}", "null", ".inf",
      ".nan", "",
    ])
    return line[..<word.lowerBound] + new + line[word.upperBound...]
  }

  /// Returns a table with changed separators, quotation marks, line ends, and rows.
  mutating func mutatedTable(_ original: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    var bytes = original
    for _ in 0..<few() {
      guard !bytes.isEmpty, chance(60) else {
        bytes = mutated(bytes, splicing: other)
        continue
      }
      let places = bytes.indices.filter { ",\t\n\";".utf8.contains(bytes[$0]) }
      let place = places.isEmpty ? below(bytes.count) : pick(places)
      switch below(5) {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = pick(Array(",\t\n\r\";{}[]".utf8))
      case 2: bytes.insert(contentsOf: Array(repeating: bytes[place], count: pick([1, 2, 1001])), at: place)
      case 3: bytes.insert(contentsOf: pick([[13], [13, 13], [34], [34, 34], [0], [0xFF]]), at: place)
      default: bytes.insert(contentsOf: pick(HostileValues.texts).utf8, at: place)
      }
    }
    return bytes
  }

  /// Returns lines with some changed, duplicated, swapped, or removed.
  mutating func mutatedLines(_ original: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    if chance(30) { return mutated(original, splicing: other) }
    var lines = original.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    for _ in 0..<few() {
      let place = below(lines.count)
      guard !lines.isEmpty else { break }
      switch below(6) {
      case 0: lines.remove(at: place)
      case 1: lines.insert(lines[place], at: below(lines.count + 1))
      case 2: lines.swapAt(place, below(lines.count))
      case 3: lines.insert(Array(pick(HostileValues.texts).utf8), at: place)
      case 4: lines[place] += pick([[13], [32], [9], [32, 97], [0]])
      default: lines[place] = mutated(lines[place])
      }
    }
    return Array(lines.joined(separator: [0x0A]))
  }

  /// Returns a selector or regular expression: a changed valid one, or one assembled from fragments.
  mutating func mutatedPattern(_ original: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    if chance(50) { return mutated(original, splicing: other) }
    let fragments = [
      "*", ".", "|", "{", "}", "-", ",", "(", ")", "[", "]", "^", "$", "\\", "?", "+", "(?:", "\\d", "\\w", "[^", "a-z",
      "{2,5}", "{0,1000}",
      "encoder", "layer", "attention", "self", "query", "value", "role:", "classifier", "0", "1", "11", "{0-2,5}",
      "\u{202E}", "\u{130}",
    ]
    let chosen = (0..<pick([1, 3, 8, 20, 60])).map { _ in chance(90) ? pick(fragments) : pick(HostileValues.texts) }
    return Array(chosen.joined().utf8)
  }
}
