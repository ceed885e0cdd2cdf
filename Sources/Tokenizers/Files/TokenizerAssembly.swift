import GraftSupport

/// Assembles a tokenizer from the file that defines its vocabulary and the settings files.
///
/// Follows transformers 4.57: `PreTrainedTokenizerFast.__init__` and its subclasses.
struct TokenizerAssembly {
  private let settings: TokenizerSettings
  private var tokenizerClass: TokenizerClass
  private(set) var parts: TokenizerParts
  /// Notes for the user.
  private(set) var notes: [String]
  /// The added tokens with the ids in `tokenizer.json`; `nil` when there is no such file.
  private var writtenTokens: [AddedToken]?

  /// Reads the file that defines the vocabulary.
  ///
  /// - Parameter settings: The content of the settings files.
  init(_ settings: TokenizerSettings) throws {
    self.settings = settings
    notes = settings.notes
    let named = settings.tokenizerClass
    tokenizerClass = named ?? .unnamed
    let whole = settings.path("tokenizer.json")
    let list = settings.path("vocab.txt")
    let pairs = settings.path("vocab.json")
    if try fileExists(whole) {
      let file = try TokenizerFile(path: whole)
      parts = file.parts
      writtenTokens = file.writtenTokens
      for token in file.writtenTokens {
        let used = parts.added.id(of: token.content, vocabulary: parts.vocabulary)
        noteNumber(of: token.definition, Int(token.id), used, in: whole)
      }
      try compare(with: list, pairs)
      return
    }
    // A folder may contain both vocabularies; the class decides which one is read.
    let hasList = try fileExists(list)
    let hasPairs = try fileExists(pairs)
    if named == nil { tokenizerClass = hasList ? .bert : .roBERTa }
    switch tokenizerClass.kind {
    case .wordPiece where hasList:
      parts = try wordPieceParts(vocabulary: list, settings, tokenizerClass)
    case .byteLevel where hasPairs:
      (parts, notes) = try byteLevelParts(vocabulary: pairs, settings, tokenizerClass, notes: notes)
    default:
      throw TokenizerError.noTokenizer(
        folder: settings.folder, class: named.map(\.name),
        expected: named.map(\.kind.files) ?? "tokenizer.json, vocab.txt, or vocab.json with merges.txt")
    }
  }

  /// Notes a difference between the vocabulary of `tokenizer.json` and that of the files for older programs.
  ///
  /// - Throws: `FileError` for a file that exists but cannot be read.
  private mutating func compare(with list: String, _ pairs: String) throws {
    do {
      switch parts.words {
      case .wordPiece(_, let model):
        guard try fileExists(list), try !readVocabulary(list).hasTokens(of: model.vocabulary) else { return }
        notes.append("\(parts.file) and \(list) have different vocabularies; \(parts.file) was used")
      case .byteLevel(_, let model):
        let merges = settings.path("merges.txt")
        guard try fileExists(pairs), try fileExists(merges) else { return }
        let other = try readBytePairs(vocabulary: pairs, merges: merges)
        guard !other.model.hasMerges(of: model) else { return }
        notes.append("\(parts.file) and \(pairs) with merges.txt have different vocabularies; \(parts.file) was used")
      }
    } catch let error as FileError {
      throw error  // an unreadable file must not be treated as missing
    } catch {
      notes.append("\(error); \(parts.file) was used")
    }
  }

  /// Applies the settings and adds the tokens.
  ///
  /// - Throws: ``TokenizerError`` when the settings contradict each other.
  mutating func assemble() throws {
    try requireOneKind()
    overrideNormalizer()
    overridePrefixSpace()
    addTokens()
    noteTemplate()
    if let truncatesLeft = settings.truncatesLeft { parts.template.truncatesLeft = truncatesLeft }
    if settings.modelHasTypes, !(settings.givesTypes ?? tokenizerClass.givesTypes) {
      parts.template = parts.template.untyped
    }
  }

  /// Requires a WordPiece model for a class that sets its own normalizer.
  private func requireOneKind() throws {
    guard tokenizerClass.kind == .wordPiece, case .byteLevel = parts.words else { return }
    throw TokenizerError.invalid(
      file: parts.file,
      reason: "its model is BPE, but the tokenizer's class is \(tokenizerClass.name), which needs WordPiece; correct "
        + "tokenizer_class in tokenizer_config.json, or model_type in config.json, or use the matching tokenizer.json"
    )
  }

