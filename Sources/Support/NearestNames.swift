/// The names most like `name`, nearest first: what an error offers when something is misspelt.
///
/// A name is near when it contains the other one or when at most a third of its letters (at least two) differ.
///
/// - Parameters:
///   - name: What the user wrote.
///   - candidates: The names that exist, in the order in which ties are listed.
///   - limit: How many to return at the most.
public func nearestNames(to name: String, in candidates: some Sequence<String>, limit: Int = 3) -> [String] {
  guard name.utf8.count <= longest else { return [] }
  let wanted = Array(name.lowercased().utf8)
  var ranked: [(distance: Int, order: Int, name: String)] = []
  for (order, candidate) in candidates.enumerated() where candidate.utf8.count <= longest {
    let letters = Array(candidate.lowercased().utf8)
    let distance = editDistance(wanted, letters)
    let contains = wanted.count >= 3 && letters.count >= 3 && (candidate.contains(name) || name.contains(candidate))
    if distance <= max(2, letters.count / 3) {
      ranked.append((distance, order, candidate))
    } else if contains {
      ranked.append((letters.count + wanted.count, order, candidate))
    }
  }
  return ranked.sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }.prefix(limit).map(\.name)
}

/// Longer names are not compared: the time grows with the product of both lengths.
private let longest = 256

/// ", did you mean 'x'?" for the nearest candidate, or nothing when none is near.
public func didYouMean(_ name: String, in candidates: some Sequence<String>) -> String {
  guard let nearest = nearestNames(to: name, in: candidates, limit: 1).first else { return "" }
  return ", did you mean \(quoted(nearest))?"
}

/// Levenshtein's distance with transpositions of neighbours: how many letters must be typed differently.
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
