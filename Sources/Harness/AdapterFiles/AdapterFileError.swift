public import GraftSupport

/// Why an adapter file can't be used.
public enum AdapterFileError: UserError, Equatable {
  /// It is no adapter file, or a broken one.
  case notAnAdapter(file: String, reason: String)
  /// A folder was named that has no adapter; an earlier run's may be within.
  case noAdapter(folder: String, earlier: String?)
  /// It was written by a newer program.
  case newerFormat(file: String, version: Int, known: Int)
  /// It needs a reader that knows something more.
  case unknownFeature(file: String, name: String)
  /// Its method is not registered in this program.
  case unknownMethod(file: String, name: String, known: [String])
  /// Values of the adapter are too large for the type that it is to be packed as.
  case doesNotFit(file: String, type: String)
  /// It was trained on another base.
  case otherBase(file: String, trainedOn: String, expected: String, got: String, base: String)
  /// It was trained with another tokenizer.
  case otherTokenizer(file: String, expected: String, got: String, base: String)
  /// Its labels are not as many as the classes of the model or task that it meets.
  case classes(file: String, labels: Int, classes: Int)
  /// A tensor that the method or the head needs is not there.
  case missingTensor(file: String, name: String)
  /// A tensor is there that nothing takes.
  case extraTensor(file: String, name: String)
  /// A tensor has another shape.
  case shape(file: String, name: String, expected: [Int], got: [Int])
  /// Its labels are others than the task's, or in another order.
  case labels(file: String, expected: [String], got: [String])
  /// The configuration describes another adapter than the file that it is to start from.
  case otherMethod(file: String, method: String, reason: String)
  /// The adapter that is to be written does not answer with numbers.
  case notFinite(file: String)
  /// It is another file than the one that was read before.
  case changed(file: String)
  /// Base and adapter together don't answer as they did when the file was written.
  case probe(file: String, difference: Float, tolerance: Float)

  /// What differs about a tensor, without the file in front.
  var withoutFile: String {
    switch self {
    case .missingTensor(_, let name): "there is no tensor \(visible(name))"
    case .extraTensor(_, let name): "the tensor \(visible(name)) has no place"
    case .shape(_, let name, let expected, let got):
      "the tensor \(visible(name)) has shape \(got), expected \(expected)"
    default: description
    }
  }

  /// One line: what differs and what to do.
  public var description: String {
    switch self {
    case .notAnAdapter(let file, let reason): "\(file): not an adapter file that can be read: \(visible(reason))"
    case .noAdapter(let folder, let earlier):
      "\(visible(folder)): the folder has no \(RunFolder.adapterName): a run that is training, failed, or was killed has none; "
        + (earlier.map { "the adapter of an earlier run is in \(visible($0))" }
          ?? "name an adapter file or the folder of a run that has finished")
    case .newerFormat(let file, let version, let known):
      "\(file): the file has format \(version), this program reads format \(known); update graft"
    case .unknownFeature(let file, let name):
      "\(file): the file requires a reader that knows \(quoted(name)), which this program does not; update graft"
    case .unknownMethod(let file, let name, let known):
      "\(file): no method named \(quoted(name)) is registered in this program\(didYouMean(name, in: known)); methods are "
        + "\(known.joined(separator: ", ")); use a program that registers it, as Examples/ThirdPartyMethods shows"
    case .doesNotFit(let file, let type): "\(file): its values don't fit into \(type); pack it as f32 or bf16"
    case .otherBase(let file, let trainedOn, let expected, let got, let base):
      "\(file): the adapter was trained on \(visible(trainedOn)) (SHA-256 \(visible(String(expected.prefix(12))))…), "
        + "but \(base) is another base (\(got.prefix(12))…); give the right one with --base"
    case .otherTokenizer(let file, let expected, let got, let base):
      "\(file): the adapter was trained with another tokenizer (SHA-256 \(visible(String(expected.prefix(12))))…) "
        + "than that of \(base) (\(got.prefix(12))…); give the base that it came with"
    case .classes(let file, let labels, let classes):
      "\(file): the adapter is for \(labels) classes, but here are \(classes); take the task that it was trained for"
    case .missingTensor(let file, let name): "\(file): the tensor \(visible(name)) is missing; the file is damaged"
    case .extraTensor(let file, let name):
      "\(file): the tensor \(visible(name)) belongs to nothing that the method or the head has; the file is damaged"
    case .shape(let file, let name, let expected, let got):
      "\(file): the tensor \(visible(name)) has shape \(got), expected \(expected)"
    case .labels(let file, let expected, let got):
      "\(file): the adapter's labels are \(LabelNames.text(got, most: 12)), the task's \(LabelNames.text(expected, most: 12)); "
        + "give the adapter that was trained for this task"
    case .otherMethod(let file, let method, let reason):
      "init_from \(file): the configuration's method is not the file's: \(reason); the file has \(visible(method))"
    case .notFinite(let file):
      "\(file): not written, because the adapter's answers are not finite numbers; lower training.learning_rate"
    case .changed(let file): "\(file): the file has changed since it was loaded; load it again"
    case .probe(let file, let difference, let tolerance):
      "\(file): base and adapter give other logits than when the file was written "
        + "(difference \(difference), allowed \(tolerance)); the file is damaged or the program differs"
    }
  }
}
