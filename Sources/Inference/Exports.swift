// `import GraftInference` is enough to load adapters and to predict.
@_exported public import GraftAdapterFiles
@_exported public import GraftCore
@_exported public import GraftMethods
@_exported public import GraftObjectives

@_exported public import protocol GraftSupport.UserError
