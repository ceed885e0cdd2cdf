public import GraftAdapterFiles

extension TaskDefinition {
  /// Creates a classification task in code, to be passed to an ``Experiment``.
  ///
  /// - Parameters:
  ///   - name: The name in run folders and adapter files.
  ///   - title: The name in text; `nil` uses `name`.
  ///   - summary: One line that describes the task.
  ///   - columns: The columns of its files.
  ///   - labels: The labels as written in files, at least two and all different; a label's class is its index.
  ///   - labelNames: The meaning of each label; `nil` uses the labels.
  ///   - metrics: The metrics; runs are compared by the first.
  public init(
    name: String, title: String? = nil, summary: String = "",
    columns: Columns = Columns(text: "text", label: "label"), labels: [String], labelNames: [String]? = nil,
    metrics: [Metric] = [.accuracy]
  ) {
    precondition(labels.count >= 2 && Set(labels).count == labels.count, "at least two different labels")
    precondition(
      labelNames.map { $0.count == labels.count && Set($0).count == $0.count } ?? true, "a name for each label")
    Self.check(metrics, isRegression: false)
    self.init(
      name: name, title: title ?? name, summary: summary, folder: nil, columns: columns, labels: labels,
      labelNames: labelNames ?? labels, metrics: metrics)
  }

  /// Creates a regression task in code, to be passed to an ``Experiment``.
  ///
  /// - Parameters:
  ///   - name: The name in run folders and adapter files.
  ///   - title: The name in text; `nil` uses `name`.
  ///   - summary: One line that describes the task.
  ///   - columns: The columns of its files.
  ///   - range: The allowed numbers.
  ///   - metrics: The metrics; runs are compared by the first.
  public static func regression(
    name: String, title: String? = nil, summary: String = "",
    columns: Columns = Columns(text: "text", label: "label"), range: ClosedRange<Double> = -1e30...1e30,
    metrics: [Metric] = [.pearson, .spearman]
  ) -> TaskDefinition {
    check(metrics, isRegression: true)
    return TaskDefinition(
      name: name, title: title ?? name, summary: summary, folder: nil, columns: columns, labels: [],
      labelNames: [columns.label], metrics: metrics, layout: Layout(numbers: range))
  }

  private static func check(_ metrics: [Metric], isRegression: Bool) {
    precondition(!metrics.isEmpty && Set(metrics).count == metrics.count, "at least one metric, and each only once")
    precondition(
      metrics.allSatisfy { [.pearson, .spearman].contains($0) == isRegression },
      isRegression ? "metrics of numbers" : "metrics of classes")
  }
}
