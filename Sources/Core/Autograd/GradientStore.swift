/// The gradients of the parameters that a pass trains, contiguous in the order of the bindings.
final class GradientStore {
  /// The gradients, or `nil` if nothing has been trained yet.
  private(set) var memory: UnsafeMutablePointer<Float>?
  private var count = 0
  /// The slots of the parameters that the batch has used, one per parameter however often it is used.
  private var slots: [ObjectIdentifier: UnsafeMutablePointer<GradientSlot>] = [:]

  deinit { memory?.deallocate() }

  /// All gradients; complete after ``fillUnused(_:)``.
  var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: memory, count: count) }

  /// Discards the last batch, and reserves memory for `count` values.
  func begin(count: Int) {
    reset()
    guard self.count != count else { return }
    memory?.deallocate()
    memory = .allocate(capacity: count)
    self.count = count
  }

  /// Discards the slots of the last batch.
  func reset() { slots.removeAll(keepingCapacity: true) }

  /// The slot of a parameter's gradient, or `nil` if the parameter is frozen.
  ///
  /// - Parameters:
  ///   - parameter: A parameter of the model or of an adapter.
  ///   - bindings: The bindings that determine which parameters train.
  ///   - make: Stores a new slot in the arena, given its memory.
  func slot(
    of parameter: Parameter, _ bindings: ParameterBindings,
    make: (_ reserved: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<GradientSlot>
  ) -> UnsafeMutablePointer<GradientSlot>? {
    guard let offset = bindings.offset(of: parameter), let memory else { return nil }
    if let known = slots[ObjectIdentifier(parameter)] { return known }
    let slot = make(memory + offset)
    slots[ObjectIdentifier(parameter)] = slot
    return slot
  }

  /// Sets to zero the gradients of the parameters that the backward pass has not reached.
  func fillUnused(_ bindings: ParameterBindings) {
    guard let memory else { return }
    var offset = 0
    for parameter in bindings.trained {
      if slots[ObjectIdentifier(parameter)]?.pointee.values == nil {
        (memory + offset).initialize(repeating: 0, count: parameter.count)
      }
      offset += parameter.count
    }
  }
}
