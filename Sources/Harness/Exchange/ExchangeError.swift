public import GraftSupport

/// Why an adapter can't be taken from another toolkit, or handed to one.
public enum ExchangeError: UserError, Equatable {
  /// There is no such folder, or no adapter in it.
  case notAFolder(String)
  /// Classes' names were given twice: a built-in task has its own.
  case severalLabels
  /// It is of no toolkit that is known.
  case unknownToolkit(file: String)
  /// The weights are a pickle.
  case pickle(file: String, wanted: String)
  /// The weights are missing.
  case noTensors(file: String)
  /// A key of the configuration can't be honoured.
  case config(file: String, key: String?, reason: String)
  /// A tensor can't be honoured, or is missing.
  case tensor(file: String, name: String, reason: String)
  /// The method that it needs is not registered in this program.
  case unregistered(file: String, key: String, value: String, method: String, known: [String])
  /// The other toolkit has nothing that answers the same.
  case cannotExport(file: String, format: String, reason: String)

  /// One line: where, what is wrong, and what to do.
  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path): no adapter_config.json there; name the folder that peft, adapters or mlx has saved an adapter in"
    case .severalLabels:
      "--labels, --labels-file and --task exclude each other: give the classes' names once; a built-in task has its own"
    case .unknownToolkit(let file):
      "\(file): neither peft's (peft_type), nor adapters' (config with model_type), nor mlx's (fine_tune_type); it can't be imported"
    case .pickle(let file, let wanted):
      "\(file): a pickle may run any program when it is read, so it is not; convert it where you trust it: python3 -c "
        + "'import sys, torch, safetensors.torch as s; s.save_file(torch.load(sys.argv[1], weights_only=True), sys.argv[2])' "
        + "\(shellQuoted(file)) \(shellQuoted(wanted))"
    case .noTensors(let file): "\(file): the file with the weights is missing"
    case .config(let file, let key, let reason): "\(file): \(key.map { "\(plain($0)): " } ?? "")\(reason)"
    case .tensor(let file, let name, let reason): "\(file): \(plain(name)): \(reason)"
    case .unregistered(let file, let key, let value, let method, let known):
      "\(file): \(key): \(quoted(value)) needs the method \(quoted(method)), which is not registered in this program "
        + "(\(known.joined(separator: ", "))); import it with a program that registers the method, as Examples/ThirdPartyMethods shows"
    case .cannotExport(let file, let format, let reason): "\(file): can't be exported to \(format): \(reason)"
    }
  }
}

/// A key or a tensor's name out of a file: as it stands where it is an ordinary one, else quoted.
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

/// A text as one word of a shell's command.
private func shellQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
