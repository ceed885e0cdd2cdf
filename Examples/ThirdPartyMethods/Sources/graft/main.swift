// The `graft` program with two additional methods.
import Graft
import GraftCLI
import ThirdPartyMethods

GraftProgram.main {
  var methods = MethodRegistry.builtIn
  try methods.register(IA3.self)
  try methods.register(BitFit.self)
  return methods
}
