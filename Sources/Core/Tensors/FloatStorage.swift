import Foundation
import GraftSupport

/// Floats with an owner: allocated here, or borrowed from something kept alive, such as a mapped checkpoint.
///
/// Borrowed memory is frozen: it is never written, and for a mapped file the system would not let it be.
public final class FloatStorage: @unchecked Sendable {
  /// The memory. Written only while one thread alone knows the storage or holds the right to update it.
  public let floats: UnsafeMutableBufferPointer<Float>
  private let lender: AnyObject?

  /// `count` zeros of our own. Large ones cost no memory before they are written.
  public init(zeros count: Int) {
    guard let memory = calloc(max(count, 1), MemoryLayout<Float>.stride) else {
      preconditionFailure("no memory for \(count) floats")
    }
    floats = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
    lender = nil
  }

  /// Memory of `lender`'s, which lives as long as this object does.
  public init(borrowing memory: UnsafeBufferPointer<Float>, from lender: AnyObject) {
    floats = UnsafeMutableBufferPointer(mutating: memory)
    self.lender = lender
  }

  /// Gives back memory that a mapped file can fill again.
  func release() { (lender as? any PageOwner)?.releasePages(of: UnsafeRawBufferPointer(floats)) }

  deinit { if lender == nil { free(floats.baseAddress) } }
}
