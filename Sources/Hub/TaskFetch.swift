public import Foundation
import GraftSupport

/// Fetches the official files of a GLUE task into the cache. Each archive is verified by its hash, and the folder appears when
/// everything is unpacked.
public struct TaskFetch {
  private let archive: TaskArchive
  private let folder: StagedFolder

  /// Creates a fetch.
  ///
  /// - Parameters:
  ///   - name: The task's folder in the benchmark, such as `SST-2`.
  ///   - tasks: The folder for tasks in the cache.
  /// - Throws: ``HubError/noOfficialFiles(_:)``.
  public init(_ name: String, into tasks: String) throws {
    guard let archive = TaskArchive.all.first(where: { $0.folder == name }) else {
      throw HubError.noOfficialFiles(name)
    }
    self.init(archive, into: tasks)
  }

  package init(_ archive: TaskArchive, into tasks: String) {
    self.archive = archive
    // Every task has training examples; the names of its evaluation files vary.
    folder = StagedFolder(place: "\(tasks)/\(archive.folder)", mark: "train.tsv")
  }

  /// Returns the task's folder, and fetches it first if necessary.
  ///
  /// - Parameters:
  ///   - environment: The environment variables; `GLUE_ENDPOINT` replaces the address of the official site.
  ///   - progress: Called with the number of bytes received so far.
  /// - Returns: The folder, and whether it was already in the cache.
  /// - Throws: ``HubError`` or `FileError`; received data is kept for the next attempt.
  public func run(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    progress: @escaping (FetchProgress) -> Void
  ) throws -> (folder: String, wasCached: Bool) {
    let site = try endpoint("GLUE_ENDPOINT", usually: "https://dl.fbaipublicfiles.com", in: environment)
    let wasCached = try folder.place { staging in
      for file in archive.files {
        let url = "\(site)/\(file.path)"
        let download = Download(url: url) { status in
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
        for file in archive.files { try unpack(file.name, in: staging) }
      }
      for file in archive.files { unlink("\(staging)/\(file.name)") }
    }
    return (folder.place, wasCached)
  }

  /// Unpacks the tables directly in the task's folder; deeper folders contain the files that they were made from.
  private func unpack(_ file: String, in staging: String) throws {
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
