import GraftObjectives
import Testing

/// Targets are read from fields of tables, and checked if a program creates them.
struct TargetTests {
  private let colors = Classification(labels: ["0", "1", "2"], labelNames: ["red", "green", "blue"])
  private let stars = Regression(name: "stars", range: 0...5)
  private let topics = MultiLabel(labels: ["art", "law", "war"])

  private func read(_ objective: any Objective, _ field: TargetField) -> Result<Target, TargetError> {
    Result { () throws(TargetError) in try objective.target(field) }
  }

  @Test(arguments: [
    ("1", Target.label(1)), ("3", nil), ("", nil), ("red", nil), ("[\"0\", \"1\"]", nil), ("[0]", nil), ("[]", nil),
  ])
  func `a class is one of the labels`(text: String, expected: Target?) {
    #expect((try? read(colors, TargetField(text)).get()) == expected)
  }

  @Test(arguments: [
    ("2.5", Target.value(2.5)), ("5", .value(5)), ("5.5", nil), ("-1", nil), ("nan", nil), ("3,5", nil),
    ("[1, 2]", nil),
  ])
  func `a number is within the range`(text: String, expected: Target?) {
    #expect((try? read(stars, TargetField(text)).get()) == expected)
  }

  @Test(arguments: [
    ("[\"war\", \"art\"]", Target.labels([0, 2])), ("['law']", .labels([1])), ("[]", .labels([])), ("[ ]", .labels([])),
    ("law", .labels([1])), ("['law', 'law']", nil), ("['sport']", nil), ("", nil), ("art, law", nil), ("['']", nil),
    ("['art' 'law']", nil), ("['art',]", nil),
  ])
  func `a set of labels is a list or a single label`(text: String, expected: Target?) {
    #expect((try? read(topics, TargetField(text)).get()) == expected)
  }

  @Test func `the list of a JSON file is a set of labels, but not a class or a number`() {
    let field = TargetField(list: ["law", "art"])
    #expect(read(topics, field) == .success(.labels([0, 1])))
    #expect(read(topics, TargetField(list: [])) == .success(.labels([])))
    for (objective, name) in [(colors, "list"), (stars, "list")] as [(any Objective, String)] {
      for field in [field, TargetField(list: [])] {
        guard case .failure(let error) = read(objective, field) else {
          Issue.record("\(type(of: objective)) accepts a list")
          continue
        }
        #expect(error.reason.contains(name))
      }
    }
  }

  @Test func `errors name the label and the expected ones`() {
    func reason(_ objective: any Objective, _ text: String) -> String? {
      if case .failure(let error) = read(objective, TargetField(text)) { error.reason } else { nil }
    }
    #expect(reason(colors, "7") == "unknown label '7'; expected one of 0, 1, 2")
    #expect(reason(topics, "['tax', 'law']") == "unknown label 'tax'; expected some of art, law, war")
    #expect(reason(topics, "['law', 'law']") == "got the label 'law' twice; give each label once")
    #expect(reason(topics, "") == "got an empty label; write [] for a text without labels")
    #expect(reason(stars, "3,5")?.hasSuffix("write the decimal point as '.'") == true)
    #expect(
      reason(stars, "x")
        == "'x' is not a number from 0.0 to 5.0; the objective is regression, so every label must be a number")
    #expect(reason(Regression(labelNames: ["x"]), "1e31") == "'1e31' is not a number from -1e30 to 1e30")
  }

  @Test func `quotation marks and backslashes in a written list`() {
    #expect(TargetField(#"["a\"b", 'it''s']"#).list == nil)
    #expect(TargetField(#"["caf\u00e9", true, 1.50]"#).list == ["café", "true", "1.50"])
    #expect(TargetField(#"["a\"b", 'it\'s', "c,d", '\\']"#).list == ["a\"b", "it's", "c,d", "\\"])
    #expect(TargetField("[0, 1.5]").list == ["0", "1.5"])
    for text in ["[CLS]", "[", "]", "[a, b]", "['a]", "['a', ]", "[1 2]", "['a\\n']"] {
      #expect(TargetField(text).list == nil, "\(text)")
    }
  }

  @Test func `targets in code are checked`() {
    let cases: [(any Objective, [Target], [Target])] = [
      (colors, [.label(0), .label(2)], [.label(3), .label(-1), .value(1), .labels([1])]),
      (stars, [.value(0), .value(5)], [.value(5.1), .value(.nan), .label(1)]),
      (
        topics, [.labels([]), .labels([0, 2])],
        [.labels([3]), .labels([2, 0]), .labels([1, 1]), .label(1), .values([1])]
      ),
    ]
    for (objective, good, bad) in cases {
      for target in good { #expect(throws: Never.self) { try objective.check(target) } }
      for target in bad { #expect(throws: TargetError.self, "\(target)") { try objective.check(target) } }
    }
  }
}
