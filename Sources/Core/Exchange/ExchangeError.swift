public import GraftSupport

/// The reason why an adapter can't be imported from or exported to another toolkit.
public enum ExchangeError: UserError, Equatable {
  /// The folder does not exist or contains no adapter.
  case notAFolder(String)
  /// Names of the labels were given more than once; a built-in task has its own.
  case severalLabels
  /// The toolkit was not recognized.
  case unknownToolkit(file: String)
  /// The weights are a pickle.
  case pickle(file: String, safetensors: String)
  /// The file with the weights is missing.
  case noTensors(file: String)
  /// The configuration, or one of its keys, is not supported.
  case config(file: String, key: String?, reason: String)
  /// A tensor is not supported or is missing.
  case tensor(file: String, name: String, reason: String)
  /// No method that is registered in this program reads this kind of adapter; `known` lists the kinds that are read.
  case unregistered(file: String, key: String, value: String, known: [String])
  /// Several registered methods read this kind of adapter.
  case ambiguous(file: String, key: String, value: String, methods: [String])
  /// The requested objective does not fit the head.
  case objective(String, reason: String)
  /// The other toolkit can't express the adapter exactly.
  case cannotExport(file: String, format: String, reason: String)

  /// One line: where, what is wrong, and what to do next.
  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path): no adapter_config.json in this folder; name a folder in which peft, adapters, or mlx saved an adapter"
    case .severalLabels:
      "--labels, --labels-file, and --task cannot be combined: give the names of the labels once; a built-in task has its own"
    case .unknownToolkit(let file):
      "\(file): unrecognized toolkit, expected the keys of peft (peft_type), adapters (config with model_type), "
        + "or mlx (fine_tune_type)"
    case .pickle(let file, let safetensors):
      "\(file): a pickle is never read, because it can run any code; if you trust it, convert it: python3 -c "
        + "'import sys, torch, safetensors.torch as s; s.save_file(torch.load(sys.argv[1], weights_only=True), "
        + "sys.argv[2])' \(shellQuoted(file)) \(shellQuoted(safetensors))"
    case .objective(let name, let reason): "the objective \(quoted(name)) \(reason)"
    case .noTensors(let file): "\(file): the file with the weights is missing; save the adapter again"
    case .config(let file, let key, let reason): "\(file): \(key.map { "\(plain($0)): " } ?? "")\(reason)"
    case .tensor(let file, let name, let reason): "\(file): \(plain(name)): \(reason)"
    case .unregistered(let file, let key, let value, let known):
      "\(file): \(key): \(quoted(value)) needs a method that is not registered in this program "
        + "(registered: \(known.joined(separator: ", "))); import it with a program that registers the method, "
        + "as Examples/ThirdParty shows"
    case .ambiguous(let file, let key, let value, let methods):
      "\(file): \(key): \(quoted(value)) is read by several registered methods, \(methods.joined(separator: " and ")); "
        + "import it with a program that registers only one of them"
    case .cannotExport(let file, let format, let reason): "\(file): can't be exported to \(format): \(reason)"
    }
  }
}

/// Returns a key or a tensor's name from a file unchanged if it consists of ordinary characters, else quoted.
private func plain(_ name: String) -> String {
  let isOrdinary = name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
  return isOrdinary && name.utf8.count <= 200 ? name : quoted(name)
}

/// Returns a text quoted as one word of a shell command.
private func shellQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
