import Foundation
import GraftCore
import GraftLoRA
import Testing

struct LoRAConfigurationTests {
  private func decode(_ json: String) throws -> LoRAConfiguration {
    try JSONDecoder().decode(LoRAConfiguration.self, from: Data(json.utf8))
  }

  @Test func `a mapping with only a name has the default options`() throws {
    let configuration = try decode(#"{"name": "lora"}"#)
    #expect(configuration == LoRAConfiguration())
    #expect(configuration.rank == 8 && configuration.alpha == 16 && configuration.dropout == 0)
    #expect(configuration.targets == .roles(.query, .value))
  }

  @Test func `encoding and decoding preserve the configuration`() throws {
    var configuration = LoRAConfiguration()
    configuration.rank = 3
    configuration.alpha = 0.5
    configuration.dropout = 0.25
    configuration.rankStabilized = true
    configuration.targets = TargetModules(
      include: [try TargetSelector("*.query|value")], exclude: [try TargetSelector("*.{0}.*")])
    configuration.overrides = [.init(targets: .roles(.value), rank: 2, alpha: nil)]
    let text = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    #expect(try decode(text) == configuration)
  }

  @Test(arguments: [
    (#"{"rank": 0}"#, "expected a whole number from 1 to 16384, got 0"),
    (#"{"dropout": 1}"#, "expected a probability from 0 to below 1, got 1"),
    (#"{"rnak": 8}"#, "unknown key 'rnak', did you mean 'rank'?"),
    (#"{"targets": []}"#, "expected at least one selector"),
    (#"{"targets": "a..b"}"#, "a component is empty"),
    (#"{"targets": "role:qeury"}"#, "no such role, did you mean 'query'?"),
    (#"{"overrides": [{"rank": 4}]}"#, "an override needs 'targets'"),
    (#"{"overrides": [{"targets": "*.query"}]}"#, "an override needs 'rank' or 'alpha'"),
    (#"{"overrides": [{"targets": "*.query", "rank": 0}]}"#, "expected a whole number from 1"),
    (#"{"overrides": [{"targets": "*.query", "dropout": 0.1}]}"#, "unknown key 'dropout'"),
  ])
  func `invalid options are rejected while decoding`(json: String, expected: String) throws {
    let error = #expect(throws: DecodingError.self) { try decode(json) }
    guard case .dataCorrupted(let context) = error else { throw try #require(error) }
    #expect(context.debugDescription.contains(expected))
  }
}
