import GraftCore

/// Reads `adapters.safetensors` and `adapter_config.json` as the mlx tools write them.
func readMLX(_ folder: ForeignFolder, _ names: EncoderNames, _ methods: MethodRegistry) throws -> ForeignAdapter {
  let config = folder.config
  let type = try config.text("fine_tune_type") ?? ""
  let mapping = try methods.mapping(reading: type, key: "fine_tune_type", in: config.file) { method in
    (method as? any MLXExchangeable.Type).map { Mapping(method: $0, types: $0.mlxTypes) }
  }
  let tensors = ForeignTensors(try folder.tensors("adapters.safetensors", pickle: "adapters.npz"))
  let reading = MLXReading(type: type, config: config, tensors: tensors, names: names)
  let method = try mapping.init(reading: reading)
  let maxLength = try config.whole("max_seq_length", from: 1)
  let baseName = try config.text("model")
  config.ignore(commandLine)
  try config.finish()
  for entry in tensors.unread {
    reading.values[names.localName(reading.moduleName(of: entry))] = try tensors.read(entry)
  }
  return ForeignAdapter(
    toolkit: "mlx", baseName: baseName, method: method, values: reading.values, maxLength: maxLength,
    notes: reading.notes)
}

/// An adapter that mlx saved.
private final class MLXReading: ForeignReading, MLXReader {
  func moduleName(of entry: ForeignTensors.Entry) -> Substring {
    entry.name.hasPrefix("model.") ? entry.name.dropFirst("model.".count) : entry.name[...]
  }
}

/// The keys for training options, which do not affect the adapter's logits.
private let commandLine = [
  "adapter_path", "batch_size", "config", "data", "grad_accumulation_steps", "grad_checkpoint", "hf_dataset", "iters",
  "learning_rate", "lora_layers", "lr_schedule", "mask_prompt", "num_layers", "optimizer", "optimizer_config",
  "project_name", "report_to", "resume_adapter_file", "save_every", "seed", "steps_per_eval", "steps_per_report",
  "test", "test_batches", "train", "val_batches", "wandb",
]
