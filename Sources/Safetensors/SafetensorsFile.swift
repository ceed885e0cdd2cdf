public import GraftSupport

/// An opened and validated safetensors file.
///
/// An opened file satisfies every rule of the format: its tensors fill the data section without gaps or overlaps, and each has
/// exactly the bytes that its shape and type require.
public final class SafetensorsFile: PageOwner {
  /// The file's path, or the given name for bytes in memory.
  public let path: String
  /// The tensors, in the order of their data.
  public let entries: [TensorEntry]
  /// The strings stored with the tensors.
  public let metadata: [String: String]

  private let memory: Memory
  private let dataOffset: Int
  private let positions: [String: Int]

  /// Maps the file at `path` into memory and checks its header. Tensors are read on first access.
  ///
  /// - Throws: `FileError` when it cannot be read, ``SafetensorsError`` when it violates the format.
  public convenience init(path: String) throws {
    try self.init(.mapped(MappedFile(path: path)), path: path)
  }

  /// Opens a file whose bytes are in memory.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. They are copied.
  ///   - name: The name of the file in errors.
  /// - Throws: ``SafetensorsError`` when the file violates the format.
  public convenience init(bytes: [UInt8], name: String) throws {
    try self.init(.owned(OwnedBytes(bytes)), path: name)
  }

  private init(_ memory: Memory, path: String) throws {
    let header = try SafetensorsHeader(file: memory.bytes, path: path)
    self.path = path
    self.memory = memory
    dataOffset = header.dataOffset
    entries = header.entries
    metadata = header.metadata
    positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// The bytes before the data: the length of the header and the header, unchanged.
  public var headerBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory.bytes[..<dataOffset]) }

  /// Returns the tensors that a header describes, for a data section that is stored elsewhere.
  ///
  /// - Parameters:
  ///   - bytes: The header, as returned by ``headerBytes``.
  ///   - dataSize: The size of the data section in bytes.
  ///   - name: The name of the file in errors.
  /// - Throws: ``SafetensorsError`` when the header and the size do not match.
  public static func layout(ofHeader bytes: [UInt8], dataSize: Int, name: String) throws -> [TensorEntry] {
    try bytes.withUnsafeBytes { bytes in
      guard bytes.count >= 8, bytes.loadUnaligned(as: UInt64.self).littleEndian == UInt64(bytes.count - 8) else {
        throw SafetensorsError(name, .fileTooShort(got: bytes.count))
      }
      return try SafetensorsHeader(
        text: UnsafeRawBufferPointer(rebasing: bytes[8...]), dataSize: dataSize, path: name
      ).entries
    }
  }

  /// Distinguishes this version of the file from every other file; `nil` for bytes in memory.
  public var identity: FileIdentity? {
    guard case .mapped(let file) = memory else { return nil }
    return file.identity
  }

  /// The tensor with this name, if there is one.
  public subscript(name: String) -> TensorEntry? {
    positions[name].map { entries[$0] }
  }

  /// Returns the tensor with this name.
  ///
  /// - Throws: ``SafetensorsError`` with the nearest name as a suggestion when there is none.
  public func entry(named name: String) throws -> TensorEntry {
    guard let entry = self[name] else {
      let suggestion = didYouMean(name, in: entries.lazy.map(\.name))
      throw SafetensorsError(path, tensor: name, .noSuchTensor(suggestion: suggestion))
    }
    return entry
  }

  /// Returns the bytes of a tensor of this file: its elements, little-endian, in row-major order.
  ///
  /// They are not copied, so the pointer is valid during the lifetime of this object, and its alignment is arbitrary.
  public func bytes(of entry: TensorEntry) -> UnsafeRawBufferPointer {
    precondition(self[entry.name] == entry, "the tensor must be one of this file")
    let start = dataOffset + entry.byteRange.lowerBound
    return UnsafeRawBufferPointer(rebasing: memory.bytes[start..<start + entry.byteRange.count])
  }

  /// Releases the physical memory of a range of a mapped file.
  public func releasePages(of range: UnsafeRawBufferPointer) {
    if case .mapped(let file) = memory { file.releasePages(of: range) }
  }
}

/// The storage of a file's bytes.
private enum Memory: Sendable {
  case mapped(MappedFile)
  case owned(OwnedBytes)

  var bytes: UnsafeRawBufferPointer {
    switch self {
    case .mapped(let file): file.bytes
    case .owned(let owner): owner.bytes
    }
  }
}

/// Bytes at a stable address, which an array does not guarantee.
private final class OwnedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(_ source: [UInt8]) {
    // Aligned for every element type, so that the floats of a file with a padded header need no copy.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
