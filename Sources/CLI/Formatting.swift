import Foundation

/// `1234567` as `1,234,567`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}

/// A number with so many digits behind the point, whatever the locale.
func fixed(_ number: Double, _ digits: Int) -> String {
  String(format: abs(number) < 1e9 ? "%.*f" : "%.*e", digits, number)
}

/// A text set to the right within `width` columns.
func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// A text set to the left within `width` columns.
func filled(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
