import Foundation
import GraftSupport

/// The Python source package that contains the rated sentences of Hutto and Gilbert.
package enum SnippetPackage {
  /// The folder in the cache, which contains one folder for each task.
  static let folder = "snippets"

  private static let file = PackageIndex.SourceFile(
    package: "vadersentiment", name: "vaderSentiment-0.5.zip", size: 2_448_964,
    hash: .sha256("5d97c37f3ef6e24eef331122e055dbedafeb6a56abfce0608b326701116ea49a"))

  /// Fetches the package and writes the tables.
  static func fill(
    _ staging: String, environment: [String: String], limits: TransferLimits,
    progress: @escaping (FetchProgress) -> Void
  ) throws {
    let path = "\(staging)/\(file.name)"
    try PackageIndex.configured(environment: environment).fetch(file, to: path, limits: limits) {
      progress(FetchProgress(file: file.name, done: $0, total: file.size))
    }
    try unpack(path, in: staging)
    unlink(path)
  }

  /// Unpacks the package's archive of sentences, and its license.
  private static func unpack(_ path: String, in staging: String) throws {
    let package = try ZipArchive(path: path, name: file.name)
    let root = "vaderSentiment-0.5"
    let inner = "\(staging)/sentences.tar.gz"
    try package.unpack("\(root)/LICENSE.txt", to: "\(staging)/LICENSE.txt")
    try package.unpack("\(root)/additional_resources/hutto_ICWSM_2014.tar.gz", to: inner)
    let sentences = try TarArchive(path: inner, name: "hutto_ICWSM_2014.tar.gz")
    try SnippetTables.write(to: staging) { try sentences.content(of: "hutto_ICWSM_2014/\($0)") }
    unlink(inner)
  }
}
