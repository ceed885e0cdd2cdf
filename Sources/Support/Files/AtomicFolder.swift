import Foundation

/// Writes a folder atomically: it grows beside its place under an unpredictable name, which only we may enter, and is renamed
/// when it is complete and flushed.
///
/// - Parameters:
///   - path: Where it appears; nothing may be there.
///   - fill: Puts everything into the folder that it is given.
/// - Throws: ``FileError``, or what `fill` throws; nothing is left then. Only where the folder above "cannot be flushed" is
///   the whole folder in place already, although a power cut may still take it back.
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

/// A new folder that is ours alone and locked.
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
    close(descriptor)  // another writer took it for a leftover before it was locked
  }
}
