import Foundation

/// Whether two paths lead to the same file or folder, however they are written.
package func isSameFile(_ first: String, _ second: String) -> Bool {
  var (one, other) = (stat(), stat())
  return stat(first, &one) == 0 && stat(second, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
}

/// Whether writing to `path` would change an input: that file itself, or one of the files of that folder, also one that the
/// folder does not have yet but would be read from it as a part of a base.
func isPart(_ path: String, of input: String) -> Bool {
  guard isFolder(input) else { return isSameFile(path, input) }
  let (folder, name) = splitPath(path)
  if BaseFiles.all.contains(name), isSameFile(folder.isEmpty ? "." : folder, input) { return true }
  return ((try? FileManager.default.contentsOfDirectory(atPath: input)) ?? []).contains {
    isSameFile(path, "\(input)/\($0)")
  }
}
