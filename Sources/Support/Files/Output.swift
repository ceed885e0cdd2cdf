import Foundation

/// A file that the user named for output, checked before any work is done.
///
/// A new name, a regular file, or a link to one: the file that a link leads to is replaced, and the link stays. Pipes,
/// devices, folders, links to nothing, and the program's own standard output are refused, because a file that is
/// written atomically would take their place.
public struct OutputFile: Sendable {
  /// The file, with links resolved.
  private let place: String

  /// Checks a name.
  ///
  /// - Parameters:
  ///   - path: The name.
  ///   - inputs: The files and folders that are read for what is written: none of their files may be replaced.
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
        guard stat(path, &status) == 0 else { throw refuse("it is a link to a file that is not there") }
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
  /// - Throws: ``FileError``; an older file is unchanged then.
  public func write(_ bytes: some Collection<UInt8>) throws { try writeAtomically(bytes, to: place) }

  /// The path itself, or where the link of that name leads to.
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

/// A folder that the user named for output, checked before any work is done: nothing may have its name.
public struct OutputFolder: Sendable {
  /// The folder without slashes at its end.
  let place: String
  /// The folder that it appears in.
  var parent: String {
    let folder = splitPath(place).folder
    return folder.isEmpty ? "." : folder
  }

  /// Checks a name.
  ///
  /// - Throws: ``FileError`` when something of that name is there, or no folder can be made there.
  public init(_ path: String) throws {
    place = withoutSlashes(path)
    guard !["", ".", ".."].contains(splitPath(place).name) else {
      throw FileError("cannot write", path, reason: "it is not the name of a new folder")
    }
    var status = stat()
    guard lstat(place, &status) != 0 else {
      throw FileError("cannot write", path, reason: "something of that name is there; name another folder")
    }
    guard errno == ENOENT else { throw FileError.fromErrno("cannot write", path) }
    guard access(parent, F_OK) != 0 || access(parent, W_OK | X_OK) == 0 else {
      throw FileError.fromErrno("cannot write", path)
    }
  }
}
