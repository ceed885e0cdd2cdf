import GraftCore
import GraftSafetensors
import GraftSupport

/// Reads `adapters.safetensors` as the mlx tools write it: LoRA and DoRA with `lora_a` `[in, R]`, `lora_b` `[R, out]`, and a
/// scale instead of alpha.
func readMLX(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ForeignAdapter {
  var config = folder.config
  let kind = try config.text("fine_tune_type") ?? ""
  guard ["lora", "dora"].contains(kind) else {
    throw config.error("fine_tune_type", "\(quoted(kind)) is not supported, expected 'lora' or 'dora'")
  }
  let tensors = try folder.tensors("adapters.safetensors", pickle: "adapters.npz")
  var options = try config.object("lora_parameters")
  let rank = try options.whole("rank", from: 1, to: 16384) ?? 8
  let scale = try options.number("scale") ?? 20
  let alpha = scale * Double(rank)
  guard Allowed.fitsFloat(alpha) else {
    throw options.error("scale", "\(scale) times the rank \(rank) is out of a 32-bit float's range")
  }
  let dropout = try options.probability("dropout")
  // The tensors determine the modules.
  try options.finish(ignoring: ["keys"])
  let maxLength = try config.whole("max_seq_length", from: 1)
  let baseName = try config.text("model")
  try config.finish(ignoring: commandLine)

  var values: [String: ForeignTensor] = [:]
  var modules: Set<ModulePath> = []
  for entry in tensors.entries {
    let name = entry.name.hasPrefix("model.") ? entry.name.dropFirst("model.".count) : entry.name[...]
    let tensor = try ForeignTensor(entry, of: tensors)
    let parts = [".lora_a": "lora_A", ".lora_b": "lora_B", ".m": "lora_magnitude_vector"]
    guard let (end, part) = parts.first(where: { name.hasSuffix($0.key) }) else {
      values[names.localName(name)] = tensor
      continue
    }
    guard let path = names.projection(name.dropLast(end.count)) else {
      throw tensor.error("belongs to no projection of the base's encoder, so it can't be imported")
    }
    modules.insert(path)
    values[path.parameter(part)] = end == ".m" ? tensor : tensor.transposed
  }
  let method: [String: JSONValue] = [
    "name": .string("lora"), "rank": .number(Double(rank)), "alpha": .number(alpha),
    "dropout": .number(dropout), "dora": .bool(kind == "dora"),
    "targets": .array(names.selectors(modules).map(JSONValue.string)),
  ]
  return ForeignAdapter(
    toolkit: "mlx", kind: ("fine_tune_type", kind), baseName: baseName, method: method, values: values, labels: nil,
    maxLength: maxLength)
}

/// The keys for training options, which do not affect the adapter's logits.
private let commandLine: Set<String> = [
  "adapter_path", "batch_size", "config", "data", "grad_accumulation_steps", "grad_checkpoint", "hf_dataset", "iters",
  "learning_rate", "lora_layers", "lr_schedule", "mask_prompt", "num_layers", "optimizer", "optimizer_config",
  "project_name", "report_to", "resume_adapter_file", "save_every", "seed", "steps_per_eval", "steps_per_report",
  "test",
  "test_batches", "train", "val_batches", "wandb",
]
