// `import Graft` provides everything: training and comparison, inference, exchange with other toolkits, and the built-in methods.
@_exported public import GraftAdapterFiles
@_exported public import GraftBaselines
@_exported public import GraftCore
@_exported public import GraftExchange
@_exported public import GraftHarness
@_exported public import GraftHoulsby
@_exported public import GraftInference
@_exported public import GraftLoRA
@_exported public import GraftMethods
@_exported public import GraftObjectives
@_exported public import GraftPrefix
@_exported public import GraftTokenizers
@_exported public import GraftTransformer

@_exported public import protocol GraftSupport.UserError
