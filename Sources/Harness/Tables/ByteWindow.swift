import Foundation
import GraftSupport

/// The part of an input that has been read but not yet consumed: one incomplete record and the bytes after it.
struct ByteWindow {
  /// The bytes read so far; everything before ``start`` has been consumed.
  private(set) var bytes: [UInt8] = []
  /// The index of the first unconsumed byte in ``bytes``.
  private(set) var start = 0
  /// The offset of the first unconsumed byte in the input.
  private(set) var offset = 0
  /// Whether the input ends after ``bytes``.
  private(set) var hasEnded = false
  private let source: ByteSource

  init(_ source: ByteSource) { self.source = source }

  /// The name of the input in messages.
  var name: String { source.name }
  /// The number of unconsumed bytes.
  var count: Int { bytes.count - start }
  /// Whether ``fill()`` returns without blocking.
  var isReady: Bool { hasEnded || source.isReady }

  /// Reads more bytes, or detects the end of the input. Blocks until one of the two happens.
  mutating func fill() throws {
    guard !hasEnded else { return }
    bytes.removeFirst(start)
    start = 0
    hasEnded = try source.append(to: &bytes) == 0
  }

  /// Marks everything before `index` as consumed.
  mutating func use(upTo index: Int) {
    offset += index - start
    start = index
  }

  /// Moves to another offset of the file.
  mutating func move(to target: Int) throws {
    if target >= offset, target - offset <= count { return use(upTo: start + target - offset) }
    try source.move(to: target)
    bytes.removeAll(keepingCapacity: true)
    start = 0
    offset = target
    hasEnded = false
  }

  /// Calls `body` with a range of ``bytes``.
  func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}

extension UnsafeRawBufferPointer {
  /// Returns the offset of the first occurrence of a byte, or `nil`.
  func place(of byte: UInt8) -> Int? {
    guard let start = baseAddress, let match = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(match) - start
  }
}

extension [UInt8] {
  /// Returns the index of the first occurrence of a byte at or after `start`, or `nil`.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[start...]).place(of: byte) }.map { start + $0 }
  }
}
