/// Collects tensors and writes them as one safetensors file.
///
/// The bytes depend only on the tensors and metadata, not on the order of additions, and equal those that the reference library
/// writes.
public struct SafetensorsWriter: Sendable {
  /// The strings to store with the tensors.
  public var metadata: [String: String]

  private var tensors: [String: Tensor] = [:]

  /// Creates a writer without tensors.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor.
  ///
  /// - Parameters:
  ///   - name: A name that is unique in the file.
  ///   - type: The type of its elements.
  ///   - shape: The sizes of its dimensions, outermost first.
  ///   - bytes: Its elements, little-endian, in row-major order.
  /// - Throws: ``SafetensorsError`` when the name is taken or reserved, or the number of bytes does not match the shape.
  public mutating func add(
    _ name: String, type: ElementType, shape: [Int], bytes: some Collection<UInt8>
  ) throws {
    guard name != SafetensorsHeader.metadataKey else { throw error(name, .reservedName) }
    guard tensors[name] == nil else { throw error(name, .nameTaken) }
    precondition(shape.allSatisfy { $0 >= 0 }, "sizes must not be negative")
    guard let expected = type.byteCount(shape: shape) else {
      throw error(name, .sizeOverflow(shape: shape, type: type))
    }
    guard bytes.count == expected else {
      throw error(name, .wrongByteCount(expected: expected, got: bytes.count))
    }
    tensors[name] = Tensor(type: type, shape: shape, bytes: Array(bytes))
  }

  /// Returns the file's content.
  ///
  /// - Throws: ``SafetensorsError`` when names and metadata exceed the longest header that the format allows.
  public func encoded() throws -> [UInt8] {
    let ordered = tensors.sorted { first, second in
      first.value.type == second.value.type
        ? precedes(first.key, second.key) : first.value.type < second.value.type
    }
    var header = headerText(ordered)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -header.count & 7))
    guard header.count <= SafetensorsHeader.lengthLimit else {
      throw error(nil, .headerTooLong(limit: SafetensorsHeader.lengthLimit, got: UInt64(header.count)))
    }
    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.value.bytes.count })
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(contentsOf: header)
    for (_, tensor) in ordered { file.append(contentsOf: tensor.bytes) }
    return file
  }

  private func headerText(_ ordered: [(key: String, value: Tensor)]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { precedes($0.key, $1.key) }.map { "\(jsonString($0)):\(jsonString($1))" }
      members.append("\(jsonString(SafetensorsHeader.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in ordered {
      let end = offset + tensor.bytes.count
      let shape = tensor.shape.map { String($0) }.joined(separator: ",")
      members.append(
        #"\#(jsonString(name)):{"dtype":"\#(tensor.type.rawValue)","shape":[\#(shape)],"data_offsets":[\#(offset),\#(end)]}"#
      )
      offset = end
    }
    return Array("{\(members.joined(separator: ","))}".utf8)
  }

  private func error(_ name: String?, _ problem: SafetensorsError.Problem) -> SafetensorsError {
    SafetensorsError("new safetensors file", tensor: name, problem)
  }

  private struct Tensor {
    let type: ElementType
    let shape: [Int]
    let bytes: [UInt8]
  }
}

/// Whether `first` comes before `second`, compared byte by byte. Swift's own order treats different encodings of the
/// same accent as equal.
private func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}

/// Returns `text` as a JSON string, with only the escapes that JSON requires.
private func jsonString(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\u{8}": json += "\\b"
    case "\u{C}": json += "\\f"
    case "\n": json += "\\n"
    case "\r": json += "\\r"
    case "\t": json += "\\t"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      json += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}
