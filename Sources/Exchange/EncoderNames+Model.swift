import GraftCore
import GraftTransformer

extension EncoderNames {
  /// Creates the names of a base.
  init(_ model: SequenceClassifier) {
    let family = model.family
    self.init(
      model.adaptable, family: family.modelType, toolkits: family.toolkits, prefix: family.prefix,
      width: model.configuration.hiddenWidth,
      headCount: model.configuration.headCount, classifierKey: family.classifierKey)
  }
}
