import GraftSupport

/// The module paths most like a selector, written as selectors over all layers: `encoder.layer.*.attention.self.query`.
func nearestPaths(to selector: TargetSelector, in modules: [Module], limit: Int = 3) -> [String] {
  var families: [String] = []
  for module in modules {
    let family = module.path.components.map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    if !families.contains(family) { families.append(family) }
  }
  let wanted = names(in: selector.description)
  let ranked = families.enumerated().map { order, family in
    (family: family, order: order, missing: missing(wanted, in: names(in: family)))
  }
  return ranked.sorted { ($0.missing, $0.order) < ($1.missing, $1.order) }.prefix(limit).map(\.family)
}

/// The names within a pattern or path: without stars, indices and separators.
private func names(in text: String) -> [String] {
  text.split(whereSeparator: { ".|*{},:".contains($0) }).map(String.init).filter { Int($0) == nil }
}

/// How many of the wanted names, the last one counting most, are not even nearly there.
private func missing(_ wanted: [String], in present: [String]) -> Int {
  wanted.enumerated().reduce(0) { sum, item in
    let weight = 1 + item.offset
    if present.contains(item.element) { return sum }
    return sum + (nearestNames(to: item.element, in: present, limit: 1).isEmpty ? 3 * weight : weight)
  }
}
