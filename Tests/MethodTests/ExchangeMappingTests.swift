import Foundation
import GraftCore
import GraftExchange
import GraftInference
import GraftLoRA
import GraftSafetensors
import GraftTestSupport
import Testing

/// The mapping to another toolkit's files is found through the registry.
struct ExchangeMappingTests {
  /// A method of another package that reads the same kind of adapter as LoRA.
  private struct Rival: PeftExchangeable {
    static let name = "rival"
    static let title = "Rival"
    static let summary = "reads LoRA too"
    static let peftTypes = ["LORA"]
    let configuration: NoOptions
    init(_ configuration: NoOptions) { self.configuration = configuration }
    init(reading file: any PeftReader) throws { throw file.config.error("peft_type", "is not read by this method") }
    func plan(_ plan: inout InjectionPlan) {}
    func peftContent(of adapter: ExportedAdapter) throws -> PeftContent { throw adapter.refusal("it has no content") }
  }

  private let sandbox: ImportSandbox

  init() throws { sandbox = try ImportSandbox() }

  private func refusal(_ folder: String, _ methods: MethodRegistry) throws -> String {
    let importer = try AdapterImport(base: sandbox.base(.bert), methods: methods)
    let error = #expect(throws: ExchangeError.self) { try importer.run(folder, to: sandbox.work.file("no")) }
    return error?.description ?? ""
  }

  @Test func `a kind that no method reads is reported with its key and the registered kinds`() throws {
    let fixture = ImportFixture(reference: .bert, name: "hub-lora")
    let none = try refusal(fixture.folder, MethodRegistry())
    #expect(none.contains("config.architecture: 'lora' needs a method that is not registered"))
    let folder = try fixture.copy()
    try folder.edit("adapter_config.json") { object in
      var inner = object["config"] as? [String: Any] ?? [:]
      inner["architecture"] = "prompt_tuning"
      object["config"] = inner
    }
    let text = try refusal(folder.path, ContractTests.registry())
    #expect(text.contains("config.architecture: 'prompt_tuning'") && text.contains("registered: bottleneck (Houlsby"))
    let mlx = try TemporaryFolder()
    try mlx.write(SafetensorsWriter().encoded(), to: "adapters.safetensors")
    try mlx.write(#"{"fine_tune_type": "full"}"#, to: "adapter_config.json")
    let full = try refusal(mlx.path, ContractTests.registry())
    #expect(full.contains("fine_tune_type: 'full'") && full.contains("registered: lora (LoRA), dora (LoRA)"))
  }

  @Test func `a kind that two methods read is refused`() throws {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    try methods.register(Rival.self)
    let text = try refusal(ImportFixture(reference: .bert, name: "peft-lora").folder, methods)
    #expect(text.contains("peft_type: 'LORA' is read by several registered methods, lora and rival"))
  }

  @Test func `a tensor that no part of the reader knows is refused`() throws {
    let folder = try ImportFixture(reference: .bert, name: "peft-prefix").copy()
    let old = try SafetensorsFile(path: folder.file("adapter_model.safetensors"))
    var writer = SafetensorsWriter()
    for entry in old.entries {
      try writer.add(entry.name, type: entry.elementType, shape: entry.shape, bytes: Array(old.bytes(of: entry)))
    }
    try writer.add("base_model.bert.encoder.layer.0.x.lora_A.weight", type: .f32, shape: [1], bytes: [0, 0, 0, 0])
    try folder.write(writer.encoded(), to: "adapter_model.safetensors")
    #expect(try refusal(folder.path, ContractTests.registry()).contains("belongs to no parameter of the base"))
  }
}
