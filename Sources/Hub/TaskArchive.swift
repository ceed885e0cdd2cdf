/// The official files of one GLUE task, with their sizes and hashes, which have not changed since 2018.
///
/// TensorFlow Datasets and Hugging Face datasets check the same hashes.
package struct TaskArchive: Sendable {
  /// The task's folder in the archive and in the cache: `SST-2`.
  package let folder: String
  /// The files to fetch.
  package let files: [File]

  /// One file of the site.
  package struct File: Sendable {
    /// The path, relative to the site's address.
    package let path: String
    package let size: Int
    package let hash: FileHash
    /// The last component of the path.
    package var name: String { String(path.split(separator: "/").last ?? "") }

    package init(path: String, size: Int, hash: FileHash) {
      self.path = path
      self.size = size
      self.hash = hash
    }
  }

  package init(folder: String, files: [File]) {
    self.folder = folder
    self.files = files
  }

  /// Every task of the benchmark, in the order of the GLUE paper.
  static let all = [
    zip("CoLA", "CoLA", 376_971, "f212fcd832b8f7b435fb991f101abf89f96b933ab400603bf198960dfc32cbff"),
    zip("SST-2", "SST-2", 7_439_277, "d67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa"),
    ParaphraseCorpus.archive,
    zip("STS-B", "STS-B", 802_872, "e60a6393de5a8b5b9bac5020a1554b54e3691f9d600b775bd131e613ac179c85"),
    zip("QQP", "QQP-clean", 41_696_084, "40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0"),
    zip("MNLI", "MNLI", 312_783_507, "e7c1d896d26ed6caf700110645df426cc2d8ebf02a5ab743d5a5c68ac1c83633"),
    zip("QNLI", "QNLIv2", 10_627_589, "e634e78627a29adaecd4f955359b22bf5e70f2cbd93b493f2d624138a0c0e5f5"),
    zip("RTE", "RTE", 697_150, "6bf86de103ecd335f3441bd43574d23fef87ecc695977a63b82d5efb206556ee"),
    zip("WNLI", "WNLI", 28_999, "ae0e8e4d16f4d46d4a0a566ec7ecceccfd3fbfaa4a7a4b4e02848c0f2561ac46"),
  ]

  private static func zip(_ folder: String, _ name: String, _ size: Int, _ hash: String) -> TaskArchive {
    TaskArchive(folder: folder, files: [File(path: "glue/data/\(name).zip", size: size, hash: .sha256(hash))])
  }
}
