/// Formats `1234567` as `1,234,567`.
package func grouped(_ number: Int) -> String {
  var digits = "\(number.magnitude)"
  for place in stride(from: digits.count - 3, to: 0, by: -3) {
    digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
  }
  return number < 0 ? "-\(digits)" : digits
}
