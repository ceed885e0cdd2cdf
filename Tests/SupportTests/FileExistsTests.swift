import Foundation
import GraftSupport
import GraftTestSupport
import Testing

struct FileExistsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `existing files and folders are found, and other names are not`() throws {
    try folder.write("text", to: "file")
    #expect(try fileExists(folder.file("file")))
    #expect(try fileExists(folder.path))
    #expect(try !fileExists(folder.file("other")))
    #expect(try !fileExists(folder.file("no/such/folder")))
  }

  @Test func `a link counts as its target`() throws {
    try folder.write("text", to: "file")
    #expect(symlink("file", folder.file("link")) == 0)
    #expect(try fileExists(folder.file("link")))
  }

  @Test func `a link without a target is an error, not a missing file`() throws {
    #expect(symlink("nowhere", folder.file("link")) == 0)
    let error = #expect(throws: FileError.self) { try fileExists(folder.file("link")) }
    #expect(error?.description.hasSuffix("link: it is a link without a target") == true)
  }

  @Test func `a link to itself and a path through a file are errors`() throws {
    #expect(symlink("loop", folder.file("loop")) == 0)
    #expect(throws: FileError.self) { try fileExists(folder.file("loop")) }
    try folder.write("text", to: "file")
    #expect(throws: FileError.self) { try fileExists(folder.file("file/below")) }
  }

  @Test(.enabled(if: getuid() != 0, "root can read everything"))
  func `an unreadable file is an error, and so is a file in an unsearchable folder`() throws {
    try folder.write("text", to: "file")
    #expect(chmod(folder.file("file"), 0) == 0)
    #expect(throws: FileError.self) { try fileExists(folder.file("file")) }
    try FileManager.default.createDirectory(atPath: folder.file("closed"), withIntermediateDirectories: false)
    #expect(chmod(folder.file("closed"), 0) == 0)
    defer { chmod(folder.file("closed"), 0o700) }
    #expect(throws: FileError.self) { try fileExists(folder.file("closed/file")) }
  }
}
