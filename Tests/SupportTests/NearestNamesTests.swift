import GraftSupport
import Testing

struct NearestNamesTests {
  let keys = ["rank", "alpha", "dropout", "target_modules", "rank_stabilized"]

  @Test(arguments: [
    ("dropuot", "dropout"), ("alhpa", "alpha"), ("Rank", "rank"), ("target_module", "target_modules"),
    ("targetmodules", "target_modules"), ("stabilized", "rank_stabilized"),
  ])
  func `the intended name is found for a misspelled one`(written: String, intended: String) {
    #expect(nearestNames(to: written, in: keys).first == intended)
    #expect(didYouMean(written, in: keys) == ", did you mean '\(intended)'?")
  }

  @Test func `nothing is suggested when no name is near`() {
    #expect(nearestNames(to: "learning_rate", in: keys) == [])
    #expect(didYouMean("learning_rate", in: keys) == "")
    #expect(didYouMean("x", in: []) == "")
  }

  @Test func `names are sorted by distance, then in the given order, up to the limit`() {
    let names = ["layer.2", "layer.1", "layer.12"]
    #expect(nearestNames(to: "layer.12", in: names) == ["layer.12", "layer.2", "layer.1"])
    #expect(nearestNames(to: "layer.12", in: names, limit: 2) == ["layer.12", "layer.2"])
  }

  @Test func `a part of a name suggests the whole name, after names with a similar spelling`() {
    #expect(nearestNames(to: "query", in: ["attention.self.query", "quary"]) == ["quary", "attention.self.query"])
  }

  @Test func `an empty name and empty candidates are accepted`() {
    #expect(nearestNames(to: "", in: ["", "ab", "abcd"]) == ["", "ab"])
  }
}
