#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Makes a folder and those that it stands in; one that is there already is good.
///
/// - Throws: ``FileError`` with the system's reason.
public func makeFolder(_ path: String) throws {
  var status = stat()
  if stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError("cannot make the folder", path, reason: "a file of that name is there")
    }
    return
  }
  if let slash = path.dropLast().lastIndex(of: "/"), slash != path.startIndex { try makeFolder(String(path[..<slash])) }
  guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileError.fromErrno("cannot make the folder", path) }
}

/// Holds a folder for this process alone, until the object goes.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - waits: Whether to wait for another process that has it.
  /// - Throws: ``FileError`` when another process has it and we don't wait.
  public init(_ path: String, waits: Bool = false) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.fromErrno("cannot read", path) }
    guard flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw FileError(
        "cannot write to", path, reason: "another run is writing there; wait for it or name another folder")
    }
  }

  deinit { close(descriptor) }
}

/// A file that grows line by line.
public final class AppendedFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Opens the file, made when it is not there.
  public init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError.fromErrno("cannot write", path) }
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError``, as when the disk is full.
  public func append(_ bytes: [UInt8]) throws { try writeAll(bytes, to: descriptor, path: path) }
}
