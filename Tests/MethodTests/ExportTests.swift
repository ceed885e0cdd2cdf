import Foundation
import GraftAdapterFiles
import GraftBaselines
import GraftCore
import GraftExchange
import GraftHarness
import GraftHoulsby
import GraftInference
import GraftLoRA
import GraftPrefix
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// Adapters exported to other toolkits: they can be imported again unchanged, and the original libraries can read them.
struct ExportTests {
  /// A method and a toolkit that supports it.
  struct Case: CustomTestStringConvertible, Sendable {
    let reference: ReferenceModel
    let name: String
    let method: any ParameterEfficientMethod
    let format: AdapterExport.Format
    var testDescription: String { "\(name) on \(reference) for \(format.rawValue)" }
  }

  static let cases: [Case] =
    ReferenceModel.all.flatMap { reference -> [Case] in
      func lora(_ change: (inout LoRAConfiguration) throws -> Void) rethrows -> LoRA {
        var configuration = LoRAConfiguration()
        try change(&configuration)
        return LoRA(configuration)
      }
      func houlsby(_ change: (inout HoulsbyConfiguration) -> Void) -> Houlsby {
        var configuration = HoulsbyConfiguration()
        change(&configuration)
        return Houlsby(configuration)
      }
      var cases: [Case] = []
      func add(_ name: String, _ format: AdapterExport.Format, _ method: any ParameterEfficientMethod) {
        cases.append(Case(reference: reference, name: name, method: method, format: format))
      }
      let everywhere = TargetModules.roles(.query, .key, .value, .attentionOutput, .feedForwardIn, .feedForwardOut)
      add("LoRA", .peft, lora { _ in })
      add("LoRA everywhere", .peft, lora { ($0.targets, $0.rankStabilized, $0.alpha) = (everywhere, true, 3) })
      add(
        "LoRA with overrides", .peft,
        lora {
          $0.targets = everywhere
          $0.rank = 3
          $0.alpha = 5.5
          $0.dropout = 0.1
          $0.overrides = [
            .init(targets: .roles(.query), rank: 2), .init(targets: .roles(.query, .feedForwardOut), alpha: 7),
          ]
        })
      add("LoRA on one role", .peft, lora { $0.targets = .roles(.feedForwardOut) })
      add("DoRA", .peft, lora { ($0.dora, $0.rank) = (true, 3) })
      if reference.description == "bert" {
        add("LoRA on query and pooler", .peft, lora { $0.targets = .roles(.query, .pooler) })
        var prefix = PrefixConfiguration()
        prefix.length = 4
        prefix.positionShift = true
        add("prefix", .peft, Prefix(prefix))
      }
      add("LoRA", .adapterHub, lora { $0.rank = 3 })
      add(
        "LoRA on many roles", .adapterHub,
        lora { ($0.targets, $0.alpha) = (.roles(.key, .value, .feedForwardIn, .feedForwardOut), 5) })
      add("Houlsby", .adapterHub, houlsby { $0.bottleneck = 5 })
      add("Houlsby with options", .adapterHub, houlsby { ($0.bottleneck, $0.activation, $0.scale) = (7, .gelu, 0.5) })
      add("Pfeiffer", .adapterHub, houlsby { ($0.placement, $0.bottleneck) = (.feedForward, 8) })
      add("parallel adapter", .adapterHub, houlsby { ($0.placement, $0.bottleneck, $0.scale) = (.parallel, 8, 4) })
      return cases
    } + [Case(reference: .mpNet, name: "LoRA", method: LoRA(LoRAConfiguration()), format: .peft)]

  private let work: TemporaryFolder
  private let locator: BaseLocator

