public import GraftSupport

/// The reason why an adapter file can't be used.
public enum AdapterFileError: UserError, Equatable {
  /// The file is not an adapter file, or it is malformed.
  case notAnAdapter(file: String, reason: String)
  /// The folder contains no adapter; it may contain one from an earlier run.
  case noAdapter(folder: String, earlier: String?)
  /// A newer version of the program wrote the file.
  case newerFormat(file: String, version: Int, known: Int)
  /// The file requires a feature that this program does not support.
  case unknownFeature(file: String, name: String)
  /// The file's method is not registered in this program.
  case unknownMethod(file: String, name: String, known: [String])
  /// The adapter's values are too large for the requested type.
  case doesNotFit(file: String, type: String)
  /// The adapter was trained on another base.
  case otherBase(file: String, trainedOn: String, expected: String, got: String, base: String)
  /// The adapter was trained with a different tokenizer.
  case otherTokenizer(file: String, expected: String, got: String, base: String)
  /// The number of labels differs from the number of classes of the model or task.
  case classes(file: String, labels: Int, classes: Int)
  /// The file's objective is not registered in this program.
  case unknownObjective(file: String, name: String, known: [String])
  /// The registered objective differs from the one in the file.
  case otherObjective(file: String, name: String)
  /// The adapter has another objective than the task.
  case objective(file: String, expected: String, got: String)
  /// A tensor that the method or the head needs is missing.
  case missingTensor(file: String, name: String)
  /// The file has a tensor that neither the method nor the head uses.
  case extraTensor(file: String, name: String)
  /// A tensor has the wrong shape.
  case shape(file: String, name: String, expected: [Int], got: [Int])
  /// The adapter's labels differ from the task's, or are in a different order.
  case labels(file: String, expected: [String], got: [String])
  /// The configuration describes a different adapter than the file named by `init_from`.
  case otherMethod(file: String, method: String, reason: String)
  /// The adapter to be written has parameters or logits that are NaN or infinite.
  case notFinite(file: String)
  /// The file on disk has changed since it was loaded.
  case changed(file: String)
  /// The base and the adapter return different logits than when the file was written.
  case probe(file: String, difference: Float, tolerance: Float)

  /// The description of a tensor's problem without the file name.
  var withoutFile: String {
    switch self {
    case .missingTensor(_, let name): "the tensor \(visible(name)) is missing"
    case .extraTensor(_, let name): "the tensor \(visible(name)) is not used by the method or the head"
    case .shape(_, let name, let expected, let got):
      "the tensor \(visible(name)) has shape \(got), expected \(expected)"
    default: description
    }
  }

  /// One line: what is wrong and what to do next.
  public var description: String {
    switch self {
    case .notAnAdapter(let file, let reason): "\(file): not a valid adapter file: \(visible(reason))"
    case .noAdapter(let folder, let earlier):
      "\(visible(folder)): the folder has no \(AdapterFile.defaultName), as happens if a run is still training, has "
        + "failed, or was killed; "
        + (earlier.map { "the adapter of an earlier run is in \(visible($0))" }
          ?? "name an adapter file or the folder of a run that has finished")
    case .newerFormat(let file, let version, let known):
      "\(file): the file has format \(version), this program reads format \(known); update graft"
    case .unknownFeature(let file, let name):
      "\(file): the file requires the feature \(quoted(name)), which this program does not support; update graft"
    case .unknownMethod(let file, let name, let known):
      "\(file): no method named \(quoted(name)) is registered in this program\(didYouMean(name, in: known)); the "
        + "registered methods are \(known.joined(separator: ", ")); use a program that registers it, "
        + "as Examples/ThirdParty shows"
    case .unknownObjective(let file, let name, let known):
      "\(file): no objective named \(quoted(name)) is registered in this program\(didYouMean(name, in: known)); the "
        + "registered objectives are \(known.joined(separator: ", ")); use a program that registers it, "
        + "as Examples/ThirdParty shows"
    case .otherObjective(let file, let name):
      "\(file): the objective \(quoted(name)) of this program has other labels or outputs than the file describes; use "
        + "the program that wrote the file"
    case .doesNotFit(let file, let type):
      "\(file): the adapter has values outside the range of \(type); pack it as f32 or bf16"
    case .otherBase(let file, let trainedOn, let expected, let got, let base):
      "\(file): the adapter was trained on \(visible(trainedOn)) (SHA-256 \(visible(String(expected.prefix(12))))…), "
        + "but \(base) is another base (\(got.prefix(12))…); name the right one with --base"
    case .otherTokenizer(let file, let expected, let got, let base):
      "\(file): the adapter was trained with a different tokenizer (SHA-256 \(visible(String(expected.prefix(12))))…) "
        + "than that of \(base) (\(got.prefix(12))…); use the base that the adapter was trained on"
    case .classes(let file, let labels, let classes):
      "\(file): the adapter has \(labels) outputs, expected \(classes); use the task that it was trained for"
    case .objective(let file, let expected, let got):
      "\(file): the adapter's objective is \(quoted(got)), the task's \(quoted(expected)); use an adapter that was "
        + "trained for this task"
    case .missingTensor(let file, let name): "\(file): the tensor \(visible(name)) is missing; the file is damaged"
    case .extraTensor(let file, let name):
      "\(file): the tensor \(visible(name)) is not used by the method or the head; the file is damaged"
    case .shape(let file, let name, let expected, let got):
      "\(file): the tensor \(visible(name)) has shape \(got), expected \(expected)"
    case .labels(let file, let expected, let got):
      "\(file): the adapter's labels are \(LabelNames.text(got, most: 12)), the task's "
        + "\(LabelNames.text(expected, most: 12)); use an adapter that was trained for this task"
    case .otherMethod(let file, let method, let reason):
      "init_from \(file): the configuration's method does not match the file's: \(reason); the file has "
        + "\(visible(method))"
    case .notFinite(let file):
      "\(file): not written, because the adapter's parameters or logits are NaN or infinite; lower "
        + "training.learning_rate"
    case .changed(let file): "\(file): the file has changed since it was loaded; load it again"
    case .probe(let file, let difference, let tolerance):
      "\(file): the base and the adapter return different logits than when the file was written "
        + "(difference \(difference), allowed \(tolerance)); the file is damaged, or another version of the "
        + "program wrote it"
    }
  }
}
