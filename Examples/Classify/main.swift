// Trains an adapter on a file of one's own, and classifies with it: classify-example CONFIG TEXT...
import GraftCore
import GraftHarness
import GraftLoRA

var methods = MethodRegistry()
try methods.register(LoRA.self)

let file = try ConfigurationFile(path: CommandLine.arguments[1])
let configuration = try file.decode(ExperimentConfiguration.self, methods: methods)
let summary = try Experiment(configuration).run()
print("trained \(summary.trainableParameters) parameters in \(summary.steps) steps")

let adapter = try LoadedAdapter(file: "\(configuration.output)/adapter.safetensors.zst", methods: methods)
for prediction in try adapter.predict(CommandLine.arguments.dropFirst(2).map { ($0, nil) }) {
  print("\(prediction.label): \(prediction.text)")
}
