public import GraftSupport

/// An error about a target selector.
public enum SelectorError: UserError, Equatable {
  /// The pattern has a syntax error at `part`.
  case notUnderstood(selector: String, part: String, reason: String)
  /// The selector matches no module of the model.
  case matchesNothing(selector: String, nearest: [String])
  /// The selector matches a module that the method cannot attach to.
  case cannotAttach(selector: String, path: String, kind: String, needed: String, nearest: [String])
  /// An override matches modules, but none of those that the method's targets match.
  case outsideTargets(selectors: [String], targets: [String])
  /// Every selected module is excluded.
  case everythingExcluded(selectors: [String], excluded: [String])

  /// One line with the selector, what is wrong with it, and what would match.
  public var description: String {
    switch self {
    case .notUnderstood(let selector, let part, let reason):
      "selector \(quoted(selector)) at \(quoted(part)): \(reason)"
    case .matchesNothing(let selector, let nearest):
      "selector \(quoted(selector)) matches no module\(Self.suggestion(nearest))"
    case .cannotAttach(let selector, let path, let kind, let needed, let nearest):
      "selector \(quoted(selector)) matches \(path), which is \(kind), but the method attaches to \(needed)"
        + Self.suggestion(nearest)
    case .outsideTargets(let selectors, let targets):
      "the override for \(Self.list(selectors)) matches none of the modules that the targets "
        + "\(Self.list(targets)) match; widen the targets or remove the override"
    case .everythingExcluded(let selectors, let excluded):
      "targets \(Self.list(selectors)) leave no module after excluding \(Self.list(excluded)); "
        + "exclude fewer modules"
    }
  }

  private static func list(_ selectors: [String]) -> String {
    let limit = 8
    return selectors.prefix(limit).map { visible($0) }.joined(separator: ", ")
      + (selectors.count > limit ? " and \(selectors.count - limit) more" : "")
  }

  private static func suggestion(_ nearest: [String]) -> String {
    nearest.isEmpty ? "" : "; the nearest are " + nearest.joined(separator: ", ")
  }
}
