import Foundation

/// Writes a file atomically: to an unpredictable name in the same folder, flushed to disk, then renamed.
///
/// A replaced file keeps its permissions; until the rename, only this user can read the new content. A link is replaced, not
/// followed; use ``OutputFile`` for a file that the user named. Leftovers of killed writers are removed.
///
/// - Parameters:
///   - bytes: The content.
///   - path: The file.
///   - flushes: Whether the file must survive a power failure right after this call; `false` for a cache.
/// - Throws: ``FileError`` when the folder is not writable, the disk is full, or `path` names something that is not a file;
///   an existing file is unchanged in these cases. The one exception is an error that the folder "cannot be flushed": the new
///   file is already in place, but a power failure may still revert it.
public func writeAtomically(_ bytes: some Collection<UInt8>, to path: String, flushes: Bool = true) throws {
  try writeAtomically(to: path, flushes: flushes) { append in try append(Array(bytes)) }
}

/// Writes a file atomically, chunk by chunk, like ``writeAtomically(_:to:flushes:)``.
///
/// - Parameters:
///   - path: The file.
///   - flushes: Whether the file must survive a power failure right after this call.
///   - body: Writes the content with the closure that it receives.
/// - Throws: ``FileError``, or an error of `body`; an existing file is unchanged then.
package func writeAtomically(
  to path: String, flushes: Bool = true, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void
) throws {
  var older = stat()
  let exists = lstat(path, &older) == 0
  if exists { try requireReplaceable(older, path) }
  let folder = splitPath(path).folder
  removeLeftovers(in: folder)

  let (temporary, descriptor) = try makeStagingFile(beside: path)
  var isPlaced = false
  defer {
    if !isPlaced { unlink(temporary) }
    close(descriptor)  // releases the lock: from here on, other writers may remove the file as a leftover
  }
  try body { try writeAll($0, to: descriptor, path: path) }
  if exists, older.st_mode & S_IFMT == S_IFREG {
    // Only the superuser may change a file's owner; for other users the call fails and the file stays theirs.
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

/// Copies a file atomically to another path in the same file system. A regular file is hard-linked where the file system
/// supports it.
package func copyAtomically(_ source: String, to path: String) throws {
  var (sourceStatus, targetStatus) = (stat(), stat())
  guard lstat(source, &sourceStatus) == 0 else { throw FileError.fromErrno("cannot read", source) }
  if lstat(path, &targetStatus) == 0 {
    if sourceStatus.st_dev == targetStatus.st_dev, sourceStatus.st_ino == targetStatus.st_ino { return }
    try requireReplaceable(targetStatus, path)
  }
  let temporary = Staging.name(beside: path)
  guard link(source, temporary) == 0 else { return try writeAtomically(try readFile(source), to: path) }
  guard rename(temporary, path) == 0 else {
    let error = FileError.fromErrno("cannot write", path)
    unlink(temporary)
    throw error
  }
}

/// Flushes a folder's entries to disk; until then a power failure may revert a rename.
package func flushFolder(_ path: String) throws {
  let path = path.isEmpty ? "." : path
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == EACCES { return }  // writable but not readable: it cannot be flushed
    throw FileError.fromErrno("cannot flush", path)
  }
  defer { close(descriptor) }
  // Some file systems do not support flushing a folder.
  guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
    throw FileError.fromErrno("cannot flush", path)
  }
}

/// Creates a locked file that only this user can open.
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
    close(descriptor)  // another writer removed it as a leftover before it was locked
  }
}

/// Requires a file or a link: a pipe, a device, or a folder is never replaced.
private func requireReplaceable(_ status: stat, _ path: String) throws {
  guard status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFLNK else { return }
  throw FileError("cannot write", path, reason: "it is \(kindName(status)), expected a file or a new name")
}

/// Writes all bytes; a single `write` may write only a part of them.
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