  init() throws {
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  /// Saves an adapter with random values and attaches it to its base.
  private func adapter(_ method: any ParameterEfficientMethod, on folder: String, classes: Int = 3) throws
    -> LoadedAdapter
  {
    let base = try PretrainedBase(folder, seed: 1, locator: locator)
    let adapter = try base.model.inject(method, as: "new", seed: 1, classes: classes)
    for parameter in adapter.parameters {
      var random = RandomStream(seed: 5, purpose: parameter.name)
      for i in parameter.values.indices { parameter.values[i] += (Float(random.uniform()) - 0.5) * 0.4 }
    }
    let path = work.file("a.safetensors.zst")
    try AdapterFile.write(
      adapter, on: base,
      task: AdapterTask(labels: (0..<classes).map { "class \($0)" }, columns: .init(text: "text", label: "label")),
      maxLength: 64, seed: 1, workers: Workers(count: 1), to: path)
    return try LoadedAdapter(
      file: path, on: PretrainedBase(folder, locator: locator), as: "a", methods: ContractTests.registry())
  }

  private func logits(_ loaded: LoadedAdapter, _ reference: ReferenceModel, _ indices: [Int]) throws -> [[Float]] {
    let inputs = try reference.inputs()
    return try loaded.base.model.logits(
      of: indices.map { .init(ids: inputs.sequences[$0], typeIDs: inputs.types[$0], adapters: [loaded.id]) },
      workers: Workers(count: 1))
  }

  @Test(arguments: cases)
  func `an exported adapter is imported again bit for bit`(golden: Case) throws {
    let model = try ModelFolder.written(golden.reference)
    let loaded = try adapter(golden.method, on: model.folder.path)
    let report = try AdapterExport(loaded).write(golden.format, to: work.file("out"))
    #expect(report.files == (try FileManager.default.contentsOfDirectory(atPath: work.file("out")).sorted()))
    let imported = try AdapterImport(
      base: PretrainedBase(model.folder.path, locator: locator), methods: ContractTests.registry()
    ).run(
      work.file("out"), labels: golden.format == .peft ? ["class 0", "class 1", "class 2"] : nil,
      to: work.file("b.safetensors.zst"))
    #expect(imported.labels == ["class 0", "class 1", "class 2"] && imported.parameters == report.parameters)
    let reloaded = try LoadedAdapter(
      file: work.file("b.safetensors.zst"), on: PretrainedBase(model.folder.path, locator: locator), as: "a",
      methods: ContractTests.registry())
    let short = try golden.reference.inputs().sequences.indices.filter {
      try golden.reference.inputs().sequences[$0].count < 36
    }
    let before = try logits(loaded, golden.reference, short)
    let after = try logits(reloaded, golden.reference, short)
    #expect(zip(before.joined(), after.joined()).allSatisfy { abs($0 - $1) < 1e-6 })
    let difference = try AdapterDifference(loaded.file, reloaded.file)
    #expect(difference.tensors.isEmpty && difference.onlyInFirst.isEmpty && difference.onlyInSecond.isEmpty)
  }

  @Test func `a toolkit that does not support the family is named`() throws {
    let model = try ModelFolder.written(.mpNet)
    let loaded = try adapter(LoRA(LoRAConfiguration()), on: model.folder.path)
    let error = #expect(throws: ExchangeError.self) {
      try AdapterExport(loaded).write(.adapterHub, to: work.file("out"))
    }
    #expect("\(try #require(error))".contains("the adapters library does not support mpnet models"))
    #expect(FileIdentity(path: work.file("out")) == nil)
  }

  private struct Read: Decodable {
    let sequences: [Int]
    let logits: [[Float]]
    let missing: [String]
    let unexpected: [String]
  }

  @Test(.enabled(if: Python.has("adapters"), "\(Python.missing("adapters"))"), arguments: cases)
  func `the original library reads an export without missing or unexpected keys, with the same logits`(golden: Case)
    throws
  {
    let model = try ModelFolder.written(golden.reference)
    let loaded = try adapter(golden.method, on: model.folder.path)
    _ = try AdapterExport(loaded).write(golden.format, to: work.file("out"))
    let output = try Python.run(
      script: "Tests/Goldens/exchange_goldens.py", "--read", work.file("out"), golden.reference.description,
      with: "adapters")
    let read = try JSONDecoder().decode(
      Read.self, from: Data(output.split(separator: "\n").last.map(String.init)!.utf8))
    #expect(read.missing == [] && read.unexpected == [])
    let ours = try logits(loaded, golden.reference, read.sequences)
    let distance = zip(read.logits.joined(), ours.joined()).map { abs($0 - $1) }.max() ?? 1
    #expect(distance <= 1e-5 && read.logits.count == ours.count)
  }

  @Test func `an adapter that a toolkit can't represent is rejected`() throws {
    let bert = try ModelFolder.written(.bert)
    let distil = try ModelFolder.written(.distilBERT)
    func refusal(_ method: any ParameterEfficientMethod, _ model: ModelFolder, _ format: AdapterExport.Format) throws
      -> String
    {
      do {
        _ = try AdapterExport(adapter(method, on: model.folder.path)).write(format, to: work.file("no"))
        return "no refusal"
      } catch let error as ExchangeError {
        #expect(FileIdentity(path: work.file("no")) == nil)
        return "\(error)"
      }
    }
    var prefix = PrefixConfiguration()
    var shifted = PrefixConfiguration()
    var norms = HoulsbyConfiguration()
    var dora = LoRAConfiguration()
    var attention = LoRAConfiguration()
    prefix.length = 3
    shifted.length = 3
    shifted.positionShift = true
    norms.trainLayerNorm = true
    dora.dora = true
    attention.targets = .roles(.attentionOutput)
    #expect(try refusal(Prefix(prefix), bert, .peft).contains("position_shift: true"))
    #expect(try refusal(Prefix(shifted), distil, .peft).contains("does not run on distilbert"))
    #expect(try refusal(Houlsby(.init()), bert, .peft).contains("the method 'houlsby' is not supported"))
    #expect(try refusal(FullFineTuning(.init()), bert, .peft).contains("expected LoRA or prefix tuning"))
    #expect(try refusal(Houlsby(norms), bert, .adapterHub).contains("layer norms"))
    #expect(try refusal(LoRA(dora), bert, .adapterHub).contains("export it to peft"))
    #expect(try refusal(LoRA(attention), bert, .adapterHub).contains("output projection"))
    #expect(try refusal(Prefix(prefix), bert, .adapterHub).contains("'prefix' is not supported"))
  }
}
