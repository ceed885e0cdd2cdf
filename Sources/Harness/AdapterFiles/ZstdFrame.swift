import CZstd
public import GraftSupport

/// The largest window that is written and read, in bytes; it bounds what a decoder must keep. As a power of two: 23.
private let windowLimit: UInt64 = 1 << 23
private let windowLimitLog: Int32 = 23

/// Packs `bytes` into one zstd frame with content size and checksum.
///
/// The same bytes at the same level give the same frame: one thread, no dictionary.
///
/// - Parameter level: From 1, fast, to 22, small.
/// - Throws: ``ZstdFrameError`` when memory runs out.
package func compress(_ bytes: [UInt8], level: Int = 19) throws -> [UInt8] {
  precondition((1...22).contains(level), "zstd has levels 1 to 22")
  guard let context = ZSTD_createCCtx() else {
    throw ZstdFrameError(file: "new zstd frame", .failed(reason: "not enough memory"))
  }
  defer { ZSTD_freeCCtx(context) }
  let settings: [(ZSTD_cParameter, Int32)] = [
    (ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1), (ZSTD_c_contentSizeFlag, 1),
    // The levels above 19 would take windows that the decoder below refuses.
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

/// Unpacks one zstd frame.
///
/// A hostile frame of 33 KB can stand for a gigabyte. So what the frame says of itself is checked first, and memory is
/// taken only for a content that is within `limit`.
///
/// - Parameters:
///   - bytes: Exactly one frame, with content size and checksum, a window of at most 8 MiB, and no dictionary.
///   - limit: The longest content that is accepted, in bytes.
///   - name: What errors call the file.
/// - Throws: ``ZstdFrameError`` when the frame is another one, incomplete or damaged.
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
    // The array may have taken more memory than it was asked for; the frame gets what it claimed.
    count = try check(ZSTD_decompressDCtx(context, buffer.baseAddress, size, bytes.baseAddress, bytes.count), name)
  }
}

/// Passes a result of the library's on, unless it stands for an error.
@discardableResult
private func check(_ result: Int, _ name: String) throws -> Int {
  guard ZSTD_isError(result) == 0 else {
    throw ZstdFrameError(file: name, .failed(reason: String(cString: ZSTD_getErrorName(result))))
  }
  return result
}

/// What a zstd frame says about its content (RFC 8878, section 3.1.1.1).
///
/// Read by hand because the library's stable interface tells neither whether there is a checksum nor the window.
private struct ZstdFrameHeader {
  /// The length of the unpacked content, in bytes.
  let contentSize: UInt64
  /// What a decoder must remember of what it has unpacked, in bytes.
  let windowSize: UInt64

  /// Reads the header at the start of `bytes`.
  ///
  /// - Throws: ``ZstdFrameError`` when there is no frame, or one without content size or checksum or with a dictionary.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    /// The little-endian number in `count` bytes at `offset`.
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
    // A single segment is kept whole.
    windowSize = window ?? contentSize
  }
}

/// Why a file's zstd frame is not accepted.
public struct ZstdFrameError: UserError, Equatable {
  /// The file, as the user named it.
  public let file: String
  /// What is wrong.
  public let problem: Problem

  init(file: String, _ problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// The kinds of mistakes; sizes are in bytes.
  public enum Problem: Equatable, Sendable {
    /// The file does not begin as a zstd frame does.
    case notAFrame
    /// The file begins with a frame that has no content.
    case skippable
    /// The file ends within the frame's header.
    case incomplete(size: Int)
    /// The frame does not say how long its content is.
    case noContentSize
    /// The frame has no checksum.
    case noChecksum
    /// The frame needs a dictionary.
    case dictionary
    /// The content is longer than what is accepted.
    case contentTooLarge(limit: Int, got: UInt64)
    /// The decoder would have to remember more than what is accepted.
    case windowTooLarge(limit: UInt64, got: UInt64)
    /// Something follows the frame.
    case trailingBytes(Int)
    /// The zstd library could not go on; its own reason.
    case failed(reason: String)
  }

  /// One line: the file, what is wrong, what was expected, and what to do next.
  public var description: String { "\(file): \(wording)" }

  private var wording: String {
    switch problem {
    case .notAFrame: "not compressed with zstd, expected one zstd frame; check that it is the right file"
    case .skippable: "the file begins with a skippable zstd frame, expected exactly one with content; \(packAgain)"
    case .incomplete(let size): "the file ends after \(size) bytes, within its header; fetch it again"
    case .noContentSize: "the zstd frame does not say how long its content is; \(packAgain)"
    case .noChecksum: "the zstd frame has no checksum; \(packAgain)"
    case .dictionary: "the zstd frame needs a dictionary, expected one that needs none; \(packAgain)"
    case .contentTooLarge(let limit, let got):
      "the content claims \(got) bytes, expected at most \(limit); do not use this file unless you know its source"
    case .windowTooLarge(let limit, let got):
      "the zstd window is \(got) bytes, expected at most \(limit); \(packAgain)"
    case .trailingBytes(let count):
      "\(count) bytes follow the zstd frame, expected exactly one frame; \(packAgain)"
    case .failed(let reason): "zstd reports '\(reason)'; the file is incomplete or damaged, fetch it again"
    }
  }

  /// By the file's name, because zstd does not know the size of what comes through a pipe.
  private var packAgain: String { "unpack the file and pack it with 'zstd -19 NAME.safetensors'" }
}
