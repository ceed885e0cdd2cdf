import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftPrefix
import GraftSupport
import GraftTestSupport
import Testing

/// A prefix that is initialized with the keys and values of a text.
struct PrefixStartTests {
  private let model: ModelFolder

  init() throws {
    model = try ModelFolder(.bert)
    try model.writeTokenizer()
    try model.write()
  }

  private func start(_ text: String?, length: Int, seed: UInt64 = 1) throws -> Adapter {
    var configuration = PrefixConfiguration()
    configuration.length = length
    configuration.initText = text
    return try PretrainedBase(model.folder.path).inject(Prefix(configuration), as: "a", seed: seed, classes: 2)
  }

  private func rows(_ adapter: Adapter, _ name: String = "prefix_keys") -> [[Float]] {
    guard let keys = adapter.parameters.first(where: { $0.name.hasSuffix(name) }) else { return [] }
    return stride(from: 0, to: keys.count, by: keys.columns).map { Array(keys.values[$0..<$0 + keys.columns]) }
  }

  @Test func `each row is a token: a longer prefix repeats the text, and a shorter one truncates it`() throws {
    let five = rows(try start("the film was very good", length: 5))
    #expect(Set(five).count == 5, "five words, five rows")
    #expect(rows(try start("the film was very good", length: 7)) == five + five.prefix(2))
    #expect(rows(try start("the film was very good", length: 3)) == Array(five.prefix(3)))
    #expect(rows(try start("the film was very good", length: 5, seed: 2)) == five, "nothing is random")
    #expect(rows(try start("the film was very bad", length: 5))[0] != five[0] || five[4] != five[3])
    #expect(rows(try start(nil, length: 5)) != five)
    #expect(rows(try start("[SEP] good", length: 2)).count == 2, "special tokens in the text are kept")
    #expect(Set(rows(try start("[SEP] good", length: 4))).count == 2)
    let adapter = try start("good", length: 1)
    #expect(rows(adapter, "prefix_values") != rows(adapter))
  }

  @Test func `a text without tokens is rejected and no adapter remains`() throws {
    let base = try PretrainedBase(model.folder.path)
    var configuration = PrefixConfiguration()
    configuration.initText = "\u{200B}"
    let error = try #require(throws: BaseError.self) {
      try base.inject(Prefix(configuration), as: "a", seed: 1, classes: 2)
    }
    #expect(error.description.contains("no tokens"))
    #expect(base.model.adaptable.adapters.isEmpty)
  }
}
