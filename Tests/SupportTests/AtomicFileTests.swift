import Foundation
import GraftSupport
import GraftTestSupport
import Testing

struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a new file has all bytes, and nothing is left beside it`() throws {
    try writeAtomically([1, 2, 3][1...], to: folder.file("new"))
    #expect(try folder.read("new") == "\u{2}\u{3}")
    #expect(try folder.contents == ["new"])
  }

  @Test func `text is written as UTF-8`() throws {
    try writeAtomically("naïve\n", to: folder.file("text"))
    #expect(try folder.read("text") == "naïve\n")
  }

  @Test func `an older file is replaced as a whole: who has it open keeps it`() throws {
    try folder.write("the older content", to: "file")
    let older = try MappedFile(path: folder.file("file"))
    try writeAtomically("new", to: folder.file("file"))
    #expect(String(decoding: older.bytes, as: UTF8.self) == "the older content")
    #expect(try folder.read("file") == "new")
    #expect(try folder.contents == ["file"])
  }

  @Test func `a folder that does not exist is not made, and the error names the path`() throws {
    let path = folder.file("missing/file")
    let error = #expect(throws: FileError.self) { try writeAtomically("text", to: path) }
    #expect(error?.description == "cannot write \(path): No such file or directory")
    #expect(try folder.contents == [])
  }

  @Test func `what cannot be put into place is cleaned up`() throws {
    try FileManager.default.createDirectory(atPath: folder.file("taken"), withIntermediateDirectories: false)
    #expect(throws: FileError.self) { try writeAtomically("text", to: folder.file("taken")) }
    #expect(try folder.contents == ["taken"])
  }

  @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
  func `nothing is left in a read-only folder`() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
    #expect(throws: FileError.self) { try writeAtomically("text", to: folder.file("file")) }
    #expect(try folder.contents == [])
  }

  @Test func `of many writers of one file one wins, and its file is whole`() async throws {
    let path = folder.file("file")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        group.addTask { try writeAtomically([UInt8](repeating: UInt8(writer), count: 100_000 + writer), to: path) }
      }
      try await group.waitForAll()
    }
    let file = try MappedFile(path: path)
    let winner = try #require(file.bytes.first)
    #expect(file.bytes.count == 100_000 + Int(winner))
    #expect(file.bytes.allSatisfy { $0 == winner })
    #expect(try folder.contents == ["file"])
  }

  #if os(Linux)
  @Test func `a write that fails halfway leaves the older file as it was`() async {
    // In a process of its own, because the limit that stands in for a full disk holds for the whole process.
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      try folder.write("older", to: "file")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #expect(throws: FileError.self) {
        try writeAtomically([UInt8](repeating: 1, count: 5000), to: folder.file("file"))
      }
      #expect(try folder.read("file") == "older")
      #expect(try folder.contents == ["file"])
    }
  }
  #endif
}
