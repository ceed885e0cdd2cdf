import Foundation
import GraftHub
import GraftSupport
import GraftTestSupport
import Testing

@Suite(.serialized)
struct TaskFetchTests {
  let server: HubServer
  let train =
    "sentence\tlabel\n" + (0..<900).map { "text \($0 * $0 * 7919 % 104729) of \($0 * 31) \t\($0 % 2)\n" }.joined()

  init() throws { server = try HubServer() }

  /// Packs the site's folder `name` with Python's zipfile.
  private func pack(_ name: String, stored: Bool = false) throws -> TaskArchive {
    let script = """
      import os, sys, zipfile
      with zipfile.ZipFile("\(name).zip", "w", \(stored ? "zipfile.ZIP_STORED" : "zipfile.ZIP_DEFLATED")) as archive:
          for folder, _, files in sorted(os.walk("\(name)")):
              for file in sorted(files):
                  archive.write(os.path.join(folder, file))
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: server.site.path)
    try process.run()
    process.waitUntilExit()
    return try describe(name, server.site.bytes("\(name).zip"))
  }

  /// Returns an archive with its size and hash, as the program would define it.
  private func describe(_ name: String, _ bytes: [UInt8]) -> TaskArchive {
    bytes.withUnsafeBytes { bytes in
      let hash = FileHash.sha256(FileHash.sha256("").computed(of: bytes))
      return TaskArchive(folder: name, files: [.init(path: "\(name).zip", size: bytes.count, hash: hash)])
    }
  }

  private func writeSite() throws {
    for (name, text) in [("train", train), ("dev", "sentence\tlabel\na \t1\n"), ("test", "index\tsentence\n0\ta \n")] {
      try server.site.write(text, to: "SST-2/\(name).tsv")
    }
    try server.site.write("unused", to: "SST-2/original/raw.tsv")
    try server.site.write("unused", to: "SST-2/readme.txt")
  }

  @discardableResult
  private func fetch(_ archive: TaskArchive) throws -> String {
    try TaskFetch(archive, into: server.work.file("tasks")).run(environment: server.siteEnvironment) { _ in }.folder
  }

  private func placed() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: server.work.file("tasks"))) ?? [])
      .filter { !$0.hasPrefix(".") }
  }

  @Test(arguments: [true, false])
  func `the tables of an archive are fetched over a connection that is repeatedly interrupted`(stored: Bool) throws {
    try writeSite()
    let archive = try pack("SST-2", stored: stored)
    let folder = try fetch(archive)
    #expect(folder.hasSuffix("tasks/SST-2"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["dev.tsv", "test.tsv", "train.tsv"])
    #expect(try String(contentsOfFile: "\(folder)/train.tsv", encoding: .utf8) == train)
    let requests = try server.requests().count
    #expect(requests > 2)
    #expect(try fetch(archive) == folder)
    #expect(try server.requests().count == requests)
  }

  @Test func `an archive with a different size or content is refused`() throws {
    try writeSite()
    let right = try pack("SST-2")
    let file = right.files[0]
    let wrong = { (size: Int, hash: FileHash) in
      TaskArchive(folder: "SST-2", files: [.init(path: file.path, size: size, hash: hash)])
    }
    for (archive, expected) in [
      (wrong(file.size, .sha256(String(repeating: "0", count: 64))), "SST-2.zip has the hash"),
      (wrong(file.size + 1, file.hash), "it has fewer than the expected \(file.size + 1) bytes"),
      (wrong(file.size - 1, file.hash), "it has more than the expected \(file.size - 1) bytes"),
    ] {
      let error = #expect(throws: HubError.self) { try fetch(archive) }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
      #expect(placed().isEmpty)
      try? FileManager.default.removeItem(atPath: server.work.file("tasks"))
    }
  }

  @Test func `the official sizes and hashes are enforced`() throws {
    try server.site.write("no archive", to: "SST-2.zip")
    let error = #expect(throws: HubError.self) {
      try TaskFetch("SST-2", into: server.work.file("tasks")).run(environment: server.siteEnvironment) { _ in }
    }
    #expect(error?.description.contains("fewer than the expected 7439277 bytes") == true)
    #expect(throws: HubError.noOfficialFiles("custom")) { try TaskFetch("custom", into: "tasks") }
    let missing = #expect(throws: HubError.self) {
      try TaskFetch("RTE", into: server.work.file("tasks")).run(environment: server.siteEnvironment) { _ in }
    }
    #expect(missing?.description.contains("RTE.zip returned status 404") == true)
  }

  @Test func `an archive with a damaged byte is refused or unpacked correctly`() throws {
    try writeSite()
    _ = try pack("SST-2")
    let whole = try server.site.bytes("SST-2.zip")
    var refused = 0
    // The step does not divide any structure size, so the header, the data, and the directory are all covered.
    for place in stride(from: 0, to: whole.count, by: 97) {
      var bytes = whole
      bytes[place] ^= 0x5A
      let work = try TemporaryFolder()
      try Data(bytes).write(to: URL(fileURLWithPath: server.site.file("SST-2.zip")))
      do {
        let folder = try TaskFetch(describe("SST-2", bytes), into: work.path)
          .run(environment: server.siteEnvironment) { _ in }.folder
        // Fields that are not used, such as dates, may have any value.
        #expect(try String(contentsOfFile: "\(folder)/train.tsv", encoding: .utf8) == train)
      } catch is HubError {
        refused += 1
        #expect(!FileManager.default.fileExists(atPath: work.file("SST-2")))
      }
    }
    #expect(refused > whole.count / 97 / 2)
    for count in [0, 10, 22, whole.count / 2, whole.count - 1] {
      try Data(whole[..<count]).write(to: URL(fileURLWithPath: server.site.file("SST-2.zip")))
      #expect(throws: HubError.self) { try fetch(describe("SST-2", Array(whole[..<count]))) }
      try? FileManager.default.removeItem(atPath: server.work.file("tasks"))
    }
  }

  @Test func `the paraphrase corpus is split as in GLUE`() throws {
    let folder = try TemporaryFolder()
    let header = "\u{FEFF}Quality\t#1 ID\t#2 ID\t#1 String\t#2 String"
    let rows = ["1\t10\t11\tA \"quoted\" one.\tAnother.", "0\t12\t13\tB\tC", "1\t14\t15\tD\tE"]
    try folder.write(([header] + rows).joined(separator: "\r\n") + "\r\n", to: "msr_paraphrase_train.txt")
    try folder.write([header, "1\t20\t21\tF\tG"].joined(separator: "\r\n") + "\r\n", to: "msr_paraphrase_test.txt")
    try folder.write("12\t13\n", to: "mrpc_dev_ids.tsv")
    try ParaphraseCorpus.divide(in: folder.path)
    #expect(try folder.read("train.tsv") == [header, rows[0], rows[2]].joined(separator: "\n") + "\n")
    #expect(try folder.read("dev.tsv") == [header, rows[1]].joined(separator: "\n") + "\n")
    #expect(try folder.read("test.tsv") == "index\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t20\t21\tF\tG\n")
  }
}
