/// Returns the names most similar to `name`, nearest first, for suggestions in errors about misspelled names.
///
/// A name is near when one of the two contains the other, or when at most a third of its letters (at least two) differ.
///
/// - Parameters:
///   - name: The name that the user wrote.
///   - candidates: The existing names, in the order in which ties are listed.
///   - limit: The maximum number of names to return.
public func nearestNames(to name: String, in candidates: some Sequence<String>, limit: Int = 3) -> [String] {
  guard name.utf8.count <= maximumLength else { return [] }
  let target = Array(name.lowercased().utf8)
  var ranked: [(distance: Int, order: Int, name: String)] = []
  for (order, candidate) in candidates.enumerated() where candidate.utf8.count <= maximumLength {
    let letters = Array(candidate.lowercased().utf8)
    let distance = editDistance(target, letters)
    let contains = target.count >= 3 && letters.count >= 3 && (candidate.contains(name) || name.contains(candidate))
    if distance <= max(2, letters.count / 3) {
      ranked.append((distance, order, candidate))
    } else if contains {
      ranked.append((letters.count + target.count, order, candidate))
    }
  }
  return ranked.sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }.prefix(limit).map(\.name)
}

/// Longer names are not compared, because the time grows with the product of both lengths.
private let maximumLength = 256

/// Returns ", did you mean 'x'?" for the nearest candidate, or an empty string when none is near.
public func didYouMean(_ name: String, in candidates: some Sequence<String>) -> String {
  guard let nearest = nearestNames(to: name, in: candidates, limit: 1).first else { return "" }
  return ", did you mean \(quoted(nearest))?"
}

/// The Damerau-Levenshtein distance: insertions, deletions, substitutions, and transpositions of adjacent letters.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var cost = min(last[j + 1] + 1, current[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[b.count]
}
