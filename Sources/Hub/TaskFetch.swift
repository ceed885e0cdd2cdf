public import Foundation
import GraftSupport

/// Fetches the files of a task into the cache: the official files of GLUE, or rated snippets from a Python package.
///
/// Each download is verified by its hash, and the folder appears when everything is unpacked.
public struct TaskFetch {
  private let source: Source
  private let folder: StagedFolder

  private enum Source {
    case site(TaskArchive)
    case snippets
  }

  /// Creates a fetch.
  ///
  /// - Parameters:
  ///   - name: The task's folder, such as `SST-2` or `snippets/film`.
  ///   - tasks: The folder for tasks in the cache.
  /// - Throws: ``HubError/noOfficialFiles(_:)``.
  public init(_ name: String, into tasks: String) throws {
    if name.split(separator: "/").first.map(String.init) == SnippetPackage.folder {
      self.init(snippetsInto: tasks)
      return
    }
    guard let archive = TaskArchive.all.first(where: { $0.folder == name }) else {
      throw HubError.noOfficialFiles(name)
    }
    self.init(archive, into: tasks)
  }

  package init(_ archive: TaskArchive, into tasks: String) {
    source = .site(archive)
    // Every task has training examples; the names of its evaluation files vary.
    folder = StagedFolder(place: "\(tasks)/\(archive.folder)", mark: "train.tsv")
  }

  private init(snippetsInto tasks: String) {
    source = .snippets
    folder = StagedFolder(place: "\(tasks)/\(SnippetPackage.folder)", mark: "film/train.tsv")
  }

  /// Returns the task's folder, and fetches it first if necessary.
  ///
  /// - Parameters:
  ///   - environment: The environment variables; `GLUE_ENDPOINT` replaces the address of GLUE's official site.
  ///   - timeout: The time in seconds within which a server must respond; `nil` is the usual one.
  ///   - progress: Called with the number of bytes received so far.
  /// - Returns: The folder, and whether it was already in the cache.
  /// - Throws: ``HubError`` or `FileError`; received data is kept for the next attempt.
  public func run(
    environment: [String: String] = ProcessInfo.processInfo.environment, timeout: Double? = nil,
    progress: @escaping (FetchProgress) -> Void
  ) throws -> (folder: String, wasCached: Bool) {
    var limits = TransferLimits()
    if let timeout {
      limits.head = timeout
      limits.silence = min(limits.silence, timeout)
    }
    let wasCached = try folder.place { staging in
      switch source {
      case .site(let archive): try fill(staging, with: archive, environment, limits, progress)
      case .snippets:
        try SnippetPackage.fill(staging, environment: environment, limits: limits, progress: progress)
      }
    }
    return (folder.place, wasCached)
  }

  private func fill(
    _ staging: String, with archive: TaskArchive, _ environment: [String: String], _ limits: TransferLimits,
    _ progress: @escaping (FetchProgress) -> Void
  ) throws {
    let site = try endpoint("GLUE_ENDPOINT", usually: "https://dl.fbaipublicfiles.com", in: environment)
    for file in archive.files {
      let url = "\(site)/\(file.path)"
      let download = Download(url: url, limits: limits) { status in
        guard status == 200 || status == 206 else { throw HubError.status(url: url, code: status) }
      }
      try download.file(of: file.size, to: "\(staging)/\(file.name)") {
        progress(FetchProgress(file: file.name, done: $0, total: file.size))
      }
      try file.hash.check("\(staging)/\(file.name)", named: file.name)
    }
    if archive.folder == ParaphraseCorpus.archive.folder {
      try ParaphraseCorpus.divide(in: staging)
    } else {
      for file in archive.files { try unpack(file.name, of: archive, in: staging) }
    }
    for file in archive.files { unlink("\(staging)/\(file.name)") }
  }

  /// Unpacks the tables directly in the task's folder; deeper folders contain the files that they were made from.
  private func unpack(_ file: String, of archive: TaskArchive, in staging: String) throws {
    let zip = try ZipArchive(path: "\(staging)/\(file)", name: file)
    let tables = zip.names.filter { name in
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      return parts.count == 2 && parts[0] == archive.folder && parts[1].hasSuffix(".tsv") && !parts[1].hasPrefix(".")
        && visible(name) == name
    }
    guard tables.contains("\(archive.folder)/train.tsv") else {
      throw HubError.badArchive(file: file, reason: "it has no \(archive.folder)/train.tsv")
    }
    for table in tables { try zip.unpack(table, to: "\(staging)/\(table.dropFirst(archive.folder.count + 1))") }
  }
}
