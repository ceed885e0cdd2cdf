import Foundation
import GraftSupport
import GraftTestSupport
import Testing

struct MappedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a mapped file has its bytes and identity`() throws {
    try folder.write("bytes", to: "file")
    let file = try MappedFile(path: folder.file("file"))
    #expect(String(decoding: file.bytes, as: UTF8.self) == "bytes")
    #expect(file.identity.size == 5)
    #expect(file.identity == FileIdentity(path: folder.file("file")))
    #expect(file.path == folder.file("file"))
  }

  @Test func `an empty file has no bytes`() throws {
    try folder.write("", to: "empty")
    let file = try MappedFile(path: folder.file("empty"))
    #expect(file.bytes.isEmpty)
    #expect(file.identity.size == 0)
  }

  #if os(Linux)
  @Test func `released pages leave memory and are read again with the same bytes`() throws {
    let bytes = (0..<256 << 10).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("large")))
    let file = try MappedFile(path: folder.file("large"))
    func resident() throws -> Int {
      // The file has no size, so it must be read to its end.
      let smaps = try #require(try FileHandle(forReadingAtPath: "/proc/self/smaps")?.readToEnd())
      let maps = String(decoding: smaps, as: UTF8.self).split(separator: "\n")
      let address = String(UInt(bitPattern: file.bytes.baseAddress), radix: 16)
      let start = try #require(maps.firstIndex { $0.hasPrefix("\(address)-") })
      let line = try #require(maps[start...].first { $0.hasPrefix("Rss:") })
      return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
    #expect(Array(file.bytes) == bytes)
    #expect(try resident() == 256)
    // Almost everything; the pages at both ends are only partly covered and stay.
    file.releasePages(of: UnsafeRawBufferPointer(rebasing: file.bytes[1..<(256 << 10) - 1]))
    #expect(try resident() == 8)
    bytes.withUnsafeBytes { file.releasePages(of: $0) }  // not this file's
    #expect(Array(file.bytes) == bytes)
  }
  #endif

  @Test func `a folder is refused`() throws {
    let error = #expect(throws: FileError.self) { try MappedFile(path: folder.path) }
    #expect(error == FileError("cannot read", folder.path, reason: "it is not a regular file"))
  }

  @Test func `a missing file is refused by name`() throws {
    let path = folder.file("missing")
    let error = #expect(throws: FileError.self) { try MappedFile(path: path) }
    #expect(error?.description == "cannot read \(path): No such file or directory")
    #expect(FileIdentity(path: path) == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a named pipe is refused without waiting`() throws {
    let path = folder.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    #expect(throws: FileError("cannot read", path, reason: "it is not a regular file")) { try MappedFile(path: path) }
  }

  @Test func `a replaced file has a different identity`() throws {
    try folder.write("one", to: "file")
    let before = FileIdentity(path: folder.file("file"))
    try writeAtomically("two", to: folder.file("file"))
    #expect(FileIdentity(path: folder.file("file")) != before)
  }
}
