#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The owner of memory whose content can be read from its source again.
public protocol PageOwner: AnyObject, Sendable {
  /// Releases the physical memory of a range; its bytes are read again on the next access.
  func releasePages(of range: UnsafeRawBufferPointer)
}

/// A file mapped read-only into memory, and unmapped with the last reference.
///
/// Pages are loaded on first access and shared with other processes that map the same file.
public final class MappedFile: PageOwner, @unchecked Sendable {
  /// The path by which the file was opened.
  public let path: String
  /// The whole file; valid during the lifetime of this object.
  public let bytes: UnsafeRawBufferPointer
  /// Distinguishes this version of the file from every other file on this machine.
  public let identity: FileIdentity

  /// Maps the file at `path`.
  ///
  /// - Throws: ``FileError`` when it cannot be opened, is not a regular file, or cannot be mapped.
  public init(path: String) throws {
    let (descriptor, status) = try openForReading(path)
    defer { close(descriptor) }
    self.path = path
    identity = FileIdentity(status)
    let size = Int(status.st_size)
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw FileError.fromErrno("cannot map", path)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  /// Releases the physical memory of all pages that lie entirely within `range`.
  public func releasePages(of range: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, let first = range.baseAddress, first >= start,
      first + range.count <= start + bytes.count
    else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let skipped = (page - Int(bitPattern: first) % page) % page
    let whole = (range.count - skipped) / page * page
    guard whole > 0 else { return }
    madvise(UnsafeMutableRawPointer(mutating: first + skipped), whole, Int32(MADV_DONTNEED))
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}

/// A file's device, inode, size, and modification time; equal identities mean equal content.
public struct FileIdentity: Hashable, Codable, Sendable {
  /// The device number.
  public let device: UInt64
  /// The inode number.
  public let inode: UInt64
  /// The size in bytes.
  public let size: Int64
  /// The modification time, in nanoseconds since 1970.
  public let modified: Int64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    size = Int64(status.st_size)
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    // A file may have a time after the year 2262; wrapping is harmless, because times are only compared for equality.
    modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// The identity of the file at `path`, or `nil` when there is none.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// Returns the content of a file.
///
/// - Throws: ``FileError``.
public func readFile(_ path: String) throws -> [UInt8] {
  let file = try MappedFile(path: path)
  return withExtendedLifetime(file) { Array(file.bytes) }
}
