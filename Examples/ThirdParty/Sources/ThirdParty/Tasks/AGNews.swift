import Graft

extension TaskDefinition {
  /// The topic of a news item. (Zhang et al., "Character-level convolutional networks for text classification", 2015.)
  public static let agNews = TaskDefinition(
    name: "ag_news", title: "AG News", summary: "which of four topics is a news item about?",
    columns: Columns(text: "text", label: "label"),
    objective: Classification(
      labels: ["1", "2", "3", "4"], labelNames: ["world", "sports", "business", "science and technology"]))
}
