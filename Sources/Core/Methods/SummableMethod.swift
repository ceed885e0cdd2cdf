/// A method whose adapters can be combined into one adapter by a weighted sum.
public protocol SummableMethod: ParameterEfficientMethod {
  /// Returns the method of the sum, and the values of all parameters that the method then plans, by name.
  ///
  /// - Parameters:
  ///   - terms: Adapters of this method; at least one.
  ///   - way: How the updates are summed.
  /// - Throws: ``AdapterError/cannotSum(_:reason:)`` if the adapters are incompatible.
  static func sum(_ terms: [AdapterTerm], _ way: AdapterSum) throws -> (
    method: any ParameterEfficientMethod, values: [String: [Float]]
  )
}

/// A term of a weighted sum of adapters.
public struct AdapterTerm: Sendable {
  /// The adapter.
  public let adapter: Adapter
  /// The weight of the adapter.
  public let weight: Float

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - adapter: The adapter.
  ///   - weight: The weight of the adapter.
  public init(adapter: Adapter, weight: Float) {
    self.adapter = adapter
    self.weight = weight
  }
}

/// How low-rank updates `s B A` are summed. The names are those of peft.
public enum AdapterSum: String, Sendable, CaseIterable {
  /// Sums A and B separately, weighted with the square roots of the factors. The result has the rank of one term, but it is only
  /// an approximation, because a sum of products is not a product of sums.
  case linear
  /// Concatenates all ranks, which is exactly the sum of the updates.
  case concatenated = "cat"
}

extension AdaptableModel {
  /// Adds an adapter that is a weighted sum of other adapters, which are unchanged.
  ///
  /// Their heads, and other values that replace base parameters, are summed with the same weights.
  ///
  /// - Parameters:
  ///   - terms: Adapters on this model with their weights. They must have the same method, targets, and number of classes.
  ///   - way: How the updates are summed.
  ///   - id: The new adapter's name.
  /// - Throws: ``AdapterError`` if an adapter is unknown or merged, or the adapters are incompatible. The model is then
  ///   unchanged.
  @discardableResult
  public func addSum(of terms: [(adapter: AdapterID, weight: Float)], _ way: AdapterSum, as id: AdapterID) throws
    -> Adapter
  {
    let adapters = adapterSet
    let terms = try terms.map { AdapterTerm(adapter: try adapters.attached($0.adapter), weight: $0.weight) }
    guard let first = terms.first?.adapter else {
      throw AdapterError.cannotSum(id, reason: "expected at least one adapter, got none")
    }
    if let term = terms.first(where: { !$0.weight.isFinite }) {
      throw AdapterError.cannotSum(
        id, reason: "expected a finite weight of '\(term.adapter.id)', got \(term.weight)")
    }
    for term in terms where type(of: term.adapter.method).name != type(of: first.method).name {
      throw AdapterError.cannotSum(
        id,
        reason: "expected adapters of one method, but '\(first.id)' is \(type(of: first.method).title) and "
          + "'\(term.adapter.id)' is \(type(of: term.adapter.method).title)")
    }
    guard let method = type(of: first.method) as? any SummableMethod.Type else {
      throw AdapterError.cannotSum(
        first.id,
        reason: "\(type(of: first.method).title) does not support sums; stack the adapters instead")
    }
    if let other = terms.first(where: { $0.adapter.head != nil })?.adapter {
      throw AdapterError.cannotSum(id, reason: "the head of '\(other.id)' does not have the base's structure")
    }
    let shapes = terms.map { $0.adapter.thawed.map { "\($0.replacement.name) \($0.replacement.shape)" } }
    if let other = shapes.firstIndex(where: { $0 != shapes[0] }) {
      throw AdapterError.cannotSum(
        id,
        reason: "'\(first.id)' and '\(terms[other].adapter.id)' have different heads; "
          + "expected the same number of classes")
    }
    let sum = try method.sum(terms, way)
    let heads = terms[0].adapter.thawed.map {
      ($0.original, Parameter(name: $0.original.name, shape: $0.replacement.shape))
    }
    let adapter = try detached(sum.method, as: id, seed: nil, head: heads)
    for parameter in adapter.storedParameters {
      if let values = sum.values[parameter.name] { _ = parameter.values.update(from: values) }
    }
    for (index, pair) in adapter.thawed.enumerated() {
      let values = terms.map { ($0.adapter.thawed[index].replacement.values, $0.weight) }
      for i in pair.replacement.values.indices {
        pair.replacement.values[i] = values.reduce(0) { $0 + $1.1 * $1.0[i] }
      }
    }
    try attach(adapter)
    return adapter
  }
}
