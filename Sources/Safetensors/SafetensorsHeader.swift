import GraftSupport

/// A file's header: the tensors in the order of their data, and the metadata.
///
/// Layout of a file: length of the header (8 bytes, little-endian), header (JSON, padded with spaces), data.
struct SafetensorsHeader {
  /// The longest header that the format allows, in bytes.
  static let lengthLimit = 100_000_000
  /// The maximum number of dimensions, as in the libraries that write such files; a hostile header of 100 MB could otherwise
  /// list 50 million sizes.
  static let maximumDimensions = 64
  /// The header member that is not a tensor.
  static let metadataKey = "__metadata__"

  private(set) var entries: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]
  /// The offset of the data section in the file.
  let dataOffset: Int

  /// Reads the header from the bytes of a whole file.
  ///
  /// - Throws: ``SafetensorsError`` or `JSONError` for every violation of the format.
  init(file: UnsafeRawBufferPointer, path: String) throws {
    guard file.count >= 8 else { throw SafetensorsError(path, .fileTooShort(got: file.count)) }
    let claimed = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard claimed <= SafetensorsHeader.lengthLimit else {
      throw SafetensorsError(path, .headerTooLong(limit: SafetensorsHeader.lengthLimit, got: claimed))
    }
    let length = Int(claimed)
    guard length <= file.count - 8 else {
      throw SafetensorsError(path, .headerBeyondEnd(length: length, available: file.count - 8))
    }
    try self.init(
      text: UnsafeRawBufferPointer(rebasing: file[8..<8 + length]), dataSize: file.count - 8 - length, path: path)
  }

  /// Reads a header's text, for a data section of `dataSize` bytes.
  init(text: UnsafeRawBufferPointer, dataSize: Int, path: String) throws {
    dataOffset = 8 + text.count
    try read(text, path: path)
    try checkLayout(dataSize: dataSize, path: path)
  }

  private mutating func read(_ text: UnsafeRawBufferPointer, path: String) throws {
    var reader = JSONReader(text, path: path)
    guard reader.next == UInt8(ascii: "{") else { throw reader.unexpected("'{' as the first byte") }
    var entries: [TensorEntry] = []
    var metadata: [String: String] = [:]
    try reader.object { reader, name in
      if name == SafetensorsHeader.metadataKey {
        try reader.object { reader, key in metadata[key] = try reader.string() }
      } else {
        entries.append(try SafetensorsHeader.entry(name, from: &reader))
      }
    }
    while reader.next == UInt8(ascii: " ") { reader.offset += 1 }
    guard reader.next == nil else { throw reader.unexpected("only spaces after the header") }
    self.entries = entries
    self.metadata = metadata
  }

  /// Reads the description of the tensor `name`.
  private static func entry(_ name: String, from reader: inout JSONReader) throws -> TensorEntry {
    let path = reader.path
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { reader, field in
      switch field {
      case "dtype":
        dtype = try reader.string()
      case "shape":
        var sizes: [Int] = []
        try reader.array {
          guard sizes.count < maximumDimensions else {
            throw SafetensorsError(path, tensor: name, .tooManyDimensions(limit: maximumDimensions))
          }
          sizes.append(try $0.wholeNumber())
        }
        shape = sizes
      case "data_offsets":
        var ends: [Int] = []
        try reader.array {
          guard ends.count < 2 else { throw $0.unexpected("two offsets") }
          ends.append(try $0.wholeNumber())
        }
        guard ends.count == 2 else { throw reader.unexpected("two offsets before this") }
        offsets = ends
      default:
        throw SafetensorsError(path, tensor: name, .unknownField(field))
      }
    }
    guard let dtype else { throw SafetensorsError(path, tensor: name, .missingField("dtype")) }
    guard let shape else { throw SafetensorsError(path, tensor: name, .missingField("shape")) }
    guard let offsets else { throw SafetensorsError(path, tensor: name, .missingField("data_offsets")) }
    guard let type = ElementType(rawValue: dtype) else {
      throw SafetensorsError(path, tensor: name, .unknownElementType(dtype))
    }
    let begin = offsets[0]
    let end = offsets[1]
    guard begin <= end else { throw SafetensorsError(path, tensor: name, .reversedRange(begin: begin, end: end)) }
    guard let byteCount = type.byteCount(shape: shape) else {
      throw SafetensorsError(path, tensor: name, .sizeOverflow(shape: shape, type: type))
    }
    guard byteCount == end - begin else {
      throw SafetensorsError(path, tensor: name, .wrongByteCount(expected: byteCount, got: end - begin))
    }
    return TensorEntry(name: name, elementType: type, shape: shape, byteRange: begin..<end)
  }

  /// Sorts the tensors by their data and checks that they fill the data section exactly.
  private mutating func checkLayout(dataSize: Int, path: String) throws {
    // Empty tensors begin where the next one begins; sorting by name too makes the order deterministic.
    entries.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound, $0.name)
        < ($1.byteRange.lowerBound, $1.byteRange.upperBound, $1.name)
    }
    var end = 0
    for entry in entries {
      guard entry.byteRange.lowerBound == end else {
        throw SafetensorsError(
          path, tensor: entry.name, .misplaced(expected: end, got: entry.byteRange.lowerBound))
      }
      end = entry.byteRange.upperBound
    }
    guard end == dataSize else { throw SafetensorsError(path, .wrongDataSize(expected: end, got: dataSize)) }
  }
}
