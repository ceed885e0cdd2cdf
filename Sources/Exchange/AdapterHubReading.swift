import GraftCore
import GraftObjectives
import GraftSupport
import GraftTransformer

/// Reads what AdapterHub's adapters or its predecessor adapter-transformers writes with `use_safetensors=True`: an adapter with
/// its head.
///
/// Differences between versions are handled as in the library's loader; `Docs/adapter-format.md` lists them.
func readAdapterHub(
  _ folder: ForeignFolder, _ model: SequenceClassifier, _ methods: MethodRegistry, _ objectives: ObjectiveRegistry
) throws -> ForeignAdapter {
  let names = EncoderNames(model)
  let config = folder.config
  let tensors = ForeignTensors(try folder.tensors("adapter.safetensors", pickle: "pytorch_adapter.bin"))
  let version = try AdapterHubVersion(try config.text("version"), in: config)
  let name = try config.text("name") ?? ""
  let baseName = try config.text("model_name")
  try requireFamily(config, names)
  let kind = try config.text("type")
  guard kind == nil || kind == "text_task" || kind == "text_lang" else {
    throw config.valueError("type", "is not supported, expected text_task or text_lang")
  }
  let options = try adapterOptions(config, methods)
  config.ignore(["config_id", "model_class"])
  try config.finish()
  guard !name.isEmpty else { throw config.error("name", "is missing") }
  let architecture = try options.text("architecture") ?? ""
  let mapping = try methods.mapping(reading: architecture, key: "config.architecture", in: config.file) { method in
    (method as? any AdapterHubExchangeable.Type).map { Mapping(method: $0, types: $0.adapterHubArchitectures) }
  }
  let reading = AdapterHubReading(
    type: architecture, config: options, tensors: tensors, names: names, name: name, version: version,
    isTask: kind == "text_task")
  let method = try mapping.init(reading: reading)
  try options.finish()
  if let entry = tensors.unread.first {
    throw entry.error("belongs to no part of the adapter, so it can't be imported")
  }
  let head = try readAdapterHubHead(folder, model, objectives)
  return ForeignAdapter(
    toolkit: "adapters", baseName: baseName, method: method,
    values: reading.values.merging(head?.values ?? [:]) { $1 }, labels: head?.labels, objectives: head?.objectives,
    extras: AdapterExtras(head: head?.shape), notes: reading.notes + (head?.notes ?? []))
}

/// Checks that the base has the family and the width that the configuration names.
func requireFamily(_ config: ForeignConfig, _ names: EncoderNames) throws {
  if let type = try config.text("model_type"), type != names.family {
    throw config.error("model_type", "is \(quoted(type)), expected '\(names.family)' as in the base")
  }
  if let width = try config.whole("hidden_size"), width != names.width {
    throw config.error("hidden_size", "is \(width), expected \(names.width) as in the base")
  }
}

/// Reads the adapter's configuration: an object, or the name of one of the library's predefined configurations.
private func adapterOptions(_ config: ForeignConfig, _ methods: MethodRegistry) throws -> ForeignConfig {
  guard let name = try? config.text("config") else { return try config.object("config") }
  let known = methods.types.reduce(into: [:]) { presets, method in
    presets.merge((method as? any AdapterHubExchangeable.Type)?.adapterHubPresets ?? [:]) { first, _ in first }
  }
  guard let preset = known[name] else {
    throw config.valueError(
      "config", "is not supported, expected one of \(known.keys.sorted().joined(separator: ", "))")
  }
  return config.replacement(preset, for: "config")
}

/// An adapter that AdapterHub's library saved.
private final class AdapterHubReading: ForeignReading, AdapterHubReader {
  let adapterName: String
  let isTaskAdapter: Bool
  private let version: AdapterHubVersion

  init(
    type: String, config: ForeignConfig, tensors: ForeignTensors, names: EncoderNames, name: String,
    version: AdapterHubVersion, isTask: Bool
  ) {
    adapterName = name
    isTaskAdapter = isTask
    self.version = version
    super.init(type: type, config: config, tensors: tensors, names: names)
  }

  var quotedName: String { quoted(adapterName) }

  func isBefore(major: Int, minor: Int) -> Bool { version.isBefore(major: major, minor: minor) }

  func activation(_ key: String, default name: String) throws -> Activation {
    let name = version.currentName(ofActivation: try config.text(key) ?? name)
    guard let activation = adapterHubActivations[name.lowercased()] else {
      throw config.error(
        key,
        "\(quoted(name)) is not supported, expected one of "
          + "\(adapterHubActivations.keys.sorted().joined(separator: ", "))"
      )
    }
    return activation
  }
}
