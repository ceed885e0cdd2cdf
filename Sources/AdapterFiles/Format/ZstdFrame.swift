import CZstd
public import GraftSupport

/// The largest window that is written or accepted, in bytes. It bounds the decoder's memory. The logarithm to base 2 is 23.
private let windowLimit: UInt64 = 1 << 23
private let windowLimitLog: Int32 = 23

/// Compresses bytes into one zstd frame with content size and checksum.
///
/// Deterministic for the same bytes and level: it uses one thread and no dictionary.
///
/// - Parameters:
///   - bytes: The content.
///   - level: The compression level, from 1 (fastest) to 22 (smallest).
/// - Returns: The frame.
/// - Throws: ``ZstdFrameError`` if there is not enough memory.
package func compress(_ bytes: [UInt8], level: Int = 19) throws -> [UInt8] {
  precondition((1...22).contains(level), "zstd has levels 1 to 22")
  guard let context = ZSTD_createCCtx() else {
    throw ZstdFrameError(file: "new zstd frame", .failed(reason: "not enough memory"))
  }
  defer { ZSTD_freeCCtx(context) }
  let settings: [(ZSTD_cParameter, Int32)] = [
    (ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1), (ZSTD_c_contentSizeFlag, 1),
    // Levels above 19 would use larger windows than the decoder below accepts.
    (ZSTD_c_windowLog, windowLimitLog),
  ]
  for (parameter, value) in settings {
    try check(ZSTD_CCtx_setParameter(context, parameter, value), "new zstd frame")
  }
  return try [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
    count = try bytes.withUnsafeBytes { source in
      try check(
        ZSTD_compress2(context, buffer.baseAddress, buffer.count, source.baseAddress, source.count), "new zstd frame")
    }
  }
}

/// Decompresses one zstd frame.
///
/// A malicious frame of 33 KB can expand to a gigabyte. The frame header is therefore checked first, and memory is only allocated
/// for content within `limit`.
///
/// - Parameters:
///   - bytes: Exactly one frame, with content size and checksum, a window of at most 8 MiB, and no dictionary.
///   - limit: The largest accepted content, in bytes.
///   - name: The file name used in errors.
/// - Returns: The content.
/// - Throws: ``ZstdFrameError`` if the frame is of another kind, incomplete, or damaged.
package func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int, name: String) throws -> [UInt8] {
  let header = try ZstdFrameHeader(bytes, name: name)
  guard header.contentSize <= UInt64(clamping: limit) else {
    throw ZstdFrameError(file: name, .contentTooLarge(limit: limit, got: header.contentSize))
  }
  guard header.windowSize <= windowLimit else {
    throw ZstdFrameError(file: name, .windowTooLarge(limit: windowLimit, got: header.windowSize))
  }
  let frameSize = try check(ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count), name)
  guard frameSize == bytes.count else {
    throw ZstdFrameError(file: name, .trailingBytes(bytes.count - frameSize))
  }
  guard let context = ZSTD_createDCtx() else {
    throw ZstdFrameError(file: name, .failed(reason: "not enough memory"))
  }
  defer { ZSTD_freeDCtx(context) }
  try check(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLimitLog), name)
  let size = Int(header.contentSize)
  return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    // The array's capacity may exceed the requested size; the decoder gets exactly the claimed size.
    count = try check(ZSTD_decompressDCtx(context, buffer.baseAddress, size, bytes.baseAddress, bytes.count), name)
  }
}

/// Returns a result of the zstd library, or throws if it is an error code.
@discardableResult
private func check(_ result: Int, _ name: String) throws -> Int {
  guard ZSTD_isError(result) == 0 else {
    throw ZstdFrameError(file: name, .failed(reason: String(cString: ZSTD_getErrorName(result))))
  }
  return result
}

/// The header of a zstd frame (RFC 8878, section 3.1.1.1).
///
/// It is parsed here because the library's stable API reports neither the checksum flag nor the window size.
private struct ZstdFrameHeader {
  /// The decompressed size, in bytes.
  let contentSize: UInt64
  /// The number of decompressed bytes that a decoder must keep.
  let windowSize: UInt64

