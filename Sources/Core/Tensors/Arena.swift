/// Memory that one worker carves a step's tensors from, and takes back all at once.
///
/// The first step finds out how much is needed; from then on nothing is allocated. Not shared between threads.
public final class Arena {
  private var chunks: [UnsafeMutableRawBufferPointer] = []
  private var used = 0

  /// Tensors start at a cache line, which is also a whole vector.
  private static let alignment = 64
  private static let smallestChunk = 1 << 20

  /// An arena without memory; the first allocations bring it.
  public init() {}

  deinit { for chunk in chunks { chunk.deallocate() } }

  /// The bytes held.
  public var capacity: Int { chunks.reduce(0) { $0 + $1.count } }

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
    if let chunk = chunks.last, let start = chunk.baseAddress, used + size <= chunk.count {
      defer { used += size }
      return start + used
    }
    return grow(by: size)
  }

  /// Takes back everything; what was handed out must not be touched any more. Several chunks become one, so that the
  /// next step of this size finds its memory in one piece.
  public func reset() {
    if chunks.count > 1 {
      let total = capacity
      for chunk in chunks { chunk.deallocate() }
      chunks = [.allocate(byteCount: total, alignment: Self.alignment)]
    }
    used = 0
  }

  private func grow(by size: Int) -> UnsafeMutableRawPointer {
    let chunk = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(size, capacity / 4, Self.smallestChunk), alignment: Self.alignment)
    chunks.append(chunk)
    used = size
    guard let start = chunk.baseAddress else { preconditionFailure("an arena chunk has no memory") }
    return start
  }
}
