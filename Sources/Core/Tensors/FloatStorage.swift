/// Floats with an owner: allocated here, or borrowed from something kept alive, such as a mapped checkpoint.
///
/// Borrowed memory is frozen: it is never written, and for a mapped file the system would not let it be.
public final class FloatStorage: @unchecked Sendable {
  /// The memory. Written only while one thread alone knows the storage or holds the right to update it.
  public let floats: UnsafeMutableBufferPointer<Float>
  private let lender: AnyObject?

  /// `count` zeros of our own.
  public init(zeros count: Int) {
    floats = .allocate(capacity: count)
    floats.initialize(repeating: 0)
    lender = nil
  }

  /// Memory of `lender`'s, which lives as long as this object does.
  public init(borrowing memory: UnsafeBufferPointer<Float>, from lender: AnyObject) {
    floats = UnsafeMutableBufferPointer(mutating: memory)
    self.lender = lender
  }

  deinit { if lender == nil { floats.deallocate() } }
}
