// Trains an adapter for each configuration, then predicts a text's label with each of them on one base:
// classify-example CONFIG... TEXT
import Graft

let files = CommandLine.arguments.dropFirst().dropLast()
let text = CommandLine.arguments.last ?? ""

let configurations = try files.map {
  try ConfigurationFile(path: $0).decode(ExperimentConfiguration.self)
}
for configuration in configurations {
  let summary = try Experiment(configuration).run()
  print("\(configuration.output): \(summary.trainableParameters) parameters, \(summary.steps) steps")
}

let base = try PretrainedBase(configurations[0].base)
let adapters = try configurations.map {
  try LoadedAdapter(file: "\($0.output)/adapter.safetensors.zst", on: base)
}
for adapter in adapters { print("\(adapter.id): \(try adapter.predict(text).label)") }
