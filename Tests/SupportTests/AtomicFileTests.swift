import Foundation
import GraftSupport
import GraftTestSupport
import Testing

struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a new file has all bytes, and no other file is left`() throws {
    try writeAtomically([1, 2, 3][1...], to: folder.file("new"))
    #expect(try folder.read("new") == "\u{2}\u{3}")
    #expect(try folder.contents == ["new"])
  }

  @Test func `text is written as UTF-8`() throws {
    try writeAtomically("naïve\n", to: folder.file("text"))
    #expect(try folder.read("text") == "naïve\n")
  }

  @Test func `an existing file is replaced as a whole, and open readers keep the old content`() throws {
    try folder.write("the older content", to: "file")
    let older = try MappedFile(path: folder.file("file"))
    try writeAtomically("new", to: folder.file("file"))
    #expect(String(decoding: older.bytes, as: UTF8.self) == "the older content")
    #expect(try folder.read("file") == "new")
    #expect(try folder.contents == ["file"])
  }

  @Test func `a missing folder is not created, and the error names the path`() throws {
    let path = folder.file("missing/file")
    let error = #expect(throws: FileError.self) { try writeAtomically("text", to: path) }
    #expect(error?.description == "cannot write \(path): No such file or directory")
    #expect(try folder.contents == [])
  }

  @Test func `a file that cannot be renamed into place is removed`() throws {
    try FileManager.default.createDirectory(atPath: folder.file("taken"), withIntermediateDirectories: false)
    #expect(throws: FileError.self) { try writeAtomically("text", to: folder.file("taken")) }
    #expect(try folder.contents == ["taken"])
  }

  @Test(.enabled(if: getuid() != 0, "root can write everywhere"))
  func `nothing is left in a read-only folder`() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
    #expect(throws: FileError.self) { try writeAtomically("text", to: folder.file("file")) }
    #expect(try folder.contents == [])
  }

  @Test func `one of many concurrent writers wins, and its file is complete`() async throws {
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
  @Test func `a write that fails halfway leaves the existing file unchanged`() async {
    // In a separate process, because the file size limit, which simulates a full disk, applies to the whole process.
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

/// Tests of permissions, links, special files, and leftovers of killed writers.
struct AtomicFilePlaceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    return lstat(folder.file(name), &status) == 0 ? status.st_mode & 0o7777 : 0o7777
  }

  @Test func `a replaced file keeps its permissions, and a new one has the default ones`() throws {
    let mask = umask(0)
    umask(mask)
    try writeAtomically("new", to: folder.file("new"))
    #expect(mode("new") == 0o666 & ~mask)
    for kept: mode_t in [0o600, 0o640, 0o755] {
      #expect(chmod(folder.file("new"), kept) == 0)
      try writeAtomically("newer", to: folder.file("new"))
      #expect(mode("new") == kept)
    }
    #expect(try folder.read("new") == "newer")
  }

  @Test func `a link is replaced, and its target is not changed`() throws {
    try folder.write("precious", to: "elsewhere")
    #expect(symlink("elsewhere", folder.file("link")) == 0)
    try writeAtomically("new", to: folder.file("link"))
    #expect(try folder.read("elsewhere") == "precious" && folder.read("link") == "new")
  }

  @Test func `a pipe, a device, and a folder are not replaced`() throws {
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    let error = #expect(throws: FileError.self) { try writeAtomically("x", to: folder.file("pipe")) }
    #expect(error?.description.hasSuffix("pipe: it is a pipe, expected a file or a new name") == true)
    var status = stat()
    #expect(lstat(folder.file("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(throws: FileError.self) { try writeAtomically("x", to: "/dev/null") }
    #expect(try folder.contents == ["pipe"])
  }

  @Test func `an appended file must not be a link, a pipe, or a device`() throws {
    try folder.write("precious", to: "elsewhere")
    #expect(symlink("elsewhere", folder.file("link")) == 0)
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    for (name, reason) in [("link", "it is a link, expected a file"), ("pipe", "it is a pipe, expected a file")] {
      let error = #expect(throws: FileError.self) { try AppendedFile(path: folder.file(name)) }
      #expect(error?.reason == reason)
    }
    #expect(throws: FileError.self) { try AppendedFile(path: "/dev/null") }
    #expect(try folder.read("elsewhere") == "precious")
  }

  @Test func `a leftover of a killed writer is removed by the next writer in that folder`() async throws {
    setenv("GRAFT_TEST_KILLED_FILE", folder.path, 1)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let folder = try #require(ProcessInfo.processInfo.environment["GRAFT_TEST_KILLED_FILE"])
      // The bytes are requested after the file is created.
      let bytes = (0..<1).lazy.map { _ -> UInt8 in
        kill(getpid(), SIGKILL)
        return 0
      }
      try writeAtomically(bytes, to: "\(folder)/file")
    }
    let left = try folder.contents
    #expect(left.count == 1 && left.allSatisfy { $0.hasPrefix("file.graft-partial-") })
    #expect(mode(left[0]) == 0o600, "only the owner may read a file that is being written")
    try writeAtomically("other", to: folder.file("other"))
    #expect(try folder.contents == ["other"])
  }

  @Test func `only an unlocked file with a staging name counts as a leftover`() throws {
    let left = "file.graft-partial-0123456789abcdef"
    let others = [
      "file.graft-partial-0123456789abcde", "file.graft-partial-0123456789abcdeF", "file.graft-partial-", "x.partial",
      ".graft-partial-0123456789abcdef.txt",
    ]
    for name in [left] + others { try folder.write("x", to: name) }
    try folder.write("precious", to: "folder/file")
    #expect(symlink("folder", folder.file("link.graft-partial-0123456789abcdef")) == 0)
    let descriptor = open(folder.file(left), O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    try writeAtomically("new", to: folder.file("new"))
    let all = ([left, "new", "folder", "link.graft-partial-0123456789abcdef"] + others).sorted()
    #expect(try folder.contents == all, "another writer holds the lock")
    #expect(flock(descriptor, LOCK_UN) == 0)
    try writeAtomically("new", to: folder.file("new"))
    #expect(try folder.contents == all.filter { $0 != left })
    #expect(try folder.read("folder/file") == "precious")
  }

  @Test func `a name of the maximum length can be written`() throws {
    let name = String(repeating: "ü", count: 127)
    try writeAtomically("x", to: folder.file(name))
    #expect(try folder.contents == [name])
  }
}
