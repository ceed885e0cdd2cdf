// The `graft` program with two additional methods.
import GraftCLI
import ThirdPartyMethods

GraftProgram.main {
  var methods = try GraftProgram.builtInMethods()
  try methods.register(IA3.self)
  try methods.register(BitFit.self)
  return methods
}
