import FoundationEssentials
import Steno
import StenoCore
import Testing

@Suite("Settings: the annotated example")
struct SettingsSampleTests {
    private static let sample: String = {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
        return (try? String(contentsOf: URL(filePath: "\(root)/samples/config/steno.yaml"), encoding: .utf8)) ?? ""
    }()

    /// A line that is a setting switched off by a `#` without a space.
    private static func isSwitchedOff(_ line: Substring) -> Bool {
        let words = line.drop { $0 == " " }
        return words.first == "#" && words.dropFirst().first?.isLetter == true
    }

    private static func enabled(_ choose: (Substring) -> Bool) -> String {
        Self.sample.split(separator: "\n", omittingEmptySubsequences: false)
            .map {
                Self.isSwitchedOff($0) && choose($0)
                    ? String($0).replacing("#", with: "", maxReplacements: 1) : String($0)
            }
            .joined(separator: "\n")
    }

    @Test("It loads as it is, and changes nothing")
    func loads() throws {
        let plain = try SettingsFixture()
        let fixture = try SettingsFixture()
        try fixture.configure(Self.sample)
        let before = try plain.load().report.map { "\($0.key) \($0.value ?? "-")" }
        let after = try fixture.load().report.map { "\($0.key) \($0.value ?? "-")" }
        #expect(
            after.map { $0.replacing(fixture.home, with: "~") } == before.map { $0.replacing(plain.home, with: "~") }
        )
    }

    @Test("With every example switched on it loads too, and then every setting is set")
    func loadsEnabled() throws {
        let fixture = try SettingsFixture()
        try fixture.configure(Self.enabled { !$0.contains("-file: ~/") })
        let settings = try fixture.load()
        for line in settings.report {
            guard case .configuration = line.origin else {
                Issue.record("the example lacks \(line.key.rawValue)")
                continue
            }
        }
    }

    @Test("The key files it names are read")
    func loadsKeyFiles() throws {
        let fixture = try SettingsFixture()
        try fixture.configure(Self.enabled { $0.contains("-file: ~/") })
        for name in [
            "juvoly-api-key", "invox-app-id", "invox-api-key", "connectvets-api-key", "nxvet-api-key",
            "nxvet-webhook-secret",
        ] {
            try fixture.write("key-in-file\n", to: ".config/steno/\(name)")
        }
        let secrets = try fixture.load().report.filter { $0.value == "‹redacted›" }
        #expect(secrets.count == 6)
    }
}
