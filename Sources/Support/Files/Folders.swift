import Foundation

/// Creates a folder and its missing parents. An existing folder is accepted.
///
/// - Parameters:
///   - path: The folder.
///   - flushes: Whether the folder must survive a power failure right after this call; `false` when the caller flushes its
///     content later, and its own name with `flushFolder`.
/// - Throws: ``FileError`` with the system's reason.
public func makeFolder(_ path: String, flushes: Bool = true) throws {
  var status = stat()
  if stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError("cannot create the folder", path, reason: "a file with that name exists")
    }
    return
  }
  let parent = withoutSlashes(splitPath(withoutSlashes(path)).folder)
  if !parent.isEmpty, parent != "/" { try makeFolder(parent, flushes: flushes) }
  guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError.fromErrno("cannot create the folder", path) }
  guard isFolder(path) else {
    throw FileError("cannot create the folder", path, reason: "a link with that name has no target")
  }
  if flushes { try flushFolder(parent) }
}

/// Locks a folder for this process until the object is deallocated.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Acquires the lock.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - waits: Whether to wait while another process holds the lock.
  ///   - isOwn: Whether the folder must belong to this user and must not be a link, because its content is trusted.
  /// - Throws: ``FileError`` when another process holds the lock and `waits` is `false`.
  public init(_ path: String, waits: Bool = false, isOwn: Bool = false) throws {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (isOwn ? O_NOFOLLOW : 0))
    guard descriptor >= 0 else {
      guard isOwn, errno == ELOOP || errno == ENOTDIR else { throw FileError.fromErrno("cannot read", path) }
      throw FileError("cannot write to", path, reason: "it is not a folder but a link or a file; remove it")
    }
    var status = stat()
    guard !isOwn || (fstat(descriptor, &status) == 0 && status.st_uid == geteuid()) else {
      close(descriptor)
      throw FileError("cannot write to", path, reason: "it belongs to another user; remove it")
    }
    while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      close(descriptor)
      throw FileError(
        "cannot write to", path, reason: "another run is writing to it; wait for it to finish or name another folder")
    }
  }

  /// Whether the path still refers to the locked folder.
  package func holds(_ path: String) throws -> Bool { try Staging.refers(path, to: descriptor) }

  deinit { close(descriptor) }
}

/// A file that is written by appending, line by line.
public final class AppendedFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Opens the file, and creates it when it does not exist.
  ///
  /// - Throws: ``FileError``, also for a link, a pipe, or a device.
  public init(path: String) throws {
    self.path = path
    descriptor = try openForWriting(path, O_WRONLY | O_APPEND)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError``, for example when the disk is full.
  public func append(_ bytes: [UInt8]) throws { try writeAll(bytes, to: descriptor, path: path) }
}
