/// The nine GLUE tasks, in the format of the official files. (Wang et al., "GLUE", 2019.)
extension TaskDefinition {
  /// All built-in tasks.
  public static let all = [cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli]

  /// CoLA: is a sentence acceptable English? (Warstadt et al., 2018.)
  public static let cola = TaskDefinition(
    name: "cola", title: "CoLA", summary: "is a sentence acceptable English?", folder: "CoLA",
    columns: Columns(text: "sentence", label: "label"), labels: ["0", "1"], labelNames: ["unacceptable", "acceptable"],
    metrics: [.matthews, .accuracy], testSplits: [TestSplit(split: "test", submission: "CoLA")],
    layout: Layout(header: ["source", "label", "mark", "sentence"]))

  /// SST-2: the sentiment of movie reviews. (Socher et al., 2013.)
  public static let sst2 = TaskDefinition(
    name: "sst2", title: "SST-2", summary: "is a sentence from a movie review positive or negative?", folder: "SST-2",
    columns: Columns(text: "sentence", label: "label"), labels: ["0", "1"], labelNames: ["negative", "positive"],
    metrics: [.accuracy], testSplits: [TestSplit(split: "test", submission: "SST-2")], sample: "SampleReviews")

  /// MRPC: do two sentences have the same meaning? (Dolan and Brockett, 2005.)
  public static let mrpc = TaskDefinition(
    name: "mrpc", title: "MRPC", summary: "do two sentences from the news have the same meaning?", folder: "MRPC",
    columns: Columns(text: "#1 String", textPair: "#2 String", label: "Quality"), labels: ["0", "1"],
    labelNames: ["not_equivalent", "equivalent"], metrics: [.f1, .accuracy],
    testSplits: [TestSplit(split: "test", submission: "MRPC")])

  /// STS-B: how similar are two sentences? (Cer et al., 2017.)
  public static let stsb = TaskDefinition(
    name: "stsb", title: "STS-B", summary: "how similar are two sentences, from 0 to 5?", folder: "STS-B",
    columns: Columns(text: "sentence1", textPair: "sentence2", label: "score"), labels: [], labelNames: ["score"],
    metrics: [.pearson, .spearman], testSplits: [TestSplit(split: "test", submission: "STS-B")],
    layout: Layout(numbers: 0...5))

  /// QQP: are two questions equivalent? (Iyer et al., 2017.)
  public static let qqp = TaskDefinition(
    name: "qqp", title: "QQP", summary: "are two questions equivalent?", folder: "QQP",
    columns: Columns(text: "question1", textPair: "question2", label: "is_duplicate"), labels: ["0", "1"],
    labelNames: ["not_duplicate", "duplicate"], metrics: [.f1, .accuracy],
    testSplits: [TestSplit(split: "test", submission: "QQP")], layout: Layout(skipsIncomplete: true))

  /// MNLI: does one sentence follow from another? (Williams et al., 2018.)
  public static let mnli = TaskDefinition(
    name: "mnli", title: "MNLI", summary: "does a sentence follow from another one, contradict it, or neither?",
    folder: "MNLI", columns: Columns(text: "sentence1", textPair: "sentence2", label: "gold_label"),
    labels: ["entailment", "neutral", "contradiction"], labelNames: ["entailment", "neutral", "contradiction"],
    metrics: [.accuracy], evaluationSplits: ["dev_matched", "dev_mismatched"],
    testSplits: [
      TestSplit(split: "test_matched", submission: "MNLI-m"),
      TestSplit(split: "test_mismatched", submission: "MNLI-mm"),
    ], layout: Layout(skipsIncomplete: true))

  /// QNLI: does a sentence answer a question? (Rajpurkar et al., 2016.)
  public static let qnli = TaskDefinition(
    name: "qnli", title: "QNLI", summary: "does a sentence contain the answer to a question?", folder: "QNLI",
    columns: Columns(text: "question", textPair: "sentence", label: "label"),
    labels: ["entailment", "not_entailment"], labelNames: ["entailment", "not_entailment"], metrics: [.accuracy],
    testSplits: [TestSplit(split: "test", submission: "QNLI")])

  /// RTE: does one sentence follow from another? (Dagan et al., 2005, and the later RTE challenges.)
  public static let rte = TaskDefinition(
    name: "rte", title: "RTE", summary: "does a sentence follow from a short text?", folder: "RTE",
    columns: Columns(text: "sentence1", textPair: "sentence2", label: "label"),
    labels: ["entailment", "not_entailment"], labelNames: ["entailment", "not_entailment"], metrics: [.accuracy],
    testSplits: [TestSplit(split: "test", submission: "RTE")])

  /// WNLI: does a sentence follow after its pronoun is replaced? (Levesque et al., 2012.)
  public static let wnli = TaskDefinition(
    name: "wnli", title: "WNLI", summary: "does a sentence follow after its pronoun is replaced?", folder: "WNLI",
    columns: Columns(text: "sentence1", textPair: "sentence2", label: "label"), labels: ["0", "1"],
    labelNames: ["not_entailment", "entailment"], metrics: [.accuracy],
    testSplits: [TestSplit(split: "test", submission: "WNLI")])
}
