import GraftAdapterFiles
import GraftHarness
import GraftSupport

/// The settings that `graft init` chooses for a data file, for the commands that need them.
struct Starter {
  let inspection: DataInspection
  let roles: DataRoles
  let report: DataReport
  let configuration: StarterConfiguration
  /// Whether the base is in the cache, or a folder.
  let isBaseCached: Bool

  /// Reads the data and chooses the settings.
  ///
  /// - Parameters:
  ///   - inspection: The data.
  ///   - roles: The roles of its columns.
  ///   - base: The base.
  ///   - method: The method's name.
  init(_ inspection: DataInspection, roles: DataRoles, base: String?, method: String?) throws {
    let registries = Graft.registries()
    let method = method ?? "lora"
    _ = try registries.methods.description(of: method)
    let base = base ?? "all-MiniLM-L6-v2"
    let folder = try? BaseLocator().folder(of: base)
    self.inspection = inspection
    self.roles = roles
    report = try DataReport(inspection, roles: roles, objectives: registries.objectives)
    isBaseCached = folder != nil
    configuration = StarterConfiguration(
      inspection, report: report, roles: roles, base: base,
      width: try folder.map { try registries.families.model(inFolder: $0).family.configuration.hiddenWidth },
      method: method, name: inspection.name)
  }

  /// Checks that training can read the data, which is stricter than the inspection.
  ///
  /// - Throws: The error that training would throw.
  func checkData() throws {
    let file = try ConfigurationFile(text: configuration.text, path: inspection.path)
    _ = try ExperimentData(file.decode(ExperimentConfiguration.self, registries: Graft.registries()))
  }
}
