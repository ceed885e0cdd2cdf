/// The data that an op saves for the backward pass: a plain value, stored in the arena with the tensors it points to.
///
/// The memory that a step points to is not reused until the step has run, because the tape scans the step for addresses. The
/// addresses must therefore be in the step itself, not in memory that it points to. A step that needs only the gradient of a
/// tensor stores ``Tensor/withoutValues``.
public protocol BackwardStep: BitwiseCopyable {
  /// Adds to the gradients of the op's inputs, from the gradient of its output.
  func run(in pass: Pass)
}

/// The backward steps of one worker's current batch, run in reverse order.
final class Tape {
  private struct Record {
    let step: UnsafeRawPointer
    let run: (UnsafeRawPointer, Pass) -> Void
    let type: any BackwardStep.Type
    /// The output's gradient if this step produced the output; it is not needed after the step.
    let owned: UnsafeMutablePointer<GradientSlot>?
  }
  private var records: [Record] = []
  /// The memory of the records' steps.
  private var steps: [UnsafeRawBufferPointer] = []

  func record<Step: BackwardStep>(_ step: Step, output slot: UnsafeMutablePointer<GradientSlot>, in arena: Arena) {
    let memory = arena.allocate(bytes: MemoryLayout<Step>.size)
    memory.initializeMemory(as: Step.self, to: step)
    steps.append(UnsafeRawBufferPointer(start: memory, count: MemoryLayout<Step>.size))
    // A later in-place step, such as a low-rank update, has the same output and runs earlier in the backward pass.
    let owned = slot.pointee.isOwned ? nil : slot
    slot.pointee.isOwned = true
    records.append(
      Record(step: memory, run: { $0.load(as: Step.self).run(in: $1) }, type: Step.self, owned: owned))
  }

  func runBackwardPass(in pass: Pass) {
    while let record = records.popLast() {
      record.run(record.step, pass)
      record.owned?.pointee.release()
      pass.profile?.end(record.type, isBackward: true)
    }
  }

  /// Returns whether a step contains an address within a tensor's values.
  func pointsInto(_ x: Tensor) -> Bool {
    let (first, bytes) = (UInt(bitPattern: x.values), UInt(x.count * MemoryLayout<Float>.stride))
    return steps.reversed().contains { step in
      step.withMemoryRebound(to: UInt.self) { words in words.contains { $0 &- first < bytes } }
    }
  }

  func removeAll() {
    records.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
  }
}
