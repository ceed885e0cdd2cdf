import GraftSupport

/// The offsets and classes of a file's examples: a few bytes per example, so that tables can be larger than memory.
///
/// Every row is read and checked once. An ``ExampleSelection`` reads the texts again when they are needed.
struct ExampleIndex {
  /// The task, including the labels collected from the file if the task defines none.
  let task: TaskDefinition
  /// The byte offset of each indexed example's row.
  let offsets: [Int]
  /// The class of each indexed example; empty for regression.
  let classes: [UInt32]
  /// The number of examples in the file.
  let total: Int
  /// The number of rows skipped because they are incomplete.
  let skipped: Int
  private let file: DataFile
  private let version: FileVersion

  /// The maximum number of rows of a table.
  static let maximumRows = 100_000_000
  /// The maximum number of classes of a task with your own data.
  static let maximumLabels = 1000

  /// Indexes a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - task: The task.
  ///   - collectsLabels: Whether to replace the task's labels with the sorted labels of the file.
  ///   - limit: The number of examples to keep, from the start of the file; all rows are checked.
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  init(_ file: DataFile, task: TaskDefinition, collectsLabels: Bool = false, limit: Int? = nil) throws {
    self.file = file
    version = FileVersion(path: file.path)
    var reader = try ExampleReader(file, task: task)
    var offsets: [Int] = []
    var classes: [UInt32] = []
    var collected = LabelCollector()
    var total = 0
    while let row = try reader.next() {
      let classIndex: Int?
      if collectsLabels {
        let label = try reader.label(row)
        guard !label.isEmpty else {
          throw TableError.noValue(file: file.path, line: row.line, column: task.columns.label)
        }
        classIndex = try collected.index(of: label, file: file.path, line: row.line, column: task.columns.label)
      } else if case .label(let label) = try reader.target(row) {
        classIndex = label
      } else {
        classIndex = nil
      }
      total += 1
      guard total <= Self.maximumRows else { throw TaskError.tooManyRows(file: file.path, limit: Self.maximumRows) }
      guard total <= limit ?? .max else { continue }
      offsets.append(row.offset)
      if let classIndex { classes.append(UInt32(classIndex)) }
    }
    if collectsLabels {
      let labels = collected.names.sorted()
      guard labels.count >= 2 else {
        throw TaskError.classes(
          file: file.path, column: task.columns.label, count: labels.count, limit: Self.maximumLabels)
      }
      let sortedIndices = Dictionary(labels.enumerated().map { ($1, UInt32($0)) }) { first, _ in first }
      let newClasses = collected.names.map { sortedIndices[$0] ?? 0 }
      for index in classes.indices { classes[index] = newClasses[Int(classes[index])] }
      self.task = .custom(task.columns, labels: labels)
    } else {
      self.task = task
    }
    self.offsets = offsets
    self.classes = classes
    self.total = total
    skipped = reader.skipped
  }

  /// Returns the examples with the given numbers, in the given order.
  func selection(_ numbers: some Sequence<Int>) -> ExampleSelection {
    var selectedOffsets: [Int] = []
    var counts = [Int](repeating: 0, count: task.labels.count)
    for number in numbers {
      selectedOffsets.append(offsets[number])
      if !classes.isEmpty { counts[Int(classes[number])] += 1 }
    }
    return ExampleSelection(file: file, version: version, task: task, offsets: selectedOffsets, classCounts: counts)
  }

  /// All indexed examples, in the order of the file.
  var all: ExampleSelection { selection(offsets.indices) }
}

/// Collects the labels of a file in order of appearance.
private struct LabelCollector {
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]

  /// Returns the index of a label, adding it if it is new.
  ///
  /// - Throws: ``TaskError`` for too many labels, or for labels that differ only in how accents are encoded, because people
  ///   cannot tell them apart.
  mutating func index(of label: String, file: String, line: Int, column: String) throws -> Int {
    if let index = indices[label] {
      guard ExactText(names[index]) == ExactText(label) else {
        throw TaskError.equivalentLabel(file: file, line: line, label: label)
      }
      return index
    }
    guard names.count < ExampleIndex.maximumLabels else {
      throw TaskError.classes(
        file: file, column: column, count: names.count + 1, limit: ExampleIndex.maximumLabels)
    }
    indices[label] = names.count
    names.append(label)
    return names.count - 1
  }
}
