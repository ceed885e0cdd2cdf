/// Calls `body` with every word; words are separated by white space, and each punctuation mark is a word.
///
/// Matches `BertPreTokenizer` of `tokenizers`.
package func forEachWord(of text: ArraySlice<Unicode.Scalar>, _ body: (ArraySlice<Unicode.Scalar>) -> Void) {
  var start = text.startIndex
  for index in text.indices {
    let scalar = text[index]
    let isMark = scalar.isPunctuationMark
    guard isMark || scalar.separatesWords else { continue }
    if start < index { body(text[start..<index]) }
    if isMark { body(text[index...index]) }
    start = index + 1
  }
  if start < text.endIndex { body(text[start...]) }
}
