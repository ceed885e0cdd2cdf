import GraftObjectives
import GraftSupport

/// The offsets and targets of a file's examples: a few bytes per example, and every distinct list of labels once, so that tables can be
/// larger than memory.
///
/// Every row is read and checked once. An ``ExampleSelection`` reads the texts again when they are needed.
struct ExampleIndex {
  /// The task, including the labels collected from the file if the task defines none.
  let task: TaskDefinition
  /// The targets of the indexed examples.
  let targets: TargetIndex
  /// The number of examples in the file.
  let total: Int
  /// The number of rows skipped because they are incomplete.
  let skipped: Int
  /// The byte offset of each indexed example's row.
  private let offsets: [Int]
  private let file: DataFile
  private let version: FileVersion

  /// The maximum number of rows of a table.
  static let maximumRows = 100_000_000

  /// Indexes a file of a task.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - task: The task.
  ///   - limit: The number of examples to keep, from the start of the file; all rows are checked.
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  init(_ file: DataFile, task: TaskDefinition, limit: Int? = nil) throws {
    var targets = TargetIndex(for: task.objective)
    let (rows, version) = try Self.read(file, of: task.files, limit: limit) { reader, row, isKept in
      let target = try reader.target(row, task.objective)
      if isKept { targets.add(target) }
    }
    self.init(file, version, task, rows, targets)
  }

  /// Indexes a file of the user's own data, and collects its labels.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - files: The columns of the task.
  ///   - objective: What is learned.
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  init(_ file: DataFile, of files: TaskFiles, collectingLabelsFor objective: any Objective.Type) throws {
    let column = files.columns.label
    var names = [column]
    if objective.hasLabels {
      var labels = LabelCollector(file: file.path, column: column, expected: objective.labelCounts)
      let (_, version) = try Self.read(file, of: files, limit: 0) { reader, row, _ in
        // Texts that look the same may differ in their bytes, so every one is checked.
        for label in try reader.labels(row, objective) { try labels.add(label, line: row.line) }
      }
      guard version == FileVersion(path: file.path) else { throw version.changed }
      names = try labels.names()
    }
    // The targets depend on the labels of the whole file, so it is read again.
    try self.init(file, task: TaskDefinition.custom(files.columns, objective: objective.init(labelNames: names)))
  }

  private init(
    _ file: DataFile, _ version: FileVersion, _ task: TaskDefinition, _ rows: Rows, _ targets: TargetIndex
  ) {
    self.file = file
    self.version = version
    self.task = task
    self.targets = targets
    offsets = rows.offsets
    total = rows.total
    skipped = rows.skipped
  }

  private struct Rows {
    var offsets: [Int] = []
    var total = 0
    var skipped = 0
  }

  /// Reads all rows, and calls `body` with each one and with whether its offset is kept.
  private static func read(
    _ file: DataFile, of files: TaskFiles, limit: Int?, _ body: (ExampleReader, TableRow, Bool) throws -> Void
  ) throws -> (Rows, FileVersion) {
    let version = FileVersion(path: file.path)
    var reader = try ExampleReader(file, of: files)
    var rows = Rows()
    while let row = try reader.next() {
      rows.total += 1
      guard rows.total <= maximumRows else { throw TaskError.tooManyRows(file: file.path, limit: maximumRows) }
      let isKept = rows.total <= limit ?? .max
      try body(reader, row, isKept)
      if isKept { rows.offsets.append(row.offset) }
    }
    rows.skipped = reader.skipped
    return (rows, version)
  }

  /// Returns the examples with the given numbers, in the given order.
  func selection(_ numbers: some Sequence<Int>) -> ExampleSelection {
    let numbers = Array(numbers)
    return ExampleSelection(
      file: file, version: version, task: task, offsets: numbers.map { offsets[$0] },
      labelCounts: targets.labelCounts(numbers, labels: task.objective.labels.count))
  }

  /// All indexed examples, in the order of the file.
  var all: ExampleSelection { selection(offsets.indices) }
}

/// Collects the labels of a file.
private struct LabelCollector {
  private let file: String
  private let column: String
  private let expected: ClosedRange<Int>
  private var found: Set<String> = []

  init(file: String, column: String, expected: ClosedRange<Int>) {
    self.file = file
    self.column = column
    self.expected = expected
  }

  /// Returns the labels, sorted.
  ///
  /// - Throws: ``TaskError/classes(file:column:count:expected:)`` if there are too few.
  func names() throws -> [String] {
    guard found.count >= expected.lowerBound else {
      throw TaskError.classes(file: file, column: column, count: found.count, expected: expected)
    }
    return found.sorted()
  }

  /// Adds a label if it is new.
  ///
  /// - Throws: An error for an empty label, for too many labels, or for labels that differ only in how accents are encoded, because
  ///   people cannot tell them apart.
  mutating func add(_ label: String, line: Int) throws {
    guard !label.isEmpty else { throw TableError.noValue(file: file, line: line, column: column) }
    let (isNew, known) = found.insert(label)
    guard isNew || ExactText(known) == ExactText(label) else {
      throw TaskError.equivalentLabel(file: file, line: line, label: label)
    }
    guard found.count <= expected.upperBound else {
      throw TaskError.classes(file: file, column: column, count: found.count, expected: expected)
    }
  }
}
