import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

struct LoadingTests {
  private func load(_ folder: String, classes: Int = 3, seed: UInt64 = 0) throws -> SequenceClassifier {
    try SequenceClassifier(folder: folder, classes: classes, seed: seed)
  }

  /// Returns all values of the model by parameter name.
  private func values(_ model: SequenceClassifier) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: model.adaptable.parameters.map { ($0.name, Array($0.values)) })
  }

  @Test(arguments: ReferenceModel.families)
  func `keys are found with and without the family's prefix`(reference: ReferenceModel) throws {
    var copy = try ModelFolder(reference)
    let expected = values(try load(reference.folder))
    copy.rename { $0.hasPrefix("\(reference).") ? String($0.dropFirst("\(reference).".count)) : $0 }
    #expect(values(try load(copy.write())) == expected)
  }

  @Test func `layer norms in old files may be named gamma and beta`() throws {
    var copy = try ModelFolder(.bert)
    copy.rename { name in
      guard name.contains("LayerNorm") else { return name }
      return name.hasSuffix("weight") ? String(name.dropLast(6)) + "gamma" : String(name.dropLast(4)) + "beta"
    }
    #expect(copy.tensors.keys.contains("bert.embeddings.LayerNorm.gamma"))
    #expect(values(try load(copy.write())) == values(try load(ReferenceModel.bert.folder)))
  }

  @Test(arguments: ReferenceModel.families)
  func `bfloat16 weights load as the floats that they represent`(reference: ReferenceModel) throws {
    var (narrow, wide) = (try ModelFolder(reference), try ModelFolder(reference))
    narrow.tensors = narrow.tensors.mapValues(\.cutToBrain)
    wide.tensors = wide.tensors.mapValues(\.cutToWholeBrain)
    #expect(values(try load(narrow.write())) == values(try load(wide.write())))
  }

  @Test(arguments: ReferenceModel.families)
  func `shards load as the same model as a single file`(reference: ReferenceModel) throws {
    let copy = try ModelFolder(reference)
    #expect(values(try load(copy.writeShards())) == values(try load(reference.folder)))
  }

  @Test func `float weights are memory-mapped, not copied`() throws {
    let model = try load(ReferenceModel.bert.folder)
    let file = try ReferenceModel.bert.tensors("model")
    var distances = Set<Int>()
    for parameter in model.adaptable.parameters {
      let name = parameter.name.hasPrefix("classifier") ? parameter.name : "bert." + parameter.name
      let address = Int(bitPattern: parameter.values.baseAddress)
      distances.insert(address - (try file.entry(named: name)).byteRange.lowerBound)
    }
    #expect(distances.count == 1, "all parameters are in one mapping")
  }

  @Test func `unused tensors are listed and ignored`() throws {
    var copy = try ModelFolder(.bert)
    copy.tensors["bert.embeddings.position_ids"] = .init(type: .i64, shape: [1], bytes: Array(repeating: 0, count: 8))
    copy.tensors["cls.predictions.bias"] = .init(type: .f32, shape: [1], bytes: [0, 0, 0, 0])
    #expect(try load(copy.write()).unusedTensors == ["bert.embeddings.position_ids", "cls.predictions.bias"])
  }

  @Test func `a head in the file is used`() throws {
    let model = try load(ReferenceModel.bert.folder)
    let file = try ReferenceModel.bert.tensors("model")
    #expect(model.initialized.isEmpty)
    #expect(values(model)["classifier.weight"] == (try file.values("classifier.weight")))
  }

  @Test(arguments: ReferenceModel.families)
  func `a missing head is initialized from the seed`(reference: ReferenceModel) throws {
    var copy = try ModelFolder(reference)
    copy.rename { $0.contains("classifier") ? nil : $0 }
    let folder = try copy.write()
    let model = try load(folder, seed: 4)
    let same = try load(folder, seed: 4)
    let other = try load(folder, seed: 5)
    let name = ["roberta", "mpnet"].contains(reference.description) ? "classifier.out_proj" : "classifier"
    #expect(model.initialized.contains("\(name).weight") && model.initialized.contains("\(name).bias"))
    #expect(values(model) == values(same) && values(model) != values(other))
    let weight = try #require(values(model)["\(name).weight"])
    let deviation = (weight.reduce(0) { $0 + $1 * $1 } / Float(weight.count)).squareRoot()
    #expect(abs(deviation - 0.02) < 0.005)
    #expect(values(model)["\(name).bias"] == [0, 0, 0])
  }

  @Test(arguments: ReferenceModel.families)
  func `a classifier with a different number of classes is replaced, and the rest of the head is kept`(
    reference: ReferenceModel
  ) throws {
    let original = try load(reference.folder)
    let other = try load(reference.folder, classes: 5, seed: 4)
    #expect(original.replacedClasses == nil && other.replacedClasses == 3 && other.classes == 5)
    let originalValues = values(original)
    let otherValues = values(other)
    let differing = Set(originalValues.keys.filter { originalValues[$0] != otherValues[$0] })
    let name = original.family.classifierWeight
    #expect(differing == [name, name.replacing("weight", with: "bias")])
    #expect(Set(other.initialized) == differing)
    #expect(values(try load(reference.folder, classes: 5, seed: 4)) == otherValues)
  }

  @Test func `a new head has the standard deviation in the configuration`() throws {
    var copy = try ModelFolder(.bert)
    copy.config["initializer_range"] = "0.3"
    let weight = try #require(values(try load(copy.write(), classes: 100))["classifier.weight"])
    #expect(abs((weight.reduce(0) { $0 + $1 * $1 } / Float(weight.count)).squareRoot() - 0.3) < 0.02)
  }

  @Test(arguments: [ReferenceModel.bert, .distilBERT])
  func `a missing model type is inferred from the other keys`(reference: ReferenceModel) throws {
    var copy = try ModelFolder(reference)
    copy.config["model_type"] = nil
    copy.config["architectures"] = nil
    let model = try load(copy.write())
    #expect(model.family.modelType == reference.description)
    #expect(model.notes.first?.contains("has no model_type; inferred \(reference) from") == true)
    #expect(try load(reference.folder).notes.isEmpty)
  }

  @Test func `aliases of DistilBERT's keys take precedence`() throws {
    var copy = try ModelFolder(.distilBERT)
    copy.config["num_attention_heads"] = "2"
    #expect(try load(copy.write()).configuration.headCount == 2)
    copy.config["n_heads"] = nil
    #expect(try load(copy.write()).configuration.headCount == 2)
  }

  @Test func `RoBERTa without a model type is inferred from its class`() throws {
    var copy = try ModelFolder(.roBERTa)
    copy.config["model_type"] = nil
    #expect(try load(copy.write()).family.modelType == "roberta")
  }

  @Test func `a padding token within a text has RoBERTa's padding position`() throws {
    // transformers 4.57.6, RobertaForSequenceClassification on this model.
    let expected: [[Int32]: [Float]] = [
      [0, 5, 1, 6, 1, 7, 2]: [-1.1368558, -4.4370928, 0.22122722], [0, 1, 2]: [-1.219127, -3.8185205, -0.598032],
      [1, 5, 6]: [-0.83430445, -3.2603173, -0.63098526],
    ]
    let model = try load(ReferenceModel.roBERTa.folder)
    for (ids, logits) in expected {
      var batch = PackedBatch()
      batch.append(ids: ids, typeIDs: Array(repeating: 0, count: ids.count))
      let pass = Pass()
      pass.begin(batch, mode: .exactInference, bindings: model.adaptable.bindings())
      let actual = model.logits(in: pass).toArray()
      #expect(zip(actual, logits).allSatisfy { abs($0 - $1) < 1e-4 }, "\(ids): \(actual)")
    }
  }

  @Test func `unknown keys are listed, and known keys are not`() throws {
    var copy = try ModelFolder(.bert)
    copy.config["surprise"] = "1"
    copy.config["use_cache"] = "false"
    #expect(try load(copy.write()).unknownKeys == ["surprise"])
    for reference in ReferenceModel.families {
      #expect(try load(reference.folder).unknownKeys.isEmpty)
    }
  }

  @Test func `a pooler that is missing in the file trains with the head`() throws {
    var copy = try ModelFolder(.bert)
    #expect(
      try load(ReferenceModel.bert.folder).adaptable.head.map(\.name) == ["classifier.weight", "classifier.bias"])
    copy.rename { $0.contains("pooler") ? nil : $0 }
    #expect(try load(copy.write()).adaptable.head.count == 4)
  }

  @Test func `the parameter counts of DistilBERT with LoRA on query and value match the article`() throws {
    let base = try DistilBERTBase()
    let model = try load(base.folder.path, classes: 2)
    #expect(model.adaptable.parameterCount == 66_955_010)
    let head = model.adaptable.head.reduce(0) { $0 + $1.count }
    #expect(head == 592_130)
    let selector = try TargetSelector("*.attention.q_lin|v_lin")
    let slots = model.adaptable.modules.filter { selector.matches($0.path, role: $0.role) }
      .compactMap { $0.slot(ProjectionSlot.self) }
    let lora = slots.reduce(0) { $0 + 8 * ($1.inputWidth + $1.outputWidth) }
    #expect((lora + head, lora + model.adaptable.parameterCount) == (739_586, 67_102_466))
  }
}
