public import GraftSupport

/// What can't be done with an adapter on a model, and what to do instead.
public enum AdapterError: UserError, Equatable {
  /// The name is taken.
  case duplicate(AdapterID)
  /// No adapter of that name sits on the model.
  case unknown(AdapterID, known: [AdapterID])
  /// It is merged.
  case merged(AdapterID)
  /// It is not merged.
  case notMerged(AdapterID)
  /// Its method adds something that no change of weights can express.
  case cannotMerge(AdapterID, method: String, path: ModulePath)
  /// The base has no parameter of that name that an adapter could have its own values for.
  case noParameter(String)
  /// It is unlike the others that it was to be added up with.
  case cannotSum(AdapterID, reason: String)

  /// One line: what is wrong and what to do.
  public var description: String {
    switch self {
    case .duplicate(let id):
      "an adapter named \(quoted(id.description)) is on the model already; remove it first or take another name"
    case .unknown(let id, let known):
      known.isEmpty
        ? "no adapter named \(quoted(id.description)) is on the model, which has none"
        : "no adapter named \(quoted(id.description)) is on the model; there are \(known.map(\.description).joined(separator: ", "))"
    case .merged(let id): "adapter \(quoted(id.description)) is merged; unmerge it first"
    case .notMerged(let id): "adapter \(quoted(id.description)) is not merged"
    case .cannotMerge(let id, let method, let path):
      "adapter \(quoted(id.description)) (\(method)) can't be merged: what it adds at \(path) is no change of weights; use it attached"
    case .noParameter(let name):
      "the base has no parameter \(quoted(name)) that the adapter could have its own values for; is it the right base?"
    case .cannotSum(let id, let reason): "adapter \(quoted(id.description)) can't be part of a sum: \(reason)"
    }
  }
}
