import GraftSupport

/// The module paths that are most similar to a selector, written as selectors over all layers:
/// `encoder.layer.*.attention.self.query`.
func nearestPaths(to selector: TargetSelector, in modules: [Module], limit: Int = 3) -> [String] {
  var families: [String] = []
  for module in modules {
    let family = module.path.components.map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    if !families.contains(family) { families.append(family) }
  }
  let expected = names(in: selector.description)
  let ranked = families.enumerated().map { order, family in
    (family: family, order: order, missing: missing(expected, in: names(in: family)))
  }
  return ranked.sorted { ($0.missing, $0.order) < ($1.missing, $1.order) }.prefix(limit).map(\.family)
}

/// The names in a pattern or path, without wildcards, indices, and separators.
private func names(in text: String) -> [String] {
  text.split(whereSeparator: { ".|*{},:".contains($0) }).map(String.init).filter { Int($0) == nil }
}

/// A penalty for the expected names that are not present: later names weigh more, and a name with a similar one present costs
/// a third.
private func missing(_ expected: [String], in present: [String]) -> Int {
  expected.enumerated().reduce(0) { sum, item in
    let weight = 1 + item.offset
    if present.contains(item.element) { return sum }
    return sum + (nearestNames(to: item.element, in: present, limit: 1).isEmpty ? 3 * weight : weight)
  }
}
