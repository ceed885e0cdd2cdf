public import GraftSupport

/// A safetensors file, opened and checked.
///
/// A file that could be opened keeps every rule of the format: its tensors fill its data section without hole or
/// overlap, and each has exactly the bytes that its shape and type ask for.
public final class SafetensorsFile: PageOwner {
  /// The file's path or, for bytes in memory, the name they were given.
  public let path: String
  /// The tensors, in the order of their data.
  public let entries: [TensorEntry]
  /// The strings that were stored with the tensors.
  public let metadata: [String: String]

  private let memory: Memory
  private let dataOffset: Int
  private let positions: [String: Int]

  /// Maps the file at `path` into memory and checks its header. No tensor is read before it is used.
  ///
  /// - Throws: `FileError` when it cannot be read, ``SafetensorsError`` when it breaks a rule of the format.
  public convenience init(path: String) throws {
    try self.init(.mapped(MappedFile(path: path)), path: path)
  }

  /// Takes a file that is already in memory.
  ///
  /// - Parameters:
  ///   - bytes: The whole file. They are copied.
  ///   - name: What errors call the file.
  /// - Throws: ``SafetensorsError`` when it breaks a rule of the format.
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

  /// The file up to its data: the header's length and the header, as they are.
  public var headerBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory.bytes[..<dataOffset]) }

  /// The tensors that a header lays out over a data section that is elsewhere.
  ///
  /// - Parameters:
  ///   - bytes: As ``headerBytes`` gave them.
  ///   - dataSize: The data section's bytes.
  ///   - name: What errors call the file.
  /// - Throws: ``SafetensorsError`` when they don't fit together.
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

  /// What tells this version of the file from every other one, or `nil` for bytes in memory.
  public var identity: FileIdentity? {
    guard case .mapped(let file) = memory else { return nil }
    return file.identity
  }

  /// The tensor called `name`, if there is one.
  public subscript(name: String) -> TensorEntry? {
    positions[name].map { entries[$0] }
  }

  /// The tensor called `name`.
  ///
  /// - Throws: ``SafetensorsError`` that offers the nearest name when there is none.
  public func entry(named name: String) throws -> TensorEntry {
    guard let entry = self[name] else {
      let suggestion = didYouMean(name, in: entries.lazy.map(\.name))
      throw SafetensorsError(path, tensor: name, .noSuchTensor(suggestion: suggestion))
    }
    return entry
  }

  /// The bytes of a tensor of this file: its elements, little-endian, in row-major order.
  ///
  /// They are the file's own, so the pointer is valid while this object lives and need not be aligned to the elements.
  public func bytes(of entry: TensorEntry) -> UnsafeRawBufferPointer {
    precondition(self[entry.name] == entry, "the tensor must be one of this file")
    let start = dataOffset + entry.byteRange.lowerBound
    return UnsafeRawBufferPointer(rebasing: memory.bytes[start..<start + entry.byteRange.count])
  }

  /// Gives back the memory of some bytes of a mapped file.
  public func releasePages(of range: UnsafeRawBufferPointer) {
    if case .mapped(let file) = memory { file.releasePages(of: range) }
  }
}

/// Where a file's bytes are.
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

/// Bytes at an address that does not change, which an array does not promise.
private final class OwnedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(_ source: [UInt8]) {
    // As aligned as any element, so that a file whose header is padded gives its floats without a copy.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
