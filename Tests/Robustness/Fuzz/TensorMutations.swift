import GraftSupport

/// A tensor file, split into header and data.
private struct TensorFile {
  var header: JSONTree
  var data: [UInt8]

  /// Splits a valid file.
  init(_ bytes: [UInt8]) {
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    header = JSONTree(Array(bytes[8..<8 + length]))
    data = Array(bytes[(8 + length)...])
  }

  /// Returns the file, with or without padding of the header.
  func bytes(isPadded: Bool) -> [UInt8] {
    var text = header.bytes
    if isPadded { text += Array(repeating: 0x20, count: -text.count & 7) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return length + text + data
  }
}

extension Randomness {
  /// Returns a tensor file with changes to its header, its layout, or its values.
  ///
  /// - Parameters:
  ///   - original: A valid file.
  ///   - metadata: Whether the strings stored with the tensors are JSON and should be changed as such.
  ///   - other: Another input, from which a part may be copied.
  mutating func mutatedTensors(_ original: [UInt8], metadata: Bool = false, splicing other: [UInt8] = []) -> [UInt8] {
    var file = TensorFile(original)
    switch below(12) {
    case 0: return mutated(original, splicing: other)
    case 1:
      var bytes = original
      overwrite(&bytes, at: below(8))
      return bytes
    case 2:
      file.data =
        chance(50) ? Array(file.data.prefix(below(file.data.count))) : file.data + [UInt8](repeating: 0, count: 4)
    case 3, 4: setValues(&file.data)
    case 5, 6, 7: file.header = relaid(file.header, &file.data)
    case 8,
      9 where metadata:
      file.header = changingMetadata(file.header)
    default: file.header = mutated(file.header)
    }
    return file.bytes(isPadded: chance(85))
  }

  /// Overwrites some of the data with extreme floats or NaN.
  private mutating func setValues(_ data: inout [UInt8]) {
    guard data.count >= 4 else { return }
    let value = pick(HostileValues.floats)
    let start = below(data.count / 4) * 4
    let end = min(data.count / 4 * 4, start + 4 * pick([1, 1, 8, 1000]))
    for place in stride(from: start, to: end, by: 4) {
      for byte in 0..<4 { data[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
    }
  }

  /// Returns the header with one tensor renamed, removed, or of a different type or shape, with consistent offsets.
  private mutating func relaid(_ header: JSONTree, _ data: inout [UInt8]) -> JSONTree {
    guard case .object(var members) = header else { return header }
    let tensors = members.indices.filter { members[$0].key != "__metadata__" }
    guard !tensors.isEmpty else { return header }
    let chosen = pick(tensors)
    if chance(20) { members[chosen].key = chance(50) ? pick(HostileValues.texts) : members[pick(tensors)].key + "x" }
    var all: [UInt8] = []
    let dropped = chance(15) ? chosen : nil
    for index in tensors where index != dropped {
      guard case .object(var fields) = members[index].value else { continue }
      var bytes = Self.content(of: fields, in: data)
      if index == chosen, let shape = fields.firstIndex(where: { $0.key == "shape" }), chance(70) {
        let sizes: [[Int]] = [
          [], [0], [1], [bytes.count / 4], [1, bytes.count / 4], [2, 0, 3], [1, 1, 1, bytes.count / 4], [3, 5],
        ]
        let size = pick(sizes)
        let count = 4 * size.reduce(1, *)
        bytes = Array((bytes + [UInt8](repeating: 0, count: count)).prefix(count))
        fields[shape].value = .array(size.map { .raw("\($0)") })
      }
      if index == chosen, let type = fields.firstIndex(where: { $0.key == "dtype" }), chance(40) {
        fields[type].value = .text(pick(["F16", "BF16", "I8", "U8", "F64", "I64", "BOOL", "F8_E4M3"]))
        if chance(70), let shape = fields.firstIndex(where: { $0.key == "shape" }) {
          // The number of elements that matches the bytes.
          let width =
            ["I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F16": 2, "BF16": 2][Self.text(fields[type].value)] ?? 8
          fields[shape].value = .array([.raw("\(bytes.count / width)")])
          bytes = Array(bytes.prefix(bytes.count / width * width))
        }
      }
      if let offsets = fields.firstIndex(where: { $0.key == "data_offsets" }) {
        fields[offsets].value = .array([.raw("\(all.count)"), .raw("\(all.count + bytes.count)")])
      }
      members[index].value = .object(fields)
      all += bytes
    }
    if let dropped { members.remove(at: dropped) }
    data = all
    return .object(members)
  }

  private static func content(of fields: [JSONTree.Member], in data: [UInt8]) -> [UInt8] {
    guard case .array(let offsets)? = fields.first(where: { $0.key == "data_offsets" })?.value, offsets.count == 2,
      let start = Int(text(offsets[0])), let end = Int(text(offsets[1])), 0 <= start, start <= end, end <= data.count
    else { return [] }
    return Array(data[start..<end])
  }

  private static func text(_ tree: JSONTree) -> String {
    switch tree {
    case .text(let text), .raw(let text): text
    case .array, .object: ""
    }
  }

  /// Returns the header with one of its metadata strings, which contain JSON, changed.
  private mutating func changingMetadata(_ header: JSONTree) -> JSONTree {
    guard case .object(var members) = header, let place = members.firstIndex(where: { $0.key == "__metadata__" }),
      case .object(var strings) = members[place].value, !strings.isEmpty
    else { return header }
    let chosen = below(strings.count)
    if case .text(let text) = strings[chosen].value {
      strings[chosen].value = .text(String(decoding: mutatedJSON(Array(text.utf8)), as: UTF8.self))
    }
    members[place].value = .object(strings)
    return .object(members)
  }
}
