import Foundation
import GraftHub
import GraftTestSupport
import Testing

/// The hub of `hub_server.py` on localhost, and an empty cache.
final class HubServer {
  let task: TinyTask
  let work: TemporaryFolder
  /// The folder served under `site/`.
  let site: TemporaryFolder
  private let process = Process()
  private let port: Int

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
    site = try TemporaryFolder()
    _ = try task.base.writeShards()
    let script = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", script.appendingPathComponent("hub_server.py").path, task.base.folder.path, site.path,
      work.file("log"),
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)), "\(line)")
  }

  deinit { kill(process.processIdentifier, SIGKILL) }  // gentler signals may be blocked by a parent process

  /// The environment that redirects task fetches to `site/`.
  var siteEnvironment: [String: String] { ["GLUE_ENDPOINT": "http://127.0.0.1:\(port)/site/"] }

  func client(token: String? = nil, limits: TransferLimits = TransferLimits()) throws -> HubClient {
    try HubClient(
      environment: ["HF_ENDPOINT": "http://127.0.0.1:\(port)/", "HF_TOKEN": token ?? ""], limits: limits)
  }

  /// Fetches a model under one of its names.
  @discardableResult
  func fetch(_ name: String, token: String? = nil, limits: TransferLimits = TransferLimits()) throws -> String {
    try BaseFetch(name, into: work.file("bases")).run(client(token: token, limits: limits)) { _ in }.folder
  }

  /// Returns the host, path, token, range, and port of every request so far.
  func requests() throws -> [[String?]] {
    try work.read("log").split(separator: "\n").map { try JSONDecoder().decode([String?].self, from: Data($0.utf8)) }
  }

  /// Returns the names of the models placed in the cache.
  func placed() -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: work.file("bases/org"))
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }
}
