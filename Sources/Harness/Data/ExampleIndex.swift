import GraftSupport

/// Where the examples of a file are, and their classes: a few bytes each, for tables that are larger than memory.
///
/// Every row is read once and checked; the texts are read again when they are needed, from an ``ExampleSelection``.
struct ExampleIndex {
  /// The task, with the labels that were found where they come from the file.
  let task: TaskDefinition
  /// Where each example's row begins in the file; as many as were asked for.
  let offsets: [Int]
  /// Each one's class, where classes are learnt.
  let classes: [UInt32]
  /// How many examples the file has.
  let total: Int
  /// Rows that were left out because they lack something.
  let skipped: Int
  private let file: DataFile
  private let version: FileVersion

  /// The rows that a table can have.
  static let mostRows = 100_000_000
  /// The classes that a task over your own data can have.
  static let mostLabels = 1000

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - task: The task.
  ///   - findsLabels: Whether the labels are those of the file, sorted, in place of the task's.
  ///   - limit: How many examples are kept, from the first on; all rows are checked.
  /// - Throws: `FileError`, or ``TaskError`` with file and line.
  init(_ file: DataFile, task: TaskDefinition, findsLabels: Bool = false, limit: Int? = nil) throws {
    self.file = file
    version = FileVersion(path: file.path)
    var reader = try ExampleReader(file, task: task)
    var offsets: [Int] = []
    var classes: [UInt32] = []
    var found = FoundLabels()
    var total = 0
    while let row = try reader.next() {
      let place: Int?
      if findsLabels {
        let label = try reader.label(row)
        guard !label.isEmpty else {
          throw TaskError.noValue(file: file.path, line: row.line, column: task.columns.label)
        }
        place = try found.place(of: label, file: file.path, line: row.line, column: task.columns.label)
      } else if case .label(let known) = try reader.target(row) {
        place = known
      } else {
        place = nil
      }
      total += 1
      guard total <= Self.mostRows else { throw TaskError.tooManyRows(file: file.path, limit: Self.mostRows) }
      guard total <= limit ?? .max else { continue }
      offsets.append(row.offset)
      if let place { classes.append(UInt32(place)) }
    }
    if findsLabels {
      let labels = found.names.sorted()
      guard labels.count >= 2 else {
        throw TaskError.classes(
          file: file.path, column: task.columns.label, count: labels.count, limit: Self.mostLabels)
      }
      let places = Dictionary(labels.enumerated().map { ($1, UInt32($0)) }) { first, _ in first }
      let sorted = found.names.map { places[$0] ?? 0 }
      for index in classes.indices { classes[index] = sorted[Int(classes[index])] }
      self.task = .custom(task.columns, labels: labels)
    } else {
      self.task = task
    }
    self.offsets = offsets
    self.classes = classes
    self.total = total
    skipped = reader.skipped
  }

  /// The examples with these numbers, in this order.
  func selection(_ numbers: some Sequence<Int>) -> ExampleSelection {
    var chosen: [Int] = []
    var counts = [Int](repeating: 0, count: task.labels.count)
    for number in numbers {
      chosen.append(offsets[number])
      if !classes.isEmpty { counts[Int(classes[number])] += 1 }
    }
    return ExampleSelection(file: file, version: version, task: task, offsets: chosen, classCounts: counts)
  }

  /// All that were kept, in the order of the file.
  var all: ExampleSelection { selection(offsets.indices) }
}

/// The labels of a file, in the order in which they come.
private struct FoundLabels {
  private(set) var names: [String] = []
  private var places: [String: Int] = [:]

  /// The number of a label.
  ///
  /// - Throws: ``TaskError`` for too many labels, or for two that differ only in how accents are encoded: people can't tell
  ///   them apart.
  mutating func place(of label: String, file: String, line: Int, column: String) throws -> Int {
    if let place = places[label] {
      guard ExactText(names[place]) == ExactText(label) else {
        throw TaskError.equivalentLabel(file: file, line: line, label: label)
      }
      return place
    }
    guard names.count < ExampleIndex.mostLabels else {
      throw TaskError.classes(
        file: file, column: column, count: names.count + 1, limit: ExampleIndex.mostLabels)
    }
    places[label] = names.count
    names.append(label)
    return names.count - 1
  }
}
