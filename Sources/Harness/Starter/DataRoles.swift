import Foundation
public import GraftObjectives
public import GraftSupport

/// The roles of a table's columns, and what is learned.
public struct DataRoles: Sendable, Equatable {
  /// The column with the text.
  public var text: String
  /// The column with the second text of a pair.
  public var textPair: String?
  /// The column with the label.
  public var label: String
  /// The objective's name.
  public var objective: String

  /// Creates roles.
  public init(text: String, textPair: String? = nil, label: String, objective: String) {
    self.text = text
    self.textPair = textPair
    self.label = label
    self.objective = objective
  }

  /// What the user has already decided; `nil` is decided from the data.
  public struct Choices: Sendable {
    /// The column with the text.
    public var text: String?
    /// The column with the second text.
    public var textPair: String?
    /// The column with the label.
    public var label: String?
    /// The objective.
    public var objective: String?

    /// Creates choices.
    public init(text: String? = nil, textPair: String? = nil, label: String? = nil, objective: String? = nil) {
      self.text = text
      self.textPair = textPair
      self.label = label
      self.objective = objective
    }
  }

  /// A question that only the user can answer.
  public struct Question: UserError, Equatable {
    /// The choice that the answer decides.
    public let choice: Choice
    /// The file.
    public let file: String
    /// The question.
    public let text: String
    /// The possible answers.
    public let options: [String]

    /// What a question is about.
    public enum Choice: Sendable {
      /// The column with the text, the column with the label, or the objective.
      case text, label, objective

      /// The option of `graft init` that answers the question.
      var option: String {
        switch self {
        case .text: "--text-column"
        case .label: "--label-column"
        case .objective: "--objective"
        }
      }
    }

    /// One line for a program that cannot ask.
    public var description: String {
      "\(file): \(text): \(options.prefix(12).map(quoted).joined(separator: ", ")); choose with \(choice.option)"
    }
  }
}

extension DataInspection {
  /// Decides the roles of the columns.
  ///
  /// - Parameters:
  ///   - choices: What the user has decided.
  ///   - objectives: The objectives that have names.
  /// - Throws: ``DataRoles/Question`` if something is unclear, or an error for a choice that does not fit the file.
  public func roles(_ choices: DataRoles.Choices, objectives: ObjectiveRegistry = .builtIn) throws -> DataRoles {
    do {
      let roles = try decided(choices, objectives)
      // A sentence in the first line is a text, not the name of a column, unless the user says so.
      let isNamed = choices.text != nil || roles.textPair != nil || Self.texts.contains(roles.text.lowercased())
      if !isNamed, let headerError { throw headerError }
      return roles
    } catch let question as DataRoles.Question where question.choice != .objective {
      throw headerError ?? question
    }
  }

  private func decided(_ choices: DataRoles.Choices, _ objectives: ObjectiveRegistry) throws -> DataRoles {
    let pair = try textPair(choices)
    let text = try choices.text.map { try column($0).name } ?? pair?.first ?? self.text(excluding: choices.label)
    let label = try choices.label.map { try column($0).name } ?? self.label(excluding: [text, pair?.second])
    let second = choices.textPair ?? (pair?.first == text ? pair?.second : nil)
    guard Set([text, second, label].compactMap { $0 }).count == (second == nil ? 2 : 3) else {
      throw TaskError.badExample(file, reason: "the text, the second text, and the label must be different columns")
    }
    let objective = try choices.objective.map { name in
      _ = try objectives.type(named: name)
      return name
    }
    return DataRoles(
      text: text, textPair: second, label: label, objective: try objective ?? self.objective(of: column(label)))
  }

  /// The names of columns with pairs of texts, as in well-known data sets.
  private static let pairs = [
    ("sentence1", "sentence2"), ("sentence_1", "sentence_2"), ("text1", "text2"), ("text_a", "text_b"),
    ("text", "text_pair"),
    ("question1", "question2"), ("premise", "hypothesis"), ("question", "sentence"), ("question", "passage"),
    ("question", "context"), ("query", "passage"), ("query", "document"), ("#1 string", "#2 string"),
  ]
  private static let texts = [
    "text", "sentence", "body", "content", "message", "review", "comment", "tweet", "utterance", "document",
    "description",
  ]
  private static let labels = [
    "label", "labels", "class", "category", "categories", "target", "sentiment", "intent", "topic", "tag", "tags",
    "gold_label", "queue", "emotion", "score", "rating", "stars",
  ]

  private func textPair(_ choices: DataRoles.Choices) throws -> (first: String, second: String)? {
    if let second = choices.textPair {
      _ = try column(second)
      guard let first = choices.text else { return (try text(excluding: second), second) }
      return (first, second)
    }
    guard choices.text == nil else { return nil }
    for (first, second) in Self.pairs {
      guard let a = named(first), let b = named(second), a.looksLikeText || b.looksLikeText else { continue }
      return (a.name, b.name)
    }
    return nil
  }

  private func named(_ name: String) -> ColumnProfile? { columns.first { $0.name.lowercased() == name } }

  private func text(excluding other: String?) throws -> String {
    let candidates = columns.filter { $0.looksLikeText && $0.name != other }
    if let known = Self.texts.lazy.compactMap({ name in candidates.first { $0.name.lowercased() == name } }).first {
      return known.name
    }
    if candidates.count == 1 { return candidates[0].name }
    let options = candidates.isEmpty ? columns.filter { $0.filled > 0 && $0.name != other } : candidates
    // A column with two short words per row is a text if there is nothing else.
    if candidates.isEmpty, options.count == 2, let label = try? self.label(excluding: []),
      let rest = options.first(where: { $0.name != label }), !rest.isNumeric
    {
      return rest.name
    }
    throw DataRoles.Question(
      choice: .text, file: file, text: "which column has the text", options: options.map(\.name))
  }

  private func label(excluding texts: [String?]) throws -> String {
    let others = columns.filter { $0.filled > 0 && !texts.contains($0.name) }
    guard !others.isEmpty else {
      throw TableError.missingColumn(file: file, column: "label", found: columns.map(\.name))
    }
    let known = others.filter { Self.labels.contains($0.name.lowercased()) }
    if known.count == 1 { return known[0].name }
    let candidates = others.filter(\.looksLikeLabel)
    if known.isEmpty, candidates.count == 1 { return candidates[0].name }
    if others.count == 1 { return others[0].name }
    let options = known.isEmpty ? (candidates.isEmpty ? others : candidates) : known
    throw DataRoles.Question(
      choice: .label, file: file, text: "which column has the label", options: options.map(\.name))
  }

  private func objective(of label: ColumnProfile) throws -> String {
    if label.isList { return MultiLabel.name }
    guard label.isNumeric, let range = label.range else { return Classification.name }
    let isWhole = label.wholeNumbers == label.numbers
    if label.distinct <= 2 { return Classification.name }
    if !isWhole || label.distinct > 20 { return Regression.name }
    // Numbers from 0 without gaps are usually the numbers of classes.
    let isScale = ["score", "rating", "stars"].contains(label.name.lowercased())
    if !isScale, range == 0...Double(label.distinct - 1) { return Classification.name }
    throw DataRoles.Question(
      choice: .objective, file: file,
      text:
        "column \(quoted(label.name)) has \(label.distinct) whole numbers from \(String(format: "%g", range.lowerBound)) to "
        + "\(String(format: "%g", range.upperBound)); are they classes, or a quantity to predict",
      options: [Classification.name, Regression.name])
  }
}
