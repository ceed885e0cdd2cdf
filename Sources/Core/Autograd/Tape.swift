/// What an op's forward pass kept for the way back: a plain value, stored in the arena beside the tensors it points to.
///
/// The values that it points to stay as they are until it has run, because the tape looks for the addresses in it: they are in
/// the step itself, not in memory that it points to. Of a tensor that it needs the gradient of alone it keeps
/// ``Tensor/withoutValues``.
public protocol BackwardStep: BitwiseCopyable {
  /// Adds to the gradients of the op's inputs, from the gradient of its output.
  func run(in pass: Pass)
}

/// The backward steps of one worker's current batch, run last first.
final class Tape {
  private struct Record {
    let step: UnsafeRawPointer
    let run: (UnsafeRawPointer, Pass) -> Void
    let type: any BackwardStep.Type
    /// The output's gradient, where this step made the output: nobody needs it afterwards.
    let owned: UnsafeMutablePointer<GradientSlot>?
  }
  private var records: [Record] = []
  /// The memory of the records' steps.
  private var steps: [UnsafeRawBufferPointer] = []

  func record<Step: BackwardStep>(_ step: Step, output slot: UnsafeMutablePointer<GradientSlot>, in arena: Arena) {
    let memory = arena.allocate(bytes: MemoryLayout<Step>.size)
    memory.initializeMemory(as: Step.self, to: step)
    steps.append(UnsafeRawBufferPointer(start: memory, count: MemoryLayout<Step>.size))
    // A later step in place, such as a low-rank update's, has the same output and runs before on the way back.
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

  /// Whether a step keeps an address within a tensor's values.
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
