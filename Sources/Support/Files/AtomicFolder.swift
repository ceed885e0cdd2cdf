import Foundation

/// Writes a folder atomically: it is filled under an unpredictable name in the same parent folder, readable only by this user,
/// and renamed when it is complete and flushed.
///
/// - Parameters:
///   - path: The path of the new folder; nothing may exist there.
///   - fill: Writes all content into the staging folder that it receives.
/// - Throws: ``FileError``, or the error that `fill` throws; nothing is left on disk in these cases. The one exception is an
///   error that the parent "cannot be flushed": the complete folder is already in place, but a power failure may still remove it.
public func writeFolderAtomically<Result>(_ path: String, _ fill: (_ staging: String) throws -> Result) throws -> Result
{
  let output = try OutputFolder(path)
  try makeFolder(output.parent)
  removeLeftovers(in: output.parent)
  let (staging, descriptor) = try makeStagingFolder(beside: output.place)
  defer { close(descriptor) }
  do {
    let result = try fill(staging)
    try flushFolder(staging)
    guard fchmod(descriptor, 0o777 & ~mode_t(defaultMask())) == 0, rename(staging, output.place) == 0 else {
      throw FileError.fromErrno("cannot write", path)
    }
    try flushFolder(output.parent)
    return result
  } catch {
    try? FileManager.default.removeItem(atPath: staging)
    throw error
  }
}

/// Creates a locked folder that only this user can enter.
private func makeStagingFolder(beside place: String) throws -> (path: String, descriptor: Int32) {
  while true {
    let staging = Staging.name(beside: place)
    guard mkdir(staging, 0o700) == 0 else { throw FileError.fromErrno("cannot write", place) }
    let descriptor = open(staging, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = FileError.fromErrno("cannot write", place)
      rmdir(staging)
      throw error
    }
    do { if try Staging.hold(descriptor, at: staging) { return (staging, descriptor) } } catch {
      rmdir(staging)
      close(descriptor)
      throw error
    }
    close(descriptor)  // another writer removed it as a leftover before it was locked
  }
}
