import CZlib
import Foundation
import GraftSupport

/// A ZIP archive: its files by name, unpacked one by one. (PKWARE's APPNOTE, without encryption and ZIP64.)
///
/// Every offset and size is checked before it is used, and no file grows beyond what the archive says of it.
package struct ZipArchive {
  /// The archive, as messages call it.
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

  /// The names of the files within, in the archive's order.
  package var names: [String] { entries.map(\.name) }

  /// Reads the directory of the archive at `path`.
  ///
  /// - Throws: ``HubError/badArchive(file:reason:)``, or `FileError`.
  package init(path: String, name: String) throws {
    self.name = name
    file = try MappedFile(path: path)
    entries = try Self.directory(LittleEndianBytes(bytes: file.bytes, name: name))
  }

  /// Writes the content of a file within to `path`.
  ///
  /// - Throws: ``HubError/badArchive(file:reason:)``, or `FileError`; what is at `path` is incomplete then.
  package func unpack(_ entryName: String, to path: String) throws {
    guard let entry = entries.first(where: { $0.name == entryName }) else {
      throw HubError.badArchive(file: name, reason: "it has no file \(quoted(entryName))")
    }
    unlink(path)
    let output = try PartialFile(path: path)
    let packed = try content(of: entry)
    var checksum = crc32(0, nil, 0)
    func take(_ bytes: UnsafeRawBufferPointer) throws {
      guard output.size + bytes.count <= entry.size else { throw error(entry, "is longer than the directory says") }
      checksum = crc32(checksum, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count))
      try output.append(Data(bytes))
    }
    switch entry.method {
    case 0: try take(packed)
    case 8: try inflate(packed, entry, take)
    default: throw error(entry, "is packed in a way (\(entry.method)) that is not read")
    }
    guard output.size == entry.size, UInt32(checksum) == entry.checksum else { throw error(entry, "is damaged") }
    try output.flush()
  }

  /// The packed bytes stand behind a header of their own, which repeats the name.
  private func content(of entry: Entry) throws -> UnsafeRawBufferPointer {
    let bytes = LittleEndianBytes(bytes: file.bytes, name: name)
    guard try bytes.number(at: entry.header, 4) == 0x0403_4B50 else { throw error(entry, "has no header") }
    let start = try entry.header + 30 + bytes.number(at: entry.header + 26, 2) + bytes.number(at: entry.header + 28, 2)
    guard start <= file.bytes.count, entry.packedSize <= file.bytes.count - start else {
      throw error(entry, "ends behind the archive")
    }
    return UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + entry.packedSize])
  }

  private func inflate(
    _ packed: UnsafeRawBufferPointer, _ entry: Entry, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var stream = z_stream()
    guard graft_inflate_begin(&stream) == Z_OK else { throw error(entry, "can't be unpacked: no memory") }
    defer { inflateEnd(&stream) }
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer { chunk.deallocate() }
    stream.next_in = UnsafeMutablePointer(mutating: packed.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = UInt32(packed.count)
    var status = Z_OK
    while status == Z_OK {
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      status = CZlib.inflate(&stream, Z_NO_FLUSH)
      try take(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(chunk)[..<(chunk.count - Int(stream.avail_out))]))
    }
    guard status == Z_STREAM_END else { throw error(entry, "is damaged") }
  }

  private func error(_ entry: Entry, _ what: String) -> HubError {
    .badArchive(file: name, reason: "\(quoted(entry.name)) within \(what)")
  }

  /// The directory stands at the archive's end, and a record behind it says where.
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

/// Bytes out of which numbers are read, never beyond their end.
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
      throw HubError.badArchive(file: name, reason: "it ends too early")
    }
    return bytes[offset..<offset + width]
  }
}
