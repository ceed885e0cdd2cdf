/// Values that cause errors in readers: extreme numbers, texts that control a terminal, patterns with exponential time.
enum HostileValues {
  /// Integers at the limits of types, as text.
  static let integers = [
    "0", "-0", "1", "-1", "2", "3", "7", "8", "127", "128", "255", "256", "32767", "65535", "65536", "16777216",
    "2147483647",
    "2147483648", "-2147483648", "4294967295", "4294967296", "9007199254740993", "2305843009213693952",
    "4611686018427387904", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "1000000", "100000000", "99999999999999999999",
    "1000000000000000000000000000000",
  ]
  /// Other numbers, some of them invalid.
  static let numbers =
    integers + [
      "1e308", "-1e308", "1.7976931348623157e308", "1e309", "1e999", "-1e999", "5e-324", "1e-400", "3.5e38", "9.3e18",
      "-9.3e18",
      "0.5", "1.0", "1e3", "1E+2", "0.1e1", "00", "01", "0x10", ".5", "5.", "+1", "NaN", "nan", "Infinity", "-Infinity",
      "1_000",
    ]
  /// Texts.
  static let texts: [String] = [
    "", " ", "\t", "\n", "\r", "\r\n", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{2029}",
    "\u{202E}",
    "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{FFFF}", "\u{E000}", "\u{10FFFF}", "e\u{301}", "\u{E9}", "\u{130}", "\u{DF}",
    "\u{1F600}",
    "-1", "NaN", "null", "true", "../../etc/passwd", "/dev/zero", "/dev/stdin", "/", ".", "..", "a/b", "%s%n%d",
    "<script>", "=1+1",
    "&amp;", "'", "\"", "\\", "`", "$(x)", "[UNK]", "[CLS]", "[SEP]", "[PAD]", "<s>", "</s>", "<mask>", "##", "##a",
    "\u{120}", "F32",
    "F16", "BF16", "I8", "I64", "BOOL", "F8_E4M3", "*", "**", "*.*", "role:query", "role:", "{0-99999999}",
    "{0-9223372036854775807}",
    "{1-2", "{5-1}", "{}", "|", "a|b|", "(", "(a+)+$", "(.*)*", "a{1000}", "a{1000000}", "((a{100}){100}){100}",
    "[z-a]", "\\d", "^$",
    "bert", "distilbert", "roberta", "lora", "LORA", "gelu", "relu", "all", "none", "lora_only", "all-linear", "int8",
    "adapters.",
    String(repeating: "a", count: 5000), String(repeating: "\u{1F600}", count: 50), String(repeating: "a.", count: 300),
    String(repeating: "(", count: 300), String(repeating: "9", count: 40), String(repeating: "*.", count: 40),
  ]
  /// Integers at the limits of types, for binary fields.
  static let bits: [UInt64] = [
    0, 1, 2, 7, 8, 9, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 100_000_000,
    100_000_001,
    1 << 32, 1 << 53, 1 << 62, .max >> 1, 1 << 63, .max - 7, .max,
  ]
  /// Floats as bits: NaN, infinity, the largest, the smallest, 1, 0.
  static let floats: [UInt32] = [
    0x7FC0_0000, 0xFFC0_0001, 0x7F80_0000, 0xFF80_0000, 0x7F7F_FFFF, 0xFF7F_FFFF, 1, 0x8000_0000, 0x3F80_0000, 0,
  ]
  /// Fragments of all supported text formats.
  static let fragments: [[UInt8]] =
    [
      "\0", "\n", "\r", "\r\n", "\r\r\n", "\t", " ", "\"", "'", "{", "}", "[", "]", "(", ")", ",", ":", ": ", "- ", ";",
      "|", "&a ", "*a",
      "<<: ", "!!binary ", "---\n", "...\n", "? ", "%", "#", "# ", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800", "\\x",
      "null", "true",
      "99999999999999999999", "-1", "1e999", "{\"a\":", "[[[[[[[[", "]]]]", "\u{2028}", "\u{202E}", "\u{FEFF}", "/*",
      "//",
    ].map { Array($0.utf8) } + [
      [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE],
      Array(repeating: 0, count: 64), Array(repeating: 0x61, count: 3000), Array(repeating: 0x5B, count: 2000),
    ]
}
