import Foundation
import GraftHub
import GraftSupport
import GraftTestSupport
import Testing

@Suite(.serialized)
struct BaseFetchTests {
  let server: HubServer

  init() throws { server = try HubServer() }

  private func same(_ folder: String, _ names: [String]) throws {
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names)
    for name in names {
      let got = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
      #expect(Array(got) == (try server.task.base.folder.bytes(name)), "\(name)")
    }
  }

  private let whole = ["config.json", "model.safetensors", "vocab.txt"]

  @Test func `a model is fetched completely, through redirects, and not fetched again`() throws {
    try same(server.fetch("org/good"), whole)
    let count = try server.requests().count
    let again = try BaseFetch("org/good", into: server.work.file("bases")).run(server.client()) { _ in }
    #expect(again.wasCached)
    #expect(try server.requests().count == count)
    #expect(server.placed() == ["good"])
  }

  @Test func `a token is sent to the hub but not to redirect targets`() throws {
    try server.fetch("org/good", token: "secret")
    let requests = try server.requests()
    #expect(requests.contains { $0[0] == "localhost" } && requests.contains { $0[0] == "127.0.0.1" })
    for request in requests { #expect(request[2] == (request[0] == "localhost" ? nil : "Bearer secret")) }
  }

  @Test func `an interrupted connection is resumed where it ended`() throws {
    try same(server.fetch("org/cut"), whole)
    let ranges = try server.requests().filter { $0[1]?.hasSuffix("model.safetensors") == true }.map { $0[3] }
    #expect(ranges.count > 10 && ranges[0] == nil)
    let starts = ranges.dropFirst().compactMap { $0.flatMap { Int($0.dropFirst(6).dropLast()) } }
    #expect(starts.count == ranges.count - 1 && starts == starts.sorted() && Set(starts).count == starts.count)
  }

  @Test func `a later attempt resumes from the data of an earlier one`() throws {
    #expect(throws: HubError.self) { try server.fetch("org/stuck") }
    let staging = server.work.file("bases/org/.good.partial")
    try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    let half = try server.task.base.folder.bytes("model.safetensors").prefix(5000)
    try Data(half).write(to: URL(fileURLWithPath: "\(staging)/model.safetensors"))
    try same(server.fetch("org/good"), whole)
    #expect(try server.requests().contains { $0[3] == "bytes=5000-" && $0[0] == "localhost" })
  }

  @Test func `a file from a server without ranges is fetched again from the start`() throws {
    try same(server.fetch("org/plain"), whole)
  }

  @Test func `shards are fetched with their index`() throws {
    let folder = try server.fetch("org/shards")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      names == [
        "config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "model.safetensors.index.json", "vocab.txt",
      ])
  }

  @Test func `a revision has its own folder`() throws {
    #expect(try server.fetch("org/good@v1/2").hasSuffix("bases/org/good@v1-2"))
    #expect(throws: HubError.self) { try server.fetch("org/good@v2") }
    #expect(throws: HubError.self) { try server.fetch("nobody/missing") }
    #expect(try !fileExists(server.work.file("bases/nobody")))
  }

  @Test func `a private model needs a token`() throws {
    #expect(throws: HubError.unauthorized(name: "org/private", hasToken: false)) { try server.fetch("org/private") }
    #expect(throws: HubError.unauthorized(name: "org/private", hasToken: true)) {
      try server.fetch("org/private", token: "wrong")
    }
    try same(server.fetch("org/private", token: "secret"), whole)
  }

  @Test(arguments: [
    ("org/missing", "has no model 'org/missing' at that revision"),
    ("org/wrong", "model.safetensors has the hash"),
    ("org/stuck", "transfer closed with"),
    ("org/pickle", "has its weights only in pytorch_model.bin, a pickle, which is never read"),
    ("org/bare", "has no tokenizer.json or vocab.txt"),
    ("org/odd", "it is not the description of a model"),
    ("org/broken", "returned status 500"),
    ("org/long", "it has more than the expected"),
    ("org", "'org' is not a model name, expected ORG/NAME"),
    ("../../etc", "'../../etc' is not a model name"),
    ("org/good@../x", "is not a model name"),
  ])
  func `a failed fetch is reported in one line, and no model appears in the cache`(name: String, expected: String)
    throws
  {
    let error = #expect(throws: HubError.self) { try server.fetch(name) }
    let message = try #require(error).description
    #expect(message.contains(expected) && !message.contains("\n"), "\(message)")
    #expect(server.placed().isEmpty)
  }

  @Test func `data with a wrong hash is removed, so the next attempt starts from scratch`() throws {
    #expect(throws: HubError.self) { try server.fetch("org/wrong") }
    #expect(!FileManager.default.fileExists(atPath: server.work.file("bases/org/.wrong.partial/model.safetensors")))
  }

  @Test func `a link to a device or another file is not written through, and the next attempt continues`() throws {
    let staging = server.work.file("bases/org/.good.partial")
    try server.work.write("precious", to: "elsewhere")
    for place in ["/dev/full", server.work.file("elsewhere")] {
      try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: "\(staging)/model.safetensors", withDestinationPath: place)
      let error = #expect(throws: FileError.self) { try server.fetch("org/good") }
      #expect(error?.description.hasSuffix("model.safetensors: it is a link, expected a file") == true)
      #expect(server.placed().isEmpty)
      try FileManager.default.removeItem(atPath: "\(staging)/model.safetensors")
    }
    #expect(try server.work.read("elsewhere") == "precious")
    try same(server.fetch("org/good"), whole)
  }

  @Test func `a link in place of the temporary folder is refused, and its target is not changed`() throws {
    try server.work.write("precious", to: "victim/keep.txt")
    try FileManager.default.createDirectory(atPath: server.work.file("bases/org"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: server.work.file("bases/org/.good.partial"), withDestinationPath: server.work.file("victim"))
    let error = #expect(throws: FileError.self) { try server.fetch("org/good") }
    #expect(error?.description.contains("it is not a folder but a link or a file; remove it") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: server.work.file("victim")) == ["keep.txt"])
  }

  @Test func `files of another revision from an earlier attempt do not appear in the cache`() throws {
    for name in ["tokenizer.json", "model-00001-of-00009.safetensors", "deep/file"] {
      try server.work.write("stale", to: "bases/org/.good.partial/\(name)")
    }
    let folder = try server.fetch("org/good")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == whole)
    var status = stat()
    let mask = umask(0)
    umask(mask)
    #expect(stat(folder, &status) == 0 && status.st_mode & 0o777 == 0o777 & ~mask)
  }

  @Test func `an unreachable server is reported immediately`() throws {
    let client = try HubClient(environment: ["HF_ENDPOINT": "http://127.0.0.1:9"])
    let start = ContinuousClock.now
    let error = #expect(throws: HubError.self) {
      try BaseFetch("org/x", into: server.work.file("bases")).run(client) { _ in }
    }
    #expect(error?.description.hasPrefix("cannot reach http://127.0.0.1:9/api/models/org/x") == true)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func `two concurrent fetches produce one folder, fetched once`() async throws {
    let bases = server.work.file("bases")
    let client = try server.client()
    let results = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<2 {
        group.addTask {
          try await withCheckedThrowingContinuation { (done: CheckedContinuation<Bool, any Error>) in
            Thread.detachNewThread {
              done.resume(with: Result { try BaseFetch("org/cut", into: bases).run(client) { _ in }.wasCached })
            }
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(results) == [false, true])
    #expect(try server.requests().filter { $0[1]?.contains("/api/") == true }.count == 1)
  }
}
