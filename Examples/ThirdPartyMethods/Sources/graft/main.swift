// The `graft` program with three additional methods.
import Graft
import GraftCLI
import ThirdPartyMethods

GraftProgram.main {
  var methods = MethodRegistry.builtIn
  try methods.register(IA3.self)
  try methods.register(BitFit.self)
  try methods.register(VeRA.self)
  return methods
}
