import GraftObjectives

/// The rated snippets of Hutto and Gilbert, each rated by 20 people from -4 to 4. ("VADER", ICWSM 2014.)
extension TaskDefinition {
  /// The sentiment of each set of snippets, followed by its ratings.
  public static let snippets = [
    sentiment("", "film", "Film snippets", "of a film review", sharedTexts: filmReviews),
    rating("", "film", "Film snippets", "of a film review", sharedTexts: filmReviews),
    sentiment("-amazon", "amazon", "Amazon snippets", "of a product review"),
    rating("-amazon", "amazon", "Amazon snippets", "of a product review"),
    sentiment("-nyt", "nyt", "New York Times snippets", "of a newspaper's opinion article"),
    rating("-nyt", "nyt", "New York Times snippets", "of a newspaper's opinion article"),
    sentiment("-tweets", "tweets", "Tweets", "in the form of a tweet"),
    rating("-tweets", "tweets", "Tweets", "in the form of a tweet"),
  ]

  /// The source of the sentences of SST-2 and of the film snippets.
  static let filmReviews = "film reviews from rottentomatoes.com"

  private static func sentiment(
    _ suffix: String, _ folder: String, _ title: String, _ kind: String, sharedTexts: String? = nil
  ) -> TaskDefinition {
    TaskDefinition(
      TaskFiles(
        name: "snippets\(suffix)", title: title, folder: "snippets/\(folder)", sharedTexts: sharedTexts,
        columns: Columns(text: "sentence", label: "label")),
      summary: "is a sentence \(kind) positive or negative?",
      objective: Classification(labels: ["negative", "positive"]))
  }

  private static func rating(
    _ suffix: String, _ folder: String, _ title: String, _ kind: String, sharedTexts: String? = nil
  ) -> TaskDefinition {
    TaskDefinition(
      TaskFiles(
        name: "snippets\(suffix)-rating", title: "\(title), ratings", folder: "snippets/\(folder)-rating",
        sharedTexts: sharedTexts, columns: Columns(text: "sentence", label: "rating")),
      summary: "how positive is a sentence \(kind), from -4 to 4?", objective: Regression(name: "rating", range: -4...4)
    )
  }
}
