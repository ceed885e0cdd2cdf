public import GraftSupport

/// An error in an operation on a model's adapters.
public enum AdapterError: UserError, Equatable {
  /// The model already has an adapter with this name.
  case duplicate(AdapterID)
  /// The model has no adapter with this name.
  case unknown(AdapterID, known: [AdapterID])
  /// The adapter is merged.
  case merged(AdapterID)
  /// The adapter is not merged.
  case notMerged(AdapterID)
  /// The adapter's method adds something that can't be expressed as a change of weights.
  case cannotMerge(AdapterID, method: String, path: ModulePath)
  /// The base has no parameter with this name outside its head that an adapter could replace.
  case noParameter(String)
  /// The adapter can't be part of a weighted sum with the others.
  case cannotSum(AdapterID, reason: String)

  /// One line that describes the problem and what to do.
  public var description: String {
    switch self {
    case .duplicate(let id):
      "the model already has an adapter named \(quoted(id.description)); remove it first or choose another name"
    case .unknown(let id, let known):
      known.isEmpty
        ? "the model has no adapter named \(quoted(id.description)); it has no adapters at all"
        : "the model has no adapter named \(quoted(id.description)); its adapters are "
          + known.map(\.description).joined(separator: ", ")
    case .merged(let id): "adapter \(quoted(id.description)) is merged; unmerge it first"
    case .notMerged(let id): "adapter \(quoted(id.description)) is not merged"
    case .cannotMerge(let id, let method, let path):
      "adapter \(quoted(id.description)) (\(method)) can't be merged: "
        + "its attachment at \(path) can't be expressed as a change of weights; leave it attached"
    case .noParameter(let name):
      "the base has no parameter \(quoted(name)) outside its head that the adapter could replace; check that it is the right base"
    case .cannotSum(let id, let reason): "adapter \(quoted(id.description)) can't be part of a sum: \(reason)"
    }
  }
}
