public import GraftSupport

/// Why a selector could not be used.
public enum SelectorError: UserError, Equatable {
  /// The pattern itself is wrong at `part`.
  case notUnderstood(selector: String, part: String, reason: String)
  /// No module of the model is taken.
  case matchesNothing(selector: String, nearest: [String])
  /// A module is taken that the method can't attach to.
  case cannotAttach(selector: String, path: String, kind: String, needed: String, nearest: [String])
  /// An override takes modules, but none that the method's targets take.
  case outsideTargets(selectors: [String], targets: [String])
  /// Everything that was selected is excluded again.
  case everythingExcluded(selectors: [String], excluded: [String])

  /// One line: the selector, what is wrong with it, and what would match.
  public var description: String {
    switch self {
    case .notUnderstood(let selector, let part, let reason):
      "selector \(quoted(selector)) at \(quoted(part)): \(reason)"
    case .matchesNothing(let selector, let nearest):
      "selector \(quoted(selector)) matches no module\(Self.offer(nearest))"
    case .cannotAttach(let selector, let path, let kind, let needed, let nearest):
      "selector \(quoted(selector)) takes \(path), which is \(kind), but the method attaches to \(needed)\(Self.offer(nearest))"
    case .outsideTargets(let selectors, let targets):
      "the override for \(Self.list(selectors)) takes none of the modules that the targets "
        + "\(Self.list(targets)) take; widen the targets or drop the override"
    case .everythingExcluded(let selectors, let excluded):
      "targets \(Self.list(selectors)) leave no module when \(Self.list(excluded)) is excluded; "
        + "exclude less"
    }
  }

  private static func list(_ selectors: [String]) -> String {
    let most = 8
    return selectors.prefix(most).map { visible($0) }.joined(separator: ", ")
      + (selectors.count > most ? " and \(selectors.count - most) more" : "")
  }

  private static func offer(_ nearest: [String]) -> String {
    nearest.isEmpty ? "" : "; the nearest are " + nearest.joined(separator: ", ")
  }
}
