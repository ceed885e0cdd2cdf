import Foundation
import GraftHub
import GraftSupport
import GraftTestSupport
import Testing

/// The rated snippets: the package index, the archive, and the tables.
@Suite(.serialized)
struct RatedSnippetTests {
  @Test func `the index of pip's configuration is used, with the environment first`() {
    let plain = PackageIndex(configuration: "")
    #expect(plain.addresses == ["https://pypi.org/simple"] && plain.folders.isEmpty)
    let index = PackageIndex(
      configuration: """
        :env:.index-url='https://mirror.example/simple/'
        global.extra-index-url='https://a.example https://b.example'
        global.find-links='/srv/packages https://links.example file:///srv/wheels'
        global.index-url='https://other.example/simple'
        """)
    #expect(index.addresses == ["https://mirror.example/simple", "https://a.example", "https://b.example"])
    #expect(index.folders == ["/srv/packages", "/srv/wheels"])
    #expect(PackageIndex(configuration: "global.no-index='true'").addresses.isEmpty)
  }

  @Test func `pages in JSON and in HTML have the same links`() {
    let json = PackagePage(
      Data(#"{"files": [{"url": "../../a-1.zip", "hashes": {}}, {"url": "https://b/c.whl"}]}"#.utf8))
    let html = PackagePage(
      Data(
        "<html><body><a href='../../a-1.zip'>a</a><br/>\n<a class=\"x\" href=\"https://b/c.whl\">c</a></body></html>"
          .utf8))
    #expect(json.links == ["../../a-1.zip", "https://b/c.whl"] && html.links == json.links)
    #expect(PackagePage(Data("nothing".utf8)).links.isEmpty)
  }

  @Test func `a source package is fetched from the page of an index, checked, and never run`() throws {
    let server = try HubServer()
    let content = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try server.site.write(content, to: "pkg-1.0.zip")
    try server.site.write(
      "<a href=\"../../pkg-1.0.zip#sha256=0\">pkg-1.0.zip</a>", to: "pkg")
    let hash = content.withUnsafeBytes { FileHash.sha256("").computed(of: $0) }
    let site = try #require(server.siteEnvironment["GLUE_ENDPOINT"])
    let index = PackageIndex(configuration: "global.index-url='\(site)simple'")
    func fetch(_ name: String, hash: String, to path: String) throws {
      let file = PackageIndex.SourceFile(package: "pkg", name: name, size: content.count, hash: .sha256(hash))
      try index.fetch(file, to: server.work.file(path), limits: TransferLimits()) { _ in }
    }
    try fetch("pkg-1.0.zip", hash: hash, to: "package")
    #expect(try server.work.bytes("package") == content)
    #expect(throws: HubError.self) { try fetch("pkg-1.0.zip", hash: String(repeating: "0", count: 64), to: "other") }
    #expect(!FileManager.default.fileExists(atPath: server.work.file("other")))
    let missing = #expect(throws: HubError.self) { try fetch("pkg-2.0.zip", hash: hash, to: "other") }
    #expect(missing?.description.contains("pkg-2.0.zip is not on the package index") == true)

    // A folder of find-links is tried before the index.
    let local = try TemporaryFolder()
    try local.write(content, to: "pkg-3.0.zip")
    let requests = try server.requests().count
    let file = PackageIndex.SourceFile(package: "pkg", name: "pkg-3.0.zip", size: content.count, hash: .sha256(hash))
    try PackageIndex(configuration: "global.index-url='\(site)simple'\nglobal.find-links='\(local.path)'")
      .fetch(file, to: server.work.file("third"), limits: TransferLimits()) { _ in }
    #expect(try server.work.bytes("third") == content && server.requests().count == requests)

    // A damaged file in such a folder does not hide the one on the index.
    try local.write("damaged", to: "pkg-1.0.zip")
    let first = PackageIndex.SourceFile(package: "pkg", name: "pkg-1.0.zip", size: content.count, hash: .sha256(hash))
    try PackageIndex(configuration: "global.index-url='\(site)simple'\nglobal.find-links='\(local.path)'")
      .fetch(first, to: server.work.file("fourth"), limits: TransferLimits()) { _ in }
    #expect(try server.work.bytes("fourth") == content)
  }

  /// Packs files with Python's tarfile.
  private func pack(_ files: [(name: String, text: String)], in folder: TemporaryFolder) throws -> [UInt8] {
    for (name, text) in files { try folder.write(text, to: "source/\(name)") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import tarfile; tarfile.open('a.tgz', 'w:gz').add('source', 'root')"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    try process.run()
    process.waitUntilExit()
    return try folder.bytes("a.tgz")
  }

  @Test func `a compressed archive is read, and damage is an error, never a trap`() throws {
    let folder = try TemporaryFolder()
    let text = String(repeating: "some text\n", count: 200)
    let bytes = try pack([("a.txt", text), ("deep/b.txt", "b")], in: folder)
    let archive = try TarArchive(path: folder.file("a.tgz"), name: "a.tgz")
    #expect(archive.names == ["root/a.txt", "root/deep/b.txt"])
    #expect(try String(decoding: archive.content(of: "root/a.txt"), as: UTF8.self) == text)
    #expect(throws: HubError.badArchive(file: "a.tgz", reason: "it has no file 'x'")) { try archive.content(of: "x") }
    #expect(throws: HubError.badArchive(file: "a.tgz", reason: "it has more than 1000 bytes when decompressed")) {
      try TarArchive(path: folder.file("a.tgz"), name: "a.tgz", limit: 1000)
    }
    var refused = 0
    for place in stride(from: 10, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[place] ^= 0x41
      try folder.write(damaged, to: "b.tgz")
      do { _ = try TarArchive(path: folder.file("b.tgz"), name: "b.tgz") } catch is HubError { refused += 1 }
    }
    #expect(refused > bytes.count / 3 * 8 / 10)
    for count in [0, 5, 18, bytes.count / 2] {
      try folder.write(Array(bytes[..<count]), to: "b.tgz")
      #expect(throws: HubError.self) { try TarArchive(path: folder.file("b.tgz"), name: "b.tgz") }
    }
  }

  @Test func `the tables have labels and ratings, one text per row, and a fixed split without shared texts`() throws {
    let folder = try TemporaryFolder()
    let special = ["1\t0.5\tRock &amp;amp; roll &lt;3", "2\t-0.5\tDull.", "3\t0.49\tNeither nor", "4\t3\tdull"]
    let rows = special + (5..<400).map { "\($0)\t\($0 % 2 == 0 ? "1.5" : "-2.25")\tsentence number \($0)" }
    let documents = (0..<300).map { "\($0 / 3)_\($0 % 3)\t1\tsentence \($0)" }
    func content(_ name: String) -> ArraySlice<UInt8> {
      let lines = name.hasPrefix("amazon") ? documents : rows
      return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)[...]
    }
    try SnippetTables.write(to: folder.path, content: content)
    func table(_ name: String) throws -> [[Substring]] {
      try folder.read(name).split(separator: "\n").map { $0.split(separator: "\t") }
    }
    let train = try table("film/train.tsv")
    let dev = try table("film/dev.tsv")
    #expect(train[0] == ["sentence", "label"] && dev[0] == ["sentence", "label"])
    let all = (train.dropFirst() + dev.dropFirst()).map { "\($0[0])\t\($0[1])" }
    #expect(all.contains("Rock & roll <3\tpositive") && all.contains("Dull.\tnegative"))
    #expect(!all.contains { $0.hasPrefix("Neither") || $0.hasPrefix("dull") }, "between -0.5 and 0.5, and repeated")
    #expect(all.count == rows.count - 2 && Set(all).count == all.count)
    #expect((20...60).contains(dev.count - 1), "about one in ten")
    let ratings = try table("film-rating/train.tsv") + table("film-rating/dev.tsv")
    #expect(ratings.contains(["Neither nor", "0.49"]) && ratings.contains(["sentence number 6", "1.5"]))
    // The sentences of a document are in one part.
    let heldOut = Set(try table("amazon/dev.tsv").dropFirst().map { Int($0[0].split(separator: " ")[1]) ?? 0 })
    #expect(!heldOut.isEmpty && heldOut.allSatisfy { n in (0..<3).allSatisfy { heldOut.contains(n / 3 * 3 + $0) } })
    let first = try folder.read("film/dev.tsv")
    try SnippetTables.write(to: folder.path, content: content)
    #expect(try folder.read("film/dev.tsv") == first)
    #expect(throws: HubError.self) {
      try SnippetTables.write(to: folder.path) { _ in Array("1\t9\ttoo much".utf8)[...] }
    }
  }
}
