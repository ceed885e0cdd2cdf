import Dispatch

/// The time that each op of a pass took, in execution order. A pass without a profile measures nothing.
///
/// Ops notify the pass when they finish, so an op's time is the time since the previous op finished.
public final class PassProfile {
  /// One op in the forward or backward pass.
  public struct Event {
    /// The type of the op's backward step, from which the op's name is derived.
    public let step: any BackwardStep.Type
    /// Whether the op ran in the backward pass.
    public let isBackward: Bool
    /// Nanoseconds on the system's monotonic clock.
    public let start: UInt64, end: UInt64

    /// The op's name: `residual norm`.
    public var name: String {
      let words = String(describing: step).replacing("Step", with: "")
      return words.reduce(into: "") { text, letter in
        text += letter.isUppercase && !text.isEmpty ? " \(letter.lowercased())" : letter.lowercased()
      }
    }
  }

  /// All ops that have finished since the profile was created.
  public private(set) var events: [Event] = []
  /// The floating-point operations of the matrix products, except the small ones in attention; each multiply-add counts as two.
  public private(set) var productOperations = 0
  private var last: UInt64 = 0

  /// Creates a profile without events.
  public init() {}

  /// Counts a product of `[rows, depth]` and `[depth, columns]`.
  func count(rows: Int, depth: Int, columns: Int) { productOperations += 2 * rows * depth * columns }

  /// Starts measuring the next op now, so that earlier time is not attributed to it.
  func begin() { last = DispatchTime.now().uptimeNanoseconds }

  func end(_ step: any BackwardStep.Type, isBackward: Bool) {
    let now = DispatchTime.now().uptimeNanoseconds
    events.append(Event(step: step, isBackward: isBackward, start: last, end: now))
    last = now
  }
}