  /// Parses the header at the start of `bytes`.
  ///
  /// - Throws: ``ZstdFrameError`` if there is no frame, or if it has no content size, no checksum, or a dictionary.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    /// Returns the little-endian number in `count` bytes at `offset`.
    func number(at offset: Int, _ count: Int) throws -> UInt64 {
      guard offset + count <= bytes.count else { throw ZstdFrameError(file: name, .incomplete(size: bytes.count)) }
      return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    let magic = try number(at: 0, 4)
    guard magic & ~0xF != 0x184D_2A50 else { throw ZstdFrameError(file: name, .skippable) }
    guard magic == 0xFD2F_B528 else { throw ZstdFrameError(file: name, .notAFrame) }
    let flags = try number(at: 4, 1)
    let isSingleSegment = flags & 0x20 != 0
    guard flags & 0x04 != 0 else { throw ZstdFrameError(file: name, .noChecksum) }
    guard flags & 0x03 == 0 else { throw ZstdFrameError(file: name, .dictionary) }

    var offset = 5
    var window: UInt64?
    if !isSingleSegment {
      let descriptor = try number(at: offset, 1)
      let base: UInt64 = 1 << (10 + descriptor >> 3)
      window = base + base / 8 * (descriptor & 7)
      offset += 1
    }
    switch flags >> 6 {
    case 0:
      guard isSingleSegment else { throw ZstdFrameError(file: name, .noContentSize) }
      contentSize = try number(at: offset, 1)
    case 1: contentSize = try number(at: offset, 2) + 256
    case 2: contentSize = try number(at: offset, 4)
    default: contentSize = try number(at: offset, 8)
    }
    // The window of a single segment is the whole content.
    windowSize = window ?? contentSize
  }
}

/// The reason why a file's zstd frame is rejected.
public struct ZstdFrameError: UserError, Equatable {
  /// The path as the user gave it.
  public let file: String
  /// The problem.
  public let problem: Problem

  init(file: String, _ problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// The kinds of problems; sizes are in bytes.
  public enum Problem: Equatable, Sendable {
    /// The file does not start with a zstd frame.
    case notAFrame
    /// The file starts with a skippable frame, which has no content.
    case skippable
    /// The file ends within the frame's header.
    case incomplete(size: Int)
    /// The frame does not contain its content size.
    case noContentSize
    /// The frame has no checksum.
    case noChecksum
    /// The frame needs a dictionary.
    case dictionary
    /// The content is larger than accepted.
    case contentTooLarge(limit: Int, got: UInt64)
    /// The window is larger than accepted.
    case windowTooLarge(limit: UInt64, got: UInt64)
    /// Bytes follow the frame.
    case trailingBytes(Int)
    /// The zstd library failed, with the reason it gave.
    case failed(reason: String)
  }

  /// One line: the file, what is wrong, what was expected, and what to do next.
  public var description: String { "\(file): \(wording)" }

  private var wording: String {
    switch problem {
    case .notAFrame: "not compressed with zstd, expected one zstd frame; check that it is the right file"
    case .skippable:
      "the file starts with a skippable zstd frame, expected exactly one frame with content; \(packAgain)"
    case .incomplete(let size): "the file ends after \(size) bytes, within the zstd header; fetch it again"
    case .noContentSize: "the zstd frame does not contain its content size; \(packAgain)"
    case .noChecksum: "the zstd frame has no checksum; \(packAgain)"
    case .dictionary: "the zstd frame needs a dictionary, expected a frame without one; \(packAgain)"
    case .contentTooLarge(let limit, let got):
      "the frame claims \(got) bytes of content, expected at most \(limit); do not use this file unless you know its source"
    case .windowTooLarge(let limit, let got):
      "the zstd window is \(got) bytes, expected at most \(limit); \(packAgain)"
    case .trailingBytes(let count):
      "\(count) bytes follow the zstd frame, expected exactly one frame; \(packAgain)"
    case .failed(let reason): "zstd reports '\(reason)'; the file is incomplete or damaged, fetch it again"
    }
  }

  /// The advice names a file because zstd does not know the content size when it compresses a pipe.
  private var packAgain: String { "decompress the file and compress it with 'zstd -19 NAME.safetensors'" }
}
