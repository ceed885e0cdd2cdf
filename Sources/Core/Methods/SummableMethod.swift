/// A method whose adapters can be added up with weights into one.
public protocol SummableMethod: ParameterEfficientMethod {
  /// The method of the sum, and the values of the sum's own parameters by name.
  ///
  /// - Parameters:
  ///   - terms: Adapters of this method, at least one.
  ///   - way: How.
  /// - Throws: ``AdapterError/cannotSum(_:reason:)`` when they are unlike.
  static func sum(_ terms: [AdapterTerm], _ way: AdapterSum) throws -> (
    method: any ParameterEfficientMethod, values: [String: [Float]]
  )
}

/// One of the adapters that are added up.
public struct AdapterTerm: Sendable {
  /// The adapter.
  public let adapter: Adapter
  /// Its factor.
  public let weight: Float
}

/// How low-rank updates `s B A` are added up. The names are peft's.
public enum AdapterSum: String, Sendable, CaseIterable {
  /// A and B each for itself, with the roots of the factors: as small as one term, but a sum of products is not a product of
  /// sums, so this is rough.
  case linear
  /// All ranks side by side: exactly the sum of the updates.
  case concatenated = "cat"
}

extension AdaptableModel {
  /// Adds an adapter that is a weighted sum of others, which stay as they are.
  ///
  /// Their heads, and what else they have in place of the base's parameters, are added up with the same weights.
  ///
  /// - Parameters:
  ///   - terms: Adapters on this model with their weights: of one method, with the same targets and heads for as many classes.
  ///   - way: How the updates are added up.
  ///   - id: The new adapter's name.
  /// - Throws: ``AdapterError`` when one is unknown or merged, or they are unlike; the model is untouched then.
  @discardableResult
  public func addSum(of terms: [(adapter: AdapterID, weight: Float)], _ way: AdapterSum, as id: AdapterID) throws
    -> Adapter
  {
    let adapters = adapterSet
    let terms = try terms.map { AdapterTerm(adapter: try adapters.attached($0.adapter), weight: $0.weight) }
    guard let first = terms.first?.adapter else { throw AdapterError.cannotSum(id, reason: "there are no terms") }
    if let bad = terms.first(where: { !$0.weight.isFinite }) {
      throw AdapterError.cannotSum(id, reason: "the weight of '\(bad.adapter.id)' is \(bad.weight)")
    }
    for term in terms where type(of: term.adapter.method).name != type(of: first.method).name {
      throw AdapterError.cannotSum(
        id,
        reason: "'\(first.id)' is \(type(of: first.method).title), '\(term.adapter.id)' is "
          + type(of: term.adapter.method).title)
    }
    guard let method = type(of: first.method) as? any SummableMethod.Type else {
      throw AdapterError.cannotSum(
        first.id, reason: "\(type(of: first.method).title) has none; name several adapters for a pass to stack them")
    }
    if let other = terms.first(where: { $0.adapter.head != nil })?.adapter {
      throw AdapterError.cannotSum(id, reason: "the head of '\(other.id)' has a structure of its own")
    }
    let shapes = terms.map { $0.adapter.thawed.map { "\($0.replacement.name) \($0.replacement.shape)" } }
    if let other = shapes.firstIndex(where: { $0 != shapes[0] }) {
      throw AdapterError.cannotSum(
        id, reason: "'\(first.id)' and '\(terms[other].adapter.id)' have unlike heads; they need as many classes")
    }
    let sum = try method.sum(terms, way)
    let heads = terms[0].adapter.thawed.map {
      ($0.original, Parameter(name: $0.original.name, shape: $0.replacement.shape))
    }
    let adapter = try detached(sum.method, as: id, seed: nil, head: heads)
    for parameter in adapter.parameters {
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
