/// Combines the gradients of the processes that share a training run, between the summed gradients of one process and the optimizer.
///
/// Each process computes a part of every batch and has its own copy of the parameters, which stay equal because all processes
/// apply the same sums.
public protocol GradientReducer: Sendable {
  /// The number of processes.
  var processCount: Int { get }
  /// The index of this process, from 0.
  var rank: Int { get }

  /// Replaces each value by its sum over all processes.
  ///
  /// Values are added in the order of the ranks, so that N processes with one worker each get the same bytes as one process with N
  /// workers.
  ///
  /// - Throws: An error if another process has ended.
  func sum(_ values: UnsafeMutableBufferPointer<Float>) throws

  /// Returns the sum of a number over all processes, added in the order of the ranks.
  ///
  /// - Throws: An error if another process has ended.
  func sum(_ value: Double) throws -> Double
}

/// The only process of a training run.
public struct SingleProcess: GradientReducer {
  /// 1
  public var processCount: Int { 1 }
  /// 0
  public var rank: Int { 0 }

  /// Creates the reducer.
  public init() {}

  /// Changes nothing.
  public func sum(_ values: UnsafeMutableBufferPointer<Float>) {}
  /// Returns the value.
  public func sum(_ value: Double) -> Double { value }
}
