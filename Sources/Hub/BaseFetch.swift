import Crypto
import Foundation
import GraftSupport

/// Puts a base from the hub into the cache: each file is checked, and the folder appears when all of them are right.
public struct BaseFetch {
  /// `ORG/NAME`, or a short name that is known here.
  public let name: String
  private let repository: String
  private let revision: String
  private let place: String
  private let staging: String

  /// How far a file has come.
  public struct Progress: Sendable {
    /// The file.
    public let file: String
    /// Bytes that have come, and all of them.
    public let done: Int, total: Int
  }

  /// - Parameters:
  ///   - text: `ORG/NAME` or `ORG/NAME@REVISION`; `all-MiniLM-L6-v2` is known without its organization.
  ///   - bases: The folder in the cache.
  /// - Throws: ``HubError/badName(_:)``.
  public init(_ text: String, into bases: String) throws {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let revision = parts.count > 1 ? parts[1] : "main"
    let isName = parts[0].wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*/) != nil
    let isRevision = revision.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.\/-]*/) != nil && !revision.contains("..")
    guard isName || parts[0] == MiniLMPackage.name, isRevision else { throw HubError.badName(text) }
    name = text
    repository = isName ? parts[0] : "sentence-transformers/\(MiniLMPackage.name)"
    self.revision = revision
    place = "\(bases)/\(parts[0])" + (parts.count > 1 ? "@\(revision.replacing("/", with: "-"))" : "")
    let folder = URL(fileURLWithPath: place)
    staging = folder.deletingLastPathComponent().path + "/.\(folder.lastPathComponent).partial"
  }

  /// The folder of the base, fetched when it is not there.
  ///
  /// - Returns: The folder, and whether it was there already.
  /// - Throws: ``HubError`` or `FileError`; what has come is kept for the next attempt.
  public func run(_ client: HubClient, progress: @escaping (Progress) -> Void) throws -> (
    folder: String, wasThere: Bool
  ) {
    if isThere { return (place, true) }
    try makeFolder(staging)
    let lock = try FolderLock(staging, waits: true)
    defer { withExtendedLifetime(lock) {} }
    if isThere { return (place, true) }  // another process was faster
    do {
      try fetch(client, progress)
    } catch let error as HubError {
      guard case .unreachable = error, repository.hasSuffix(MiniLMPackage.name), revision == "main" else { throw error }
      try MiniLMPackage.unpack(into: staging)
    }
    guard rename(staging, place) == 0 else {
      throw FileError("cannot place", place, reason: String(cString: strerror(errno)))
    }
    return (place, false)
  }

  private var isThere: Bool { FileIdentity(path: "\(place)/config.json") != nil }

  private func fetch(_ client: HubClient, _ progress: @escaping (Progress) -> Void) throws {
    let model = try client.model(repository, revision: revision)
    for file in try model.filesOfBase() {
      let path = "\(staging)/\(file.path)"
      try client.fetch(file, of: model, to: path) {
        progress(Progress(file: file.path, done: $0, total: file.size))
      }
      try check(path, file)
    }
  }

  private func check(_ path: String, _ file: HubModel.File) throws {
    let content = try MappedFile(path: path)
    let (expected, got) =
      switch file.hash {
      case .sha256(let expected): (expected, hex(SHA256.hash(content.bytes)))
      case .gitBlob(let expected): (expected, hex(Insecure.SHA1.hash(content.bytes, behind: "blob \(file.size)\0")))
      }
    withExtendedLifetime(content) {}
    guard expected == got else {
      unlink(path)
      throw HubError.checksum(file: file.path, expected: expected, got: got)
    }
  }
}

extension HashFunction {
  /// The hash of bytes, behind a text.
  static func hash(_ bytes: UnsafeRawBufferPointer, behind text: String = "") -> Digest {
    var hash = Self()
    hash.update(data: Data(text.utf8))
    hash.update(bufferPointer: bytes)
    return hash.finalize()
  }
}
