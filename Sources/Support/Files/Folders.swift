import Foundation

/// Makes a folder and those that it lies in; one that is there already is good.
///
/// - Parameters:
///   - path: The folder.
///   - flushes: Whether a power cut right afterwards must not lose it; `false` where what is put into it is flushed
///     later, and its own name with `flushFolder`.
/// - Throws: ``FileError`` with the system's reason.
public func makeFolder(_ path: String, flushes: Bool = true) throws {
  var status = stat()
  if stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError("cannot make the folder", path, reason: "a file of that name is there")
    }
    return
  }
  let parent = withoutSlashes(splitPath(withoutSlashes(path)).folder)
  if !parent.isEmpty, parent != "/" { try makeFolder(parent, flushes: flushes) }
  guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError.fromErrno("cannot make the folder", path) }
  guard isFolder(path) else {
    throw FileError("cannot make the folder", path, reason: "a link of that name leads to nothing")
  }
  if flushes { try flushFolder(parent) }
}

/// Holds a folder for this process alone, until the object goes.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - waits: Whether to wait for another process that has it.
  ///   - isOwn: Whether it must be a folder of this user and not a link, because it is trusted like what we write ourselves.
  /// - Throws: ``FileError`` when another process has it and we don't wait.
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
        "cannot write to", path, reason: "another run is writing there; wait for it or name another folder")
    }
  }

  /// Whether the folder still has this name.
  package func holds(_ path: String) throws -> Bool { try Staging.refers(path, to: descriptor) }

  deinit { close(descriptor) }
}

/// A file that grows line by line.
public final class AppendedFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Opens the file, made when it is not there.
  ///
  /// - Throws: ``FileError``, also for a link, a pipe, or a device.
  public init(path: String) throws {
    self.path = path
    descriptor = try openForWriting(path, O_WRONLY | O_APPEND)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError``, as when the disk is full.
  public func append(_ bytes: [UInt8]) throws { try writeAll(bytes, to: descriptor, path: path) }
}
