import GraftSupport
import Testing

struct NearestNamesTests {
  let keys = ["rank", "alpha", "dropout", "target_modules", "rank_stabilized"]

  @Test(arguments: [
    ("dropuot", "dropout"), ("alhpa", "alpha"), ("Rank", "rank"), ("target_module", "target_modules"),
    ("targetmodules", "target_modules"), ("stabilized", "rank_stabilized"),
  ])
  func `a misspelt name finds the one that was meant`(written: String, meant: String) {
    #expect(nearestNames(to: written, in: keys).first == meant)
    #expect(didYouMean(written, in: keys) == ", did you mean '\(meant)'?")
  }

  @Test func `nothing is offered when nothing is near`() {
    #expect(nearestNames(to: "learning_rate", in: keys) == [])
    #expect(didYouMean("learning_rate", in: keys) == "")
    #expect(didYouMean("x", in: []) == "")
  }

  @Test func `the nearest comes first, then in the given order, and no more than the limit`() {
    let names = ["layer.2", "layer.1", "layer.12"]
    #expect(nearestNames(to: "layer.12", in: names) == ["layer.12", "layer.2", "layer.1"])
    #expect(nearestNames(to: "layer.12", in: names, limit: 2) == ["layer.12", "layer.2"])
  }

  @Test func `a part of a long name finds it, behind those that differ by letters`() {
    #expect(nearestNames(to: "query", in: ["attention.self.query", "quary"]) == ["quary", "attention.self.query"])
  }

  @Test func `an empty name and empty candidates are no trouble`() {
    #expect(nearestNames(to: "", in: ["", "ab", "abcd"]) == ["", "ab"])
  }
}
