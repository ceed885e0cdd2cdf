import GraftObjectives

/// The nine GLUE tasks, in the format of the official files. (Wang et al., "GLUE", 2019.)
extension TaskDefinition {
  /// The tasks of GLUE.
  public static let glue = [cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli]

  /// CoLA: is a sentence acceptable English? (Warstadt et al., 2018.)
  public static let cola = TaskDefinition(
    TaskFiles(
      name: "cola", title: "CoLA", folder: "CoLA", isInGLUE: true, columns: Columns(text: "sentence", label: "label"),
      testSplits: [.init(split: "test", submission: "CoLA")], header: ["source", "label", "mark", "sentence"]),
    summary: "is a sentence acceptable English?",
    objective: Classification(
      labels: ["0", "1"], labelNames: ["unacceptable", "acceptable"], metrics: [.matthews, .accuracy]))

  /// SST-2: the sentiment of movie reviews. (Socher et al., 2013.)
  public static let sst2 = TaskDefinition(
    TaskFiles(
      name: "sst2", title: "SST-2", folder: "SST-2", isInGLUE: true, sharedTexts: filmReviews,
      columns: Columns(text: "sentence", label: "label"),
      testSplits: [.init(split: "test", submission: "SST-2")], sample: "SampleReviews"),
    summary: "is a sentence from a movie review positive or negative?",
    objective: Classification(labels: ["0", "1"], labelNames: ["negative", "positive"]))

  /// MRPC: do two sentences have the same meaning? (Dolan and Brockett, 2005.)
  public static let mrpc = TaskDefinition(
    TaskFiles(
      name: "mrpc", title: "MRPC", folder: "MRPC", isInGLUE: true,
      columns: Columns(text: "#1 String", textPair: "#2 String", label: "Quality"),
      testSplits: [.init(split: "test", submission: "MRPC")]),
    summary: "do two sentences from the news have the same meaning?",
    objective: Classification(
      labels: ["0", "1"], labelNames: ["not_equivalent", "equivalent"], metrics: [.f1, .accuracy]))

  /// STS-B: how similar are two sentences? (Cer et al., 2017.)
  public static let stsb = TaskDefinition(
    TaskFiles(
      name: "stsb", title: "STS-B", folder: "STS-B", isInGLUE: true,
      columns: Columns(text: "sentence1", textPair: "sentence2", label: "score"),
      testSplits: [.init(split: "test", submission: "STS-B")]),
    summary: "how similar are two sentences, from 0 to 5?", objective: Regression(name: "score", range: 0...5))

  /// QQP: are two questions equivalent? (Iyer et al., 2017.)
  public static let qqp = TaskDefinition(
    TaskFiles(
      name: "qqp", title: "QQP", folder: "QQP", isInGLUE: true,
      columns: Columns(text: "question1", textPair: "question2", label: "is_duplicate"),
      testSplits: [.init(split: "test", submission: "QQP")], skipsIncomplete: true),
    summary: "are two questions equivalent?",
    objective: Classification(
      labels: ["0", "1"], labelNames: ["not_duplicate", "duplicate"], metrics: [.f1, .accuracy]))

  /// MNLI: does one sentence follow from another? (Williams et al., 2018.)
  public static let mnli = TaskDefinition(
    TaskFiles(
      name: "mnli", title: "MNLI", folder: "MNLI", isInGLUE: true,
      columns: Columns(text: "sentence1", textPair: "sentence2", label: "gold_label"),
      evaluationSplits: ["dev_matched", "dev_mismatched"],
      testSplits: [
        .init(split: "test_matched", submission: "MNLI-m"), .init(split: "test_mismatched", submission: "MNLI-mm"),
      ], skipsIncomplete: true),
    summary: "does a sentence follow from another one, contradict it, or neither?",
    objective: Classification(labels: ["entailment", "neutral", "contradiction"]))

  /// QNLI: does a sentence answer a question? (Rajpurkar et al., 2016.)
  public static let qnli = TaskDefinition(
    TaskFiles(
      name: "qnli", title: "QNLI", folder: "QNLI", isInGLUE: true,
      columns: Columns(text: "question", textPair: "sentence", label: "label"),
      testSplits: [.init(split: "test", submission: "QNLI")]),
    summary: "does a sentence contain the answer to a question?",
    objective: Classification(labels: ["entailment", "not_entailment"]))

  /// RTE: does one sentence follow from another? (Dagan et al., 2005, and the later RTE challenges.)
  public static let rte = TaskDefinition(
    TaskFiles(
      name: "rte", title: "RTE", folder: "RTE", isInGLUE: true,
      columns: Columns(text: "sentence1", textPair: "sentence2", label: "label"),
      testSplits: [.init(split: "test", submission: "RTE")]),
    summary: "does a sentence follow from a short text?",
    objective: Classification(labels: ["entailment", "not_entailment"]))

  /// WNLI: does a sentence follow after its pronoun is replaced? (Levesque et al., 2012.)
  public static let wnli = TaskDefinition(
    TaskFiles(
      name: "wnli", title: "WNLI", folder: "WNLI", isInGLUE: true,
      columns: Columns(text: "sentence1", textPair: "sentence2", label: "label"),
      testSplits: [.init(split: "test", submission: "WNLI")]),
    summary: "does a sentence follow after its pronoun is replaced?",
    objective: Classification(labels: ["0", "1"], labelNames: ["not_entailment", "entailment"]))
}
