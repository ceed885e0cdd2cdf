import Foundation
import GraftSupport
import GraftTestSupport
import Testing

struct AtomicFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a folder appears when it is complete, with the default permissions`() throws {
    let result = try writeFolderAtomically(folder.file("made/deep/new/")) { staging in
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("made/deep")).count == 1)
      var status = stat()
      #expect(stat(staging, &status) == 0 && status.st_mode & 0o777 == 0o700)
      try writeAtomically("x", to: "\(staging)/file")
      return 7
    }
    #expect(result == 7)
    #expect(try folder.read("made/deep/new/file") == "x")
    let mask = umask(0)
    umask(mask)
    var status = stat()
    #expect(stat(folder.file("made/deep/new"), &status) == 0 && status.st_mode & 0o777 == 0o777 & ~mask)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("made/deep")) == ["new"])
  }

  @Test func `a failure leaves nothing`() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try writeFolderAtomically(folder.file("new")) { staging in
        try writeAtomically("x", to: "\(staging)/file")
        throw Failure()
      }
    }
    #expect(try folder.contents == [])
  }

  @Test func `a link with a staging name is neither followed nor emptied`() throws {
    try folder.write("precious", to: "victim/keep.txt")
    for name in [".new.graft-partial", "new.graft-partial-0123456789abcdef"] {
      #expect(symlink(folder.file("victim"), folder.file(name)) == 0)
    }
    try writeFolderAtomically(folder.file("new")) { try writeAtomically("x", to: "\($0)/file") }
    #expect(try folder.read("victim/keep.txt") == "precious")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("victim")) == ["keep.txt"])
  }

  @Test func `a leftover of a killed program is removed by the next one`() async throws {
    setenv("GRAFT_TEST_KILLED_FOLDER", folder.path, 1)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let folder = try #require(ProcessInfo.processInfo.environment["GRAFT_TEST_KILLED_FOLDER"])
      try writeFolderAtomically("\(folder)/new") { staging in
        try makeFolder("\(staging)/deep")
        try writeAtomically("x", to: "\(staging)/deep/file")
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try folder.contents.count == 1 && folder.contents[0].hasPrefix("new.graft-partial-"))
    try writeFolderAtomically(folder.file("other")) { _ in }
    #expect(try folder.contents == ["other"])
  }

  @Test func `one of many concurrent writers of a folder wins, and none disturbs another`() async throws {
    let path = folder.file("new")
    let wins = await withTaskGroup(of: Bool.self) { group in
      for writer in 0..<8 {
        group.addTask {
          do {
            try writeFolderAtomically(path) { (staging: String) -> Void in
              for file in 0..<20 { try writeAtomically("\(writer)", to: "\(staging)/\(file)") }
            }
            return true
          } catch { return false }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(wins == 1)
    #expect(try folder.contents == ["new"])
    let writers = try (0..<20).map { try folder.read("new/\($0)") }
    #expect(Set(writers).count == 1)
  }
}

struct OutputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refusal(_ path: String) -> String? {
    do { _ = try OutputFile(path) } catch let error as FileError { return error.reason } catch { return "internal" }
    return nil
  }

  @Test func `a link to a file stays, and its target is replaced`() throws {
    try folder.write("older", to: "deep/file")
    #expect(symlink("deep/file", folder.file("link")) == 0)
    try OutputFile(folder.file("link")).write(Array("new".utf8))
    #expect(try folder.read("deep/file") == "new")
    var status = stat()
    #expect(lstat(folder.file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("deep")) == ["file"])
  }

  @Test func `paths where no file can be written are refused before any work`() throws {
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(symlink("pipe", folder.file("to pipe")) == 0)
    #expect(symlink("nowhere", folder.file("dangling")) == 0)
    #expect(refusal(folder.file("new")) == nil)
    #expect(refusal(folder.file("pipe")) == "it is a pipe, expected a file or a new name")
    #expect(refusal(folder.file("to pipe")) == "it is a pipe, expected a file or a new name")
    #expect(refusal(folder.file("dangling")) == "it is a link without a target")
    #expect(refusal(folder.path) == "it is a folder, expected a file or a new name")
    #expect(refusal("/dev/null") == "it is a device, expected a file or a new name")
    for path in ["", folder.file("new/"), folder.file("."), folder.file("..")] {
      #expect(refusal(path) == "it is not the name of a file", "\(path)")
    }
    #expect(refusal(folder.file("missing/new")) == "No such file or directory")
    #expect(refusal(folder.file("pipe/new")) == "Not a directory")
  }

  @Test func `a new folder needs an unused name`() throws {
    try folder.write("x", to: "file")
    #expect(symlink("nowhere", folder.file("dangling")) == 0)
    for path in [
      folder.file("file"), folder.file("dangling"), folder.path, "", "/", ".", "..", folder.file("file/new"),
    ] {
      #expect(throws: FileError.self, "\(path)") { try OutputFolder(path) }
    }
    _ = try OutputFolder(folder.file("new"))
    _ = try OutputFolder(folder.file("made/new/"))
  }

  @Test func `the program's own standard output is refused`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let file = open(folder.file("out"), O_WRONLY | O_CREAT, 0o600)
      #expect(file >= 0 && dup2(file, STDOUT_FILENO) == STDOUT_FILENO)
      for path in [folder.file("out"), "/dev/stdout"] { #expect(throws: FileError.self) { try OutputFile(path) } }
    }
  }
}
