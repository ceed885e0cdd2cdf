// The `graft` program with additional methods, an encoder, an objective, and a task.
import Graft
import GraftCLI
import ThirdParty

GraftProgram.main {
  var registries = Registries.builtIn
  try registries.methods.register(IA3.self)
  try registries.methods.register(BitFit.self)
  try registries.methods.register(VeRA.self)
  try registries.families.register(ERNIE.self)
  try registries.objectives.register(OrdinalRegression.self)
  try registries.tasks.register(.agNews)
  return registries
}
