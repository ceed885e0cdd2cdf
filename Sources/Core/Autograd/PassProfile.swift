import Dispatch

/// What each op of a pass took, in the order in which they ran. A pass without one measures nothing.
///
/// Ops tell the pass when they are done, so that an op's time is that since the one before it was.
public final class PassProfile {
  /// One op, there or back.
  public struct Event {
    /// The op's backward step, which names it.
    public let step: any BackwardStep.Type
    /// Whether it is on the way back.
    public let isBackward: Bool
    /// Nanoseconds of the system's monotonic clock.
    public let start: UInt64, end: UInt64

    /// The op's name: `residual norm`.
    public var name: String {
      let words = String(describing: step).replacing("Step", with: "")
      return words.reduce(into: "") { text, letter in
        text += letter.isUppercase && !text.isEmpty ? " \(letter.lowercased())" : letter.lowercased()
      }
    }
  }

  /// All that has ended since the profile was made.
  public private(set) var events: [Event] = []
  /// What the matrix products took, attention's small ones aside: two for each multiplication and addition.
  public private(set) var productOperations = 0
  private var last: UInt64 = 0

  /// A profile without events.
  public init() {}

  /// A product of `[rows, depth]` and `[depth, columns]` is done.
  func count(rows: Int, depth: Int, columns: Int) { productOperations += 2 * rows * depth * columns }

  /// Time that no op has taken ends now.
  func begin() { last = DispatchTime.now().uptimeNanoseconds }

  func end(_ step: any BackwardStep.Type, isBackward: Bool) {
    let now = DispatchTime.now().uptimeNanoseconds
    events.append(Event(step: step, isBackward: isBackward, start: last, end: now))
    last = now
  }
}
