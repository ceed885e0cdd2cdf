import Foundation
import GraftSupport

/// The part of an input that was read but not used yet. It holds one incomplete record and what arrived after it.
struct ByteWindow {
  /// What was read; everything before ``start`` was used.
  private(set) var bytes: [UInt8] = []
  /// The first unused byte, as an index into ``bytes``.
  private(set) var start = 0
  /// The same byte's place in the input.
  private(set) var offset = 0
  /// Whether nothing comes after ``bytes``.
  private(set) var hasEnded = false
  private let source: ByteSource

  init(_ source: ByteSource) { self.source = source }

  /// What messages call the input.
  var name: String { source.name }
  /// The number of unused bytes.
  var count: Int { bytes.count - start }
  /// Whether ``fill()`` returns without waiting.
  var isReady: Bool { hasEnded || source.isReady }

  /// Waits for more bytes, or for the end.
  mutating func fill() throws {
    guard !hasEnded else { return }
    bytes.removeFirst(start)
    start = 0
    hasEnded = try source.append(to: &bytes) == 0
  }

  /// Marks everything before `index` as used.
  mutating func use(upTo index: Int) {
    offset += index - start
    start = index
  }

  /// Continues at another byte of the file.
  mutating func move(to target: Int) throws {
    if target >= offset, target - offset <= count { return use(upTo: start + target - offset) }
    try source.move(to: target)
    bytes.removeAll(keepingCapacity: true)
    start = 0
    offset = target
    hasEnded = false
  }

  /// Calls `body` with some of ``bytes``.
  func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}

extension UnsafeRawBufferPointer {
  /// The first place of a byte, from 0.
  func place(of byte: UInt8) -> Int? {
    guard let start = baseAddress, let found = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - start
  }
}

extension [UInt8] {
  /// The first index of a byte from `start` on.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[start...]).place(of: byte) }.map { start + $0 }
  }
}
