import Foundation

/// A file that the user named for output, checked before any work is done.
///
/// Accepts a new name, a regular file, or a link to one. The target of a link is replaced; the link stays. Pipes, devices,
/// folders, links without a target, and the program's own standard output are refused, because an atomic write would replace
/// them.
public struct OutputFile: Sendable {
  /// The file, with links resolved.
  private let place: String

  /// Checks a path.
  ///
  /// - Parameters:
  ///   - path: The path.
  ///   - inputs: The files and folders that the command reads; none of their files may be replaced.
  /// - Throws: ``FileError`` when no file can be written there.
  public init(_ path: String, apartFrom inputs: [String] = []) throws {
    let (folder, name) = splitPath(path)
    func refuse(_ reason: String) -> FileError { FileError("cannot write", path, reason: reason) }
    guard !["", ".", ".."].contains(name) else { throw refuse("it is not the name of a file") }
    var status = stat()
    if lstat(path, &status) != 0 {
      guard errno == ENOENT else { throw FileError.fromErrno("cannot write", path) }
      place = path
    } else {
      if status.st_mode & S_IFMT == S_IFLNK {
        guard stat(path, &status) == 0 else { throw refuse("it is a link without a target") }
      }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw refuse("it is \(kindName(status)), expected a file or a new name")
      }
      guard !Self.isStandardOutput(status) else {
        throw refuse("it is this program's standard output; name another file")
      }
      place = try Self.resolved(path)
    }
    guard !inputs.contains(where: { isPart(path, of: $0) }) else {
      throw refuse("it is one of the files that this command reads; name another file")
    }
    let target = place == path ? folder : splitPath(place).folder
    guard access(target.isEmpty ? "." : target, W_OK | X_OK) == 0 else {
      throw FileError.fromErrno("cannot write", path)
    }
  }

  /// Writes the file atomically.
  ///
  /// - Throws: ``FileError``; an existing file is unchanged in this case.
  public func write(_ bytes: some Collection<UInt8>) throws { try writeAtomically(bytes, to: place) }

  /// Writes the file atomically, chunk by chunk.
  ///
  /// - Parameter body: Writes the content with the closure that it receives.
  /// - Throws: ``FileError``, or an error of `body`; an existing file is unchanged in this case.
  package func write(_ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
    try writeAtomically(to: place, body)
  }

  /// Returns the target of a link, or the path itself.
  private static func resolved(_ path: String) throws -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
    guard let target = realpath(path, nil) else { throw FileError.fromErrno("cannot write", path) }
    defer { free(target) }
    return String(cString: target)
  }

  private static func isStandardOutput(_ status: stat) -> Bool {
    [STDOUT_FILENO, STDERR_FILENO].contains { descriptor in
      var own = stat()
      return fstat(descriptor, &own) == 0 && own.st_dev == status.st_dev && own.st_ino == status.st_ino
    }
  }
}

/// A folder that the user named for output, checked before any work is done. Nothing may exist at its path.
public struct OutputFolder: Sendable {
  /// The folder, without trailing slashes.
  let place: String
  /// The folder that contains it.
  var parent: String {
    let folder = splitPath(place).folder
    return folder.isEmpty ? "." : folder
  }

  /// Checks a path.
  ///
  /// - Throws: ``FileError`` when something exists at the path, or the folder cannot be created there.
  public init(_ path: String) throws {
    place = withoutSlashes(path)
    guard !["", ".", ".."].contains(splitPath(place).name) else {
      throw FileError("cannot write", path, reason: "it is not the name of a new folder")
    }
    var status = stat()
    guard lstat(place, &status) != 0 else {
      throw FileError("cannot write", path, reason: "it already exists; name another folder")
    }
    guard errno == ENOENT else { throw FileError.fromErrno("cannot write", path) }
    guard access(parent, F_OK) != 0 || access(parent, W_OK | X_OK) == 0 else {
      throw FileError.fromErrno("cannot write", path)
    }
  }
}
