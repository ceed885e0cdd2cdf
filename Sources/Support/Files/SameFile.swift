import Foundation

/// Whether two paths refer to the same file or folder.
package func isSameFile(_ first: String, _ second: String) -> Bool {
  var (one, other) = (stat(), stat())
  return stat(first, &one) == 0 && stat(second, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
}

/// Whether writing to `path` would change an input: the input file itself, a file in the input folder, or a file that the folder
/// lacks but that would be read as a part of a base model.
func isPart(_ path: String, of input: String) -> Bool {
  guard isFolder(input) else { return isSameFile(path, input) }
  let (folder, name) = splitPath(path)
  if BaseFiles.all.contains(name), isSameFile(folder.isEmpty ? "." : folder, input) { return true }
  return ((try? FileManager.default.contentsOfDirectory(atPath: input)) ?? []).contains {
    isSameFile(path, "\(input)/\($0)")
  }
}
