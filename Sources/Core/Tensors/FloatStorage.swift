import Foundation
import GraftSupport

/// A buffer of floats that is either allocated here or borrowed from an object that is kept alive, such as a memory-mapped
/// checkpoint.
///
/// Borrowed memory is frozen: it is never written, and a mapped file is write-protected by the system.
public final class FloatStorage: @unchecked Sendable {
  /// The memory. Written only while a single thread has access to the storage, or the exclusive right to update it.
  public let floats: UnsafeMutableBufferPointer<Float>
  private let lender: AnyObject?

  /// Allocates `count` zeros. A large buffer takes up no physical memory until it is written.
  public init(zeros count: Int) {
    guard let memory = calloc(max(count, 1), MemoryLayout<Float>.stride) else {
      preconditionFailure("out of memory: \(count) floats")
    }
    floats = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
    lender = nil
  }

  /// Borrows memory from `lender`, which is kept alive as long as this object.
  public init(borrowing memory: UnsafeBufferPointer<Float>, from lender: AnyObject) {
    floats = UnsafeMutableBufferPointer(mutating: memory)
    self.lender = lender
  }

  /// Releases memory pages that can be read from a mapped file again.
  func release() { (lender as? any PageOwner)?.releasePages(of: UnsafeRawBufferPointer(floats)) }

  deinit { if lender == nil { free(floats.baseAddress) } }
}
