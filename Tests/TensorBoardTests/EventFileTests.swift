import Foundation
import GraftTensorBoard
import GraftTestSupport
import Testing

struct EventFileTests {
  @Test func `the file equals TensorBoard's own, byte for byte`() throws {
    let folder = try TemporaryFolder()
    let now = Date(timeIntervalSince1970: 1_764_057_600.25)
    let events = try EventFile(
      in: folder.path,
      hyperParameters: [
        "method.name": .text("lora"), "method.rank": .number(8), "training.learning_rate": .number(0.002),
        "data.shuffle": .flag(true),
      ], now: { now })
    try events.append(["train/loss": 0.5, "train/learning_rate": 0.001], step: 10)
    try events.append(["eval/loss": 0.25], step: 10)
    try events.append([:], step: 11)
    try events.end(.success)

    let name = "events.out.tfevents.1764057600.graft"
    #expect(events.path == folder.file(name))
    let golden = try Data(contentsOf: URL(fileURLWithPath: "\(Bundle.module.bundlePath)/Fixtures/\(name)"))
    #expect(try folder.bytes(name) == Array(golden))
  }
}
