import CZlib
import Foundation
import GraftSupport

/// A ZIP archive whose files are unpacked by name. (PKWARE's APPNOTE, without encryption and ZIP64.)
///
/// Every offset and size is checked before it is used, and no file grows larger than its entry in the archive.
package struct ZipArchive {
  /// The archive's name in messages.
  private let name: String
  private let file: MappedFile
  private let entries: [Entry]

  private struct Entry {
    let name: String
    let method: Int
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    let header: Int
  }

  /// The names of the files in the archive, in its order.
  package var names: [String] { entries.map(\.name) }

  /// Reads the central directory of the archive at `path`.
  ///
  /// - Throws: ``HubError/badArchive(file:reason:)``, or `FileError`.
  package init(path: String, name: String) throws {
    self.name = name
    file = try MappedFile(path: path)
    entries = try Self.directory(LittleEndianBytes(bytes: file.bytes, name: name))
  }

  /// Unpacks a file to `path`.
  ///
  /// - Throws: ``HubError/badArchive(file:reason:)``, or `FileError`; the file at `path` is then incomplete.
  package func unpack(_ entryName: String, to path: String) throws {
    guard let entry = entries.first(where: { $0.name == entryName }) else {
      throw HubError.badArchive(file: name, reason: "it has no file \(quoted(entryName))")
    }
    unlink(path)
    let output = try PartialFile(path: path)
    let packed = try content(of: entry)
    var checksum = crc32(0, nil, 0)
    func append(_ bytes: UnsafeRawBufferPointer) throws {
      guard output.size + bytes.count <= entry.size else { throw error(entry, "is longer than its directory entry") }
      checksum = crc32(checksum, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count))
      try output.append(Data(bytes))
    }
    switch entry.method {
    case 0: try append(packed)
    case 8: try inflate(packed, entry, append)
    default: throw error(entry, "uses the unsupported compression method \(entry.method)")
    }
    guard output.size == entry.size, UInt32(checksum) == entry.checksum else { throw error(entry, "is damaged") }
    try output.flush()
  }

  /// Returns a file's compressed bytes, which follow a local header that repeats the name.
  private func content(of entry: Entry) throws -> UnsafeRawBufferPointer {
    let bytes = LittleEndianBytes(bytes: file.bytes, name: name)
    guard try bytes.number(at: entry.header, 4) == 0x0403_4B50 else { throw error(entry, "has no header") }
    let start = try entry.header + 30 + bytes.number(at: entry.header + 26, 2) + bytes.number(at: entry.header + 28, 2)
    guard start <= file.bytes.count, entry.packedSize <= file.bytes.count - start else {
      throw error(entry, "extends past the end of the archive")
    }
    return UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + entry.packedSize])
  }

  private func inflate(
    _ packed: UnsafeRawBufferPointer, _ entry: Entry, _ append: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    do {
      try Inflate.run(packed, .none, append)
    } catch let failure as Inflate.Failure {
      throw error(entry, failure == .damaged ? "is damaged" : "cannot be unpacked: out of memory")
    }
  }

  private func error(_ entry: Entry, _ what: String) -> HubError {
    .badArchive(file: name, reason: "its file \(quoted(entry.name)) \(what)")
  }

  /// Reads the central directory at the archive's end; a record after it contains its position.
  private static func directory(_ bytes: LittleEndianBytes) throws -> [Entry] {
    let recordSize = 22
    let last = bytes.count - recordSize
    guard last >= 0,
      let record = try stride(from: last, through: max(0, last - 65535), by: -1).first(where: {
        try bytes.number(at: $0, 4) == 0x0605_4B50
      })
    else { throw HubError.badArchive(file: bytes.name, reason: "it has no directory") }
    let count = try bytes.number(at: record + 10, 2)
    var place = try bytes.number(at: record + 16, 4)
    return try (0..<count).map { _ in
      guard try bytes.number(at: place, 4) == 0x0201_4B50 else {
        throw HubError.badArchive(file: bytes.name, reason: "its directory is damaged")
      }
      guard try bytes.number(at: place + 8, 2) & 1 == 0 else {
        throw HubError.badArchive(file: bytes.name, reason: "it is encrypted")
      }
      let nameLength = try bytes.number(at: place + 28, 2)
      let entry = Entry(
        name: try bytes.text(at: place + 46, nameLength), method: try bytes.number(at: place + 10, 2),
        checksum: UInt32(try bytes.number(at: place + 16, 4)), packedSize: try bytes.number(at: place + 20, 4),
        size: try bytes.number(at: place + 24, 4), header: try bytes.number(at: place + 42, 4))
      place += try 46 + nameLength + bytes.number(at: place + 30, 2) + bytes.number(at: place + 32, 2)
      return entry
    }
  }
}

/// Bytes from which integers are read with bounds checks.
private struct LittleEndianBytes {
  let bytes: UnsafeRawBufferPointer
  let name: String
  var count: Int { bytes.count }

  func number(at offset: Int, _ width: Int) throws -> Int {
    try slice(at: offset, width).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  func text(at offset: Int, _ width: Int) throws -> String {
    String(decoding: try slice(at: offset, width), as: UTF8.self)
  }

  private func slice(at offset: Int, _ width: Int) throws -> Slice<UnsafeRawBufferPointer> {
    guard offset <= bytes.count, width <= bytes.count - offset else {
      throw HubError.badArchive(file: name, reason: "it is truncated")
    }
    return bytes[offset..<offset + width]
  }
}
