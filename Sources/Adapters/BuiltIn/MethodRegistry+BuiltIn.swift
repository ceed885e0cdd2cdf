import GraftBaselines
public import GraftCore
import GraftHoulsby
import GraftLoRA
import GraftPrefix

extension MethodRegistry {
  /// The built-in methods: LoRA (with DoRA), Houlsby adapters, prefix tuning, full fine-tuning, and the head alone.
  public static let builtIn: MethodRegistry = {
    var registry = MethodRegistry()
    do {
      try registry.register(LoRA.self)
      try registry.register(Houlsby.self)
      try registry.register(Prefix.self)
      try registry.register(FullFineTuning.self)
      try registry.register(HeadOnly.self)
    } catch {
      preconditionFailure("\(error)")
    }
    return registry
  }()
}