  /// The class's switches take precedence over `tokenizer.json`, even where they have default values.
  private mutating func overrideNormalizer() {
    guard tokenizerClass.kind == .wordPiece, case .wordPiece(var normalizer, let model) = parts.words else { return }
    let lowersCase = settings.lowersCase ?? true
    let isolatesChinese =
      writtenTokens != nil && tokenizerClass.keepsChinese
      ? normalizer.isolatesChinese : settings.isolatesChinese ?? true
    let effective = BertNormalizer(
      cleansText: normalizer.cleansText, isolatesChinese: isolatesChinese,
      stripsAccents: settings.stripsAccents ?? lowersCase, lowersCase: lowersCase)
    if let named = settings.isolatesChinese, named != isolatesChinese {
      notes.append(
        "\(settings.path("tokenizer_config.json")) has tokenize_chinese_chars: \(named), \(parts.file) has "
          + "\(isolatesChinese); \(isolatesChinese) was used, as in transformers' \(tokenizerClass.name)")
    }
    if writtenTokens != nil {
      // transformers adds the tokens first and replaces the file's normalizer afterwards.
      parts.addedNormalizer = normalizer
      note("do_lower_case", settings.lowersCase, normalizer.lowersCase, effective.lowersCase)
      note("strip_accents", settings.stripsAccents, normalizer.stripsAccents, effective.stripsAccents)
      note("tokenize_chinese_chars", settings.isolatesChinese, normalizer.isolatesChinese, effective.isolatesChinese)
    }
    normalizer = effective
    parts.words = .wordPiece(normalizer, model)
  }

  private mutating func overridePrefixSpace() {
    guard tokenizerClass != .unnamed, case .byteLevel(var words, let model) = parts.words else { return }
    let effective = settings.addsPrefixSpace ?? false
    if writtenTokens != nil { note("add_prefix_space", settings.addsPrefixSpace, words.addsPrefixSpace, effective) }
    words.addsPrefixSpace = effective
    parts.words = .byteLevel(words, model)
  }

  /// Notes that `tokenizer.json` has a different value for a switch than the one used.
  private mutating func note(_ key: String, _ named: Bool?, _ written: Bool, _ effective: Bool) {
    guard written != effective else { return }
    let source =
      named == nil
      ? "\(tokenizerClass.name) has \(effective) unless tokenizer_config.json sets it"
      : "\(settings.path("tokenizer_config.json")) has \(effective)"
    notes.append("\(parts.file) has \(key): \(written), \(source); \(effective) was used, as in transformers")
  }

  /// Adds the listed tokens by ascending id, then the special tokens that are not among them.
  private mutating func addTokens() {
    var listed = Dictionary(settings.added.map { ($0.id, ($0.token, $0.file)) }) { $1 }
    if let writtenTokens, !settings.listsTokens {
      for token in writtenTokens { listed[Int(token.id)] = (token.definition, parts.file) }
    }
    for (id, (token, file)) in listed.sorted(by: { $0.key < $1.key }) {
      if let before = parts.added[token.content], before.definition != token, file != parts.file {
        notes.append("\(parts.file) and \(file) define \(quoted(token.content)) differently; \(file) was used")
      }
      guard let got = parts.added.add(token, vocabulary: parts.vocabulary), file != parts.file else { continue }
      noteNumber(of: token, id, got, in: file)
    }
    for role in TokenizerSettings.roles {
      if var special = settings.specials[role] {
        if special.isNameOnly, let defaultToken = tokenizerClass.specials[role] {
          special.token.stripsLeft = defaultToken.stripsLeft
        }
        addSpecial(special.token)
      } else if let defaultToken = tokenizerClass.specials[role] {
        // A default special token that no file names and that has no embedding is not a token of this model.
        guard
          Int(parts.added.id(of: defaultToken.content, vocabulary: parts.vocabulary)) < settings.modelVocabulary ?? .max
        else { continue }
        addSpecial(defaultToken)
      }
    }
    for token in settings.otherSpecials { addSpecial(token) }
  }

  private mutating func noteNumber(of token: TokenDefinition, _ written: Int, _ used: Int32, in file: String) {
    guard written != Int(used) else { return }
    notes.append(
      "\(file) gives \(quoted(token.content)) the id \(written), but added tokens are numbered after the vocabulary; "
        + "\(used) was used, as in transformers' fast tokenizers")
  }

  private mutating func addSpecial(_ token: TokenDefinition) {
    if parts.added[token.content] == nil { parts.added.add(token, vocabulary: parts.vocabulary) }
  }

  /// Notes that `tokenizer.json` decides which tokens surround a text, whatever the other files name.
  private mutating func noteTemplate() {
    guard writtenTokens != nil, let (first, last) = parts.template.firstAndLast else { return }
    for (role, id) in [("cls_token", first), ("sep_token", last)] {
      guard let special = settings.specials[role] else { continue }
      let named = parts.added.id(of: special.token.content, vocabulary: parts.vocabulary)
      guard named != id else { continue }
      notes.append(
        "\(special.file) has \(role): \(quoted(special.token.content)) (id \(named)), but \(parts.file) puts id \(id) there; "
          + "\(id) was used, as in transformers")
    }
  }
}

extension TokenizerClass.Kind {
  /// The files that such a tokenizer can be read from.
  fileprivate var files: String {
    switch self {
    case .wordPiece: "tokenizer.json or vocab.txt"
    case .byteLevel: "tokenizer.json, or vocab.json with merges.txt"
    case .anyFile: "tokenizer.json"
    }
  }
}
