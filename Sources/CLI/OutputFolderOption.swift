import ArgumentParser
import GraftSupport

/// `--output`, for commands that write a new folder.
struct OutputFolderOption: ParsableArguments {
  @Option(name: .customLong("output"), help: "The folder to write; it must not exist yet.", completion: .directory)
  var path: String

  /// Checks that the folder can be created, before any work is done.
  ///
  /// - Throws: `FileError` when something with that name exists, or the folder cannot be created there.
  func check() throws { _ = try OutputFolder(path) }
}
