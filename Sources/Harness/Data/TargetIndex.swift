import GraftObjectives

/// The targets of a file's examples: the distinct ones, and a number for each example. Targets that are numbers are not indexed,
/// because most of them are distinct.
struct TargetIndex {
  /// The distinct targets.
  private(set) var distinct: [Target] = []
  /// The index of each example's target in ``distinct``; empty for numbers.
  private(set) var codes: [UInt32] = []

  private let hasLabels: Bool
  private var numbers: [Target: UInt32] = [:]

  /// Creates an empty index.
  init(for objective: any Objective) { hasLabels = type(of: objective).hasLabels }

  /// Creates an index of targets in memory.
  init(_ targets: some Sequence<Target>, for objective: any Objective) {
    self.init(for: objective)
    for target in targets { add(target) }
  }

  /// Adds the target of the next example.
  mutating func add(_ target: Target) {
    guard hasLabels else { return }
    if let number = numbers[target] { return codes.append(number) }
    let number = UInt32(distinct.count)
    numbers[target] = number
    distinct.append(target)
    codes.append(number)
  }

  /// Returns the number of examples with each label, among some of the examples.
  func labelCounts(_ examples: some Sequence<Int>, labels: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: labels)
    guard !codes.isEmpty else { return counts }
    for example in examples { for label in distinct[Int(codes[example])].labels { counts[label] += 1 } }
    return counts
  }

  /// Returns the group of each example, from which held-out examples are drawn evenly; empty for numbers.
  func groups(_ objective: any Objective) -> [UInt32] {
    var counts = [Int](repeating: 0, count: distinct.count)
    for code in codes { counts[Int(code)] += 1 }
    let groups = objective.groups(Array(zip(distinct, counts)).map { (target: $0, count: $1) })
    return codes.map { UInt32(groups[Int($0)]) }
  }
}
