/// A valid input that mutations start from.
struct Seed {
  /// The kind of input, which determines the mutations.
  enum Kind { case bytes, json, jsonLines, yaml, table, lines, pattern, tensors, adapter }

  /// The folder that contains the file, or `nil` when the reader takes bytes.
  var folder: String?
  /// The file's name in the folder.
  var file = ""
  let kind: Kind
  let content: [UInt8]

  /// The path of the file.
  var path: String? { folder.map { "\($0)/\(file)" } }
}

/// A reader under test.
struct Reader {
  /// The name in the table.
  let name: String
  /// How often the reader is chosen, relative to the others.
  let share: Int
  /// The valid inputs that mutations start from.
  let seeds: [Seed]
  /// Reads an input: the folder with the changed file, or the changed bytes.
  let read: (_ folder: String, _ bytes: [UInt8]) throws -> Void
}

extension Randomness {
  /// Returns an input derived from a valid one.
  mutating func input(from seed: Seed, splicing other: Seed) throws -> [UInt8] {
    let rest = other.kind == seed.kind ? other.content : []
    switch seed.kind {
    case .bytes: return mutated(seed.content, splicing: rest)
    case .json: return mutatedJSON(seed.content, splicing: rest)
    case .yaml: return mutatedYAML(seed.content, splicing: rest)
    case .table: return mutatedTable(seed.content, splicing: rest)
    case .lines: return mutatedLines(seed.content, splicing: rest)
    case .pattern: return mutatedPattern(seed.content, splicing: rest)
    case .tensors: return mutatedTensors(seed.content, splicing: rest)
    case .adapter: return try mutatedAdapter(seed.content)
    case .jsonLines:
      if chance(30) { return mutatedTable(seed.content, splicing: rest) }
      var lines = seed.content.split(separator: 0x0A).map(Array.init)
      let place = below(lines.count)
      lines[place] = mutatedJSON(lines[place])
      return Array(lines.joined(separator: [0x0A]))
    }
  }
}
