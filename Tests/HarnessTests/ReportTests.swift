import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftLoRA
import GraftTestSupport
import Testing

/// What the HTML report shows, and that its text claims no more than its pictures show.
struct ReportTests {
  let task: TinyTask
  let work: TemporaryFolder

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
  }

  /// Compares methods on a file and returns the page.
  private func page(
    _ rows: [String], objective: String = "classification", seeds: String = "[1]",
    training: String = "max_steps: 4, eval_every: 2",
    methods entries: String = "[{name: lora, rank: 2}, {label: other, name: lora, rank: 1}]"
  ) throws -> String {
    try work.write("text\tlabel\n" + rows.joined(separator: "\n") + "\n", to: "tickets.tsv")
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    let text = """
      base: \(task.base.folder.path)
      tasks: [custom]
      objective: \(objective)
      seeds: \(seeds)
      data: {path: \(work.path)/tickets.tsv, text: text, label: label}
      training: {batch_size: 8, log_every: 1, workers: 1, \(training)}
      methods: \(entries)
      output: \(work.path)/compare
      """
    let configuration = try ConfigurationFile(text: text, path: "c.yaml").comparison(
      registries: Registries(methods: methods))
    let results = try Comparison(configuration, locator: BaseLocator(home: work.file("home"))).run()
    #expect(results.failures.isEmpty)
    return try work.read("compare/report.html")
  }

  /// Returns 20 rows for each label.
  private func rows(_ labels: [String]) -> [String] {
    (0..<20 * labels.count).map { "text \($0)\t\(labels[$0 % labels.count])" }
  }

  @Test func `the title names the file, and the page says when and where it was written`() throws {
    let html = try page(rows(["a", "b"]))
    #expect(
      html.contains("<h1>2 methods on tickets.tsv</h1>") && html.contains("<title>2 methods on tickets.tsv</title>"))
    let footer = try #require(html.components(separatedBy: "<footer>").last?.components(separatedBy: "</footer>").first)
    #expect(footer.contains(RunEnvironment.processor.prefix(8)) && footer.contains("graft \(RunEnvironment.version)"))
    #expect(footer.contains("total time of the runs"))
    #expect(
      footer.range(of: "Written 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC on ", options: .regularExpression)
        != nil)
  }

  @Test func `the text claims only what the page shows`() throws {
    let one = try page(rows(["a", "b"]), methods: "[{name: lora, rank: 2}]")
    for claim in [
      "over the seeds", "bands", "Pareto", "once per seed", "consecutive values", "Methods shown", "significant",
    ] {
      #expect(!one.contains(claim), "\(claim)")
    }
    #expect(!one.contains("class=\"band\"") && !one.contains("class=\"front\"") && !one.contains("± "))
    let several = try page(rows(["a", "b"]), seeds: "[1, 2]")
    for claim in [
      "Mean ± standard deviation over the seeds.", "bands: from the lowest", "counts once per seed", "Methods shown",
    ] {
      #expect(several.contains(claim), "\(claim)")
    }
    #expect(several.contains("class=\"band\""))
    #expect(several.contains("Dashed line: Pareto front.") == several.contains("class=\"front\""))
  }

  @Test func `a long curve is averaged, and the page says so`() throws {
    let html = try page(
      rows(["a", "b"]), training: "max_steps: 130, eval_every: 65", methods: "[{name: lora, rank: 2}]")
    #expect(html.contains("Each point is the mean of up to 3 consecutive values."))
    let chart = try #require(html.components(separatedBy: "<figcaption>Training loss</figcaption>").last)
    #expect(chart.components(separatedBy: "</figure>")[0].components(separatedBy: "<title>").count == 1 + 44)
  }

  @Test func `each method has scores per class and a confusion matrix`() throws {
    let html = try page(rows(["a", "<i>b</i>", "c"]))
    // Each method's table has a caption and a label.
    #expect(html.components(separatedBy: "Scores per class of").count == 1 + 2 * 2)
    #expect(html.components(separatedBy: "<table class=\"matrix\">").count == 3)
    #expect(html.contains("&lt;i&gt;b&lt;/i&gt;") && !html.contains("<i>b"))
    let many = try page(rows((0..<24).map { "class \($0)" }))
    #expect(many.contains("The 20 most frequent of 24 classes are listed."))
    #expect(!many.contains("<table class=\"matrix\">") && many.contains("Most frequent confusions"))
  }

  @Test func `regression shows errors and predictions, and its baseline has no correlation`() throws {
    let html = try page(rows(["1", "2.5", "4"]), objective: "regression")
    #expect(html.contains("root mean squared error") && html.contains("Predictions of lora"))
    #expect(html.contains("<th scope=\"row\">mean</th><td>undefined</td>"))
    #expect(
      html.contains("The last row, mean, needs no training: it always predicts the mean of the training examples."))
    #expect(!html.contains("Scores per class"))
  }

  @Test func `a picture has a text alternative, and tables have captions and heads`() throws {
    let html = try page(rows(["a", "b"]))
    let count = { (text: String) in html.components(separatedBy: text).count - 1 }
    #expect(count("role=\"img\" aria-label=\"") == 6 && count("<details class=\"values\">") == 6)
    #expect(count("<table") == count("<caption") && count("<table") > 6)
    #expect(count("<th ") == count("<th scope="))
    #expect(count("<main>") == 1 && count("<h1>") == 1 && html.contains("<html lang=\"en\">"))
  }

  @Test func `colors have contrast and differ for readers with any color vision`() {
    for palette in [ReportStyle.light, ReportStyle.dark] {
      let page = Color(palette.page)
      #expect([palette.text, palette.soft].allSatisfy { Color($0).contrast(to: page) >= 4.5 })
      #expect(palette.methods.allSatisfy { Color($0).contrast(to: page) >= 3 })
      for vision in Color.visions {
        let colors = palette.methods.map { Color($0).seen(with: vision) }
        for (index, color) in colors.enumerated() {
          for other in colors.prefix(index) { #expect(color.distance(to: other) > 20) }
        }
      }
    }
  }

  /// A color as linear red, green, and blue.
  private struct Color {
    let channels: [Double]

    init(_ text: String) {
      let bytes = stride(from: 1, to: 7, by: 2).map { start in
        Double(Int(text.dropFirst(start).prefix(2), radix: 16) ?? 0) / 255
      }
      channels = bytes.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    }

    private init(channels: [Double]) { self.channels = channels }

    private var luminance: Double { 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2] }

    /// The contrast of WCAG 2.
    func contrast(to other: Color) -> Double {
      let both = [luminance, other.luminance].sorted()
      return (both[1] + 0.05) / (both[0] + 0.05)
    }

    /// Normal vision, and without one kind of cone. (Machado et al., "A physiologically-based model for simulation of color vision
    /// deficiency", 2009.)
    static let visions: [[[Double]]] = [
      [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]

    func seen(with vision: [[Double]]) -> Color {
      Color(channels: vision.map { row in max(0, min(1, zip(row, channels).reduce(0) { $0 + $1.0 * $1.1 })) })
    }

    /// The distance in the color space Lab.
    func distance(to other: Color) -> Double {
      zip(lab, other.lab).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
    }

    private var lab: [Double] {
      let x = (0.4124 * channels[0] + 0.3576 * channels[1] + 0.1805 * channels[2]) / 0.9505
      let z = (0.0193 * channels[0] + 0.1192 * channels[1] + 0.9505 * channels[2]) / 1.089
      let scaled = [x, luminance, z].map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16.0 / 116 }
      return [116 * scaled[1] - 16, 500 * (scaled[0] - scaled[1]), 200 * (scaled[1] - scaled[2])]
    }
  }
}
