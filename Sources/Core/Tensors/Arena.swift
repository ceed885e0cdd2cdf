import CKernels
import Foundation

/// Memory that one worker carves a step's tensors from, and takes back all at once.
///
/// It grows to what the largest step needs; a step no larger than one before allocates nothing. Not shared between threads.
public final class Arena {
  private var chunks: [UnsafeMutableRawBufferPointer] = []
  private var place = Mark(chunk: 0, used: 0)

  /// A place in the arena: what was handed out later than this can be taken back on its own.
  struct Mark {
    fileprivate var chunk: Int
    fileprivate var used: Int
  }

  /// Tensors start at a cache line, which is also a whole vector.
  private static let alignment = 64
  private static let smallestChunk = 1 << 20

  /// An arena without memory; the first allocations bring it.
  public init() {}

  deinit { for chunk in chunks { free(chunk.baseAddress) } }

  /// The bytes held.
  public var capacity: Int { chunks.reduce(0) { $0 + $1.count } }

  /// The bytes handed out, with what was left over at the end of each chunk.
  package var used: Int { chunks[..<min(place.chunk, chunks.count)].reduce(place.used) { $0 + $1.count } }

  /// Memory for `count` floats of any content, valid until ``reset()``.
  public func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    allocate(bytes: count * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
  }

  /// Memory for `count` zeros, valid until ``reset()``.
  public func allocateZeroed(_ count: Int) -> UnsafeMutablePointer<Float> {
    let memory = allocate(count)
    memory.initialize(repeating: 0, count: count)
    return memory
  }

  /// Memory for `bytes` bytes, aligned to a cache line.
  package func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    let size = (max(bytes, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
    while place.chunk < chunks.count {
      let chunk = chunks[place.chunk]
      if let start = chunk.baseAddress, place.used + size <= chunk.count {
        defer { place.used += size }
        return start + place.used
      }
      place = Mark(chunk: place.chunk + 1, used: 0)
    }
    return grow(by: size)
  }

  /// Where the arena stands now.
  var mark: Mark { place }

  /// Takes back what was handed out since `mark`; it must not be touched any more.
  func rewind(to mark: Mark) { place = mark }

  /// Takes back everything; what was handed out must not be touched any more. The memory stays, so that a step of a size that
  /// was there before meets no page that it has not seen.
  public func reset() { place = Mark(chunk: 0, used: 0) }

  private func grow(by size: Int) -> UnsafeMutableRawPointer {
    let chunk = Self.makeChunk(max(size, capacity / 4, Self.smallestChunk))
    chunks.append(chunk)
    place = Mark(chunk: chunks.count - 1, used: size)
    guard let start = chunk.baseAddress else { preconditionFailure("an arena chunk has no memory") }
    return start
  }

  private static func makeChunk(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
    guard let memory = graft_allocate(bytes) else { preconditionFailure("no memory for \(bytes) bytes") }
    return UnsafeMutableRawBufferPointer(start: memory, count: bytes)
  }
}
