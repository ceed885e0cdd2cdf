import CKernels
import Foundation

/// A bump allocator for the tensors of one step: memory is handed out in order and freed all at once.
///
/// It grows to the size of the largest step; a step no larger than an earlier one allocates nothing from the system. An arena
/// belongs to one thread.
public final class Arena {
  private var chunks: [UnsafeMutableRawBufferPointer] = []
  private var position = Mark(chunk: 0, used: 0)

  /// A position in the arena. Rewinding to it frees all later allocations.
  struct Mark {
    fileprivate var chunk: Int
    fileprivate var used: Int
  }

  /// Tensors are aligned to a cache line, which is also the widest vector.
  private static let alignment = 64
  private static let smallestChunk = 1 << 20

  /// Creates an empty arena; memory is reserved by the first allocations.
  public init() {}

  deinit { for chunk in chunks { free(chunk.baseAddress) } }

  /// The number of bytes reserved.
  public var capacity: Int { chunks.reduce(0) { $0 + $1.count } }

  /// The number of bytes allocated, including the unused bytes at the end of each full chunk.
  package var used: Int { chunks[..<min(position.chunk, chunks.count)].reduce(position.used) { $0 + $1.count } }

  /// Returns uninitialized memory for `count` floats, valid until ``reset()``.
  public func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    allocate(bytes: count * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
  }

  /// Returns memory for `count` floats that are zero, valid until ``reset()``.
  public func allocateZeroed(_ count: Int) -> UnsafeMutablePointer<Float> {
    let memory = allocate(count)
    memory.initialize(repeating: 0, count: count)
    return memory
  }

  /// Returns uninitialized memory for `bytes` bytes, aligned to a cache line.
  package func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    let size = (max(bytes, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
    while position.chunk < chunks.count {
      let chunk = chunks[position.chunk]
      if let start = chunk.baseAddress, position.used + size <= chunk.count {
        defer { position.used += size }
        return start + position.used
      }
      position = Mark(chunk: position.chunk + 1, used: 0)
    }
    return grow(by: size)
  }

  /// The current position.
  var mark: Mark { position }

  /// Frees everything that was allocated since `mark`; it must not be accessed afterwards.
  func rewind(to mark: Mark) { position = mark }

  /// Frees all allocations, which must not be accessed afterwards. The memory stays reserved, so that a later step of the same
  /// size causes no page faults.
  public func reset() { position = Mark(chunk: 0, used: 0) }

  private func grow(by size: Int) -> UnsafeMutableRawPointer {
    let chunk = Self.makeChunk(max(size, capacity / 4, Self.smallestChunk))
    chunks.append(chunk)
    position = Mark(chunk: chunks.count - 1, used: size)
    guard let start = chunk.baseAddress else { preconditionFailure("an arena chunk has no memory") }
    return start
  }

  private static func makeChunk(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
    guard let memory = graft_allocate(bytes) else { preconditionFailure("out of memory: \(bytes) bytes") }
    return UnsafeMutableRawBufferPointer(start: memory, count: bytes)
  }
}
