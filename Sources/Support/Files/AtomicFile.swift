import Foundation

/// Writes a file atomically: to an unpredictable name beside it, flushed to the disk, then renamed.
///
/// A file that is replaced keeps its permissions; until then nobody else may read the new one. A link is replaced, not
/// followed: for a file that the user named see ``OutputFile``. Leftovers of writers that were killed are removed.
///
/// - Parameters:
///   - bytes: The content.
///   - path: The file.
///   - flushes: Whether a power cut right afterwards must not lose the file; `false` for a mere cache.
/// - Throws: ``FileError`` when the folder cannot be written, the disk is full, or something that is not a file has that
///   name; an older file is unchanged then. Only where the folder "cannot be flushed" is the new file in place already,
///   although a power cut may still take it back.
public func writeAtomically(_ bytes: some Collection<UInt8>, to path: String, flushes: Bool = true) throws {
  var older = stat()
  let isThere = lstat(path, &older) == 0
  if isThere { try requireReplaceable(older, path) }
  let folder = splitPath(path).folder
  removeLeftovers(in: folder)

  let (temporary, descriptor) = try makeStagingFile(beside: path)
  var isPlaced = false
  defer {
    if !isPlaced { unlink(temporary) }
    close(descriptor)  // only now may others take it for a leftover
  }
  try writeAll(Array(bytes), to: descriptor, path: path)
  if isThere, older.st_mode & S_IFMT == S_IFREG {
    // Only the superuser may give a file away; everybody else keeps what is theirs.
    if older.st_uid != geteuid() || older.st_gid != getegid() { _ = fchown(descriptor, older.st_uid, older.st_gid) }
    fchmod(descriptor, older.st_mode & 0o777)
  } else {
    fchmod(descriptor, 0o666 & ~mode_t(defaultMask()))
  }
  guard !flushes || fsync(descriptor) == 0 else { throw FileError.fromErrno("cannot write", path) }
  guard rename(temporary, path) == 0 else { throw FileError.fromErrno("cannot write", path) }
  isPlaced = true
  if flushes { try flushFolder(folder) }
}

/// Writes `text` as UTF-8, atomically.
public func writeAtomically(_ text: String, to path: String) throws {
  try writeAtomically(Array(text.utf8), to: path)
}

/// Puts a file's content at another place of the same file system, atomically; a regular file stays the same file in both
/// places where the system has such links.
package func copyAtomically(_ source: String, to path: String) throws {
  var (own, other) = (stat(), stat())
  guard lstat(source, &own) == 0 else { throw FileError.fromErrno("cannot read", source) }
  if lstat(path, &other) == 0 {
    if own.st_dev == other.st_dev, own.st_ino == other.st_ino { return }
    try requireReplaceable(other, path)
  }
  let temporary = Staging.name(beside: path)
  guard link(source, temporary) == 0 else { return try writeAtomically(try readFile(source), to: path) }
  guard rename(temporary, path) == 0 else {
    let error = FileError.fromErrno("cannot write", path)
    unlink(temporary)
    throw error
  }
}

/// Brings the names in a folder to the disk: until then a power cut may take a rename back.
package func flushFolder(_ path: String) throws {
  let path = path.isEmpty ? "." : path
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == EACCES { return }  // may be written but not read: nothing to be done
    throw FileError.fromErrno("cannot flush", path)
  }
  defer { close(descriptor) }
  // Some file systems have nothing to flush.
  guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
    throw FileError.fromErrno("cannot flush", path)
  }
}

/// A new file that is ours alone and locked.
private func makeStagingFile(beside path: String) throws -> (path: String, descriptor: Int32) {
  while true {
    let temporary = Staging.name(beside: path)
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError.fromErrno("cannot write", path) }
    do { if try Staging.hold(descriptor, at: temporary) { return (temporary, descriptor) } } catch {
      unlink(temporary)
      close(descriptor)
      throw error
    }
    close(descriptor)  // another writer took it for a leftover before it was locked
  }
}

/// Only a file or a link may be replaced: a pipe, a device or a folder of that name stays.
private func requireReplaceable(_ status: stat, _ path: String) throws {
  guard status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFLNK else { return }
  throw FileError("cannot write", path, reason: "it is \(kindName(status)), expected a file or a new name")
}

/// A write may take only a part of what it is given: continues until all is written.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
  try bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileError.fromErrno("cannot write", path) }
      rest = rest.dropFirst(written)
    }
  }
}
