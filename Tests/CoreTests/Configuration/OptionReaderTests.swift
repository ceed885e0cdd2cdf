import Foundation
import GraftCore
import Testing

private struct Options: Decodable {
  enum Shape: String, CaseIterable, Sendable { case round, square }
  let rank: Int
  let rate: Double?
  let shape: Shape

  init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    rank = try options.value("rank", default: 8, "the width") { $0 > 0 ? nil : "a whole number from 1" }
    rate = try options.optional("learning_rate", "the speed")
    shape = try options.choice("shape", default: .round, "the form")
    try options.finish()
  }
}

@Suite struct OptionReaderTests {
  private func message(_ json: String) -> String {
    do {
      _ = try JSONDecoder().decode(Options.self, from: Data(json.utf8))
      return "accepted"
    } catch DecodingError.dataCorrupted(let context) {
      return (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    } catch { return "\(error)" }
  }

  @Test func `absent and null values use the default`() throws {
    let options = try JSONDecoder().decode(Options.self, from: Data(#"{"rank": null}"#.utf8))
    #expect(options.rank == 8 && options.rate == nil && options.shape == .round)
  }

  @Test func `an unknown key is reported with the nearest known key`() {
    #expect(
      message(#"{"lerning_rate": 1}"#)
        == "lerning_rate: unknown key 'lerning_rate', did you mean 'learning_rate'?; known keys are rank, learning_rate, shape"
    )
  }

  @Test func `a value that is not allowed is reported with what was expected`() {
    #expect(message(#"{"rank": 0}"#) == "rank: expected a whole number from 1, got 0")
    #expect(message(#"{"shape": "squar"}"#) == "shape: expected round or square, got 'squar', did you mean 'square'?")
  }

  @Test func `the description comes from the decoding code`() {
    let options = OptionLog.options(of: Options.self)
    #expect(options.map(\.name) == ["rank", "learning_rate", "shape"])
    #expect(options.map(\.fallback) == ["8", "null", "round"])
    #expect(options.map(\.type) == ["a whole number", "a number", "text"])
    #expect(options[2].meaning == "the form: round | square")
  }
}
