import GraftSupport

/// The labels of an objective: as they are written in files, and their meaning.
struct LabelSet: Sendable {
  /// The labels as written in files.
  let written: [String]
  /// Their meaning, in the same order.
  let names: [String]
  private let indices: [String: Int]

  /// Creates a set of labels.
  ///
  /// - Parameters:
  ///   - written: The labels as written in files, all different.
  ///   - names: The meaning of each label; `nil` uses the labels.
  ///   - minimum: The smallest number of labels.
  init(_ written: [String], names: [String]?, atLeast minimum: Int) {
    precondition(
      written.count >= minimum && Set(written).count == written.count, "at least \(minimum) labels, all different")
    precondition(
      names.map { $0.count == written.count && Set($0).count == $0.count } ?? true, "a different name for each label")
    self.written = written
    self.names = names ?? written
    indices = Dictionary(written.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// Returns the index of a label.
  ///
  /// - Throws: ``TargetError`` that lists the labels, as `one` of or `some` of which one is expected.
  func index(of label: String, expected: String) throws(TargetError) -> Int {
    guard let index = indices[label] else {
      throw TargetError(
        "unknown label \(quoted(label)); expected \(expected) of \(LabelNames.text(written, most: 12))")
    }
    return index
  }
}
