import Glibc
import Steno
import StenoTesting
import Testing

@Suite("Visit file")
struct VisitFileTests {
    private let folder = TemporaryFolder()

    private func path(_ content: String, mode: mode_t = 0o600) -> String {
        let path = self.folder.write(Array(content.utf8), to: "visit.json")
        chmod(path, mode)
        return path
    }

    private func mistake(_ content: String, mode: mode_t = 0o600) -> String? {
        do {
            _ = try VisitFile.read(self.path(content, mode: mode))
            return nil
        } catch {
            return error.description.replacing(self.folder.path, with: "~")
        }
    }

    @Test("Everything that can be said about a visit is read")
    func everything() throws {
        let details = try VisitFile.read(
            self.path(#"{"name":"Bella","gender":"female","external_id":"v-7","metadata":{"ward":"3","bed":"b"}}"#)
        )
        #expect(details.name == "Bella")
        #expect(details.gender == .female)
        #expect(details.externalID == "v-7")
        #expect(details.metadata.map(\.key) == ["ward", "bed"])
        #expect(details.metadata.map(\.value) == ["3", "b"])
    }

    @Test("A name is enough")
    func nameOnly() throws {
        let details = try VisitFile.read(self.path(#"{"name":"Bella"}"#))
        #expect(details == VisitDetails(name: "Bella", gender: .unidentified))
    }

    @Test(
        "A mistake is named by file and field, and what the field holds is not repeated",
        arguments: [
            ("", "~/visit.json: it is no JSON object. Write {\"name\": \"…\"}."),
            ("[1]", "~/visit.json: it is no JSON object. Write {\"name\": \"…\"}."),
            ("{}", "~/visit.json: name: a text of 1 to 100 characters is needed."),
            (#"{"name":""}"#, "~/visit.json: name: a text of 1 to 100 characters is needed."),
            (#"{"name":7}"#, "~/visit.json: name: a text of 1 to 100 characters is needed."),
            (#"{"name":"Q","gender":"dog"}"#, "~/visit.json: gender: use male, female or unidentified."),
            (
                #"{"name":"Q","external_id":7}"#,
                "~/visit.json: external_id: a text of at most 100 characters is needed."
            ),
            (#"{"name":"Q","metadata":[]}"#, "~/visit.json: metadata: an object of texts is needed."),
            (#"{"name":"Q","metadata":{"a":1}}"#, "~/visit.json: metadata: every value must be a text."),
        ]
    )
    func mistakes(content: String, text: String) {
        #expect(self.mistake(content) == text)
    }

    @Test("A name of more than 100 characters is refused")
    func longName() {
        let name = String(repeating: "a", count: 101)
        #expect(self.mistake(#"{"name":"\#(name)"}"#)?.contains(name) == false)
    }

    @Test("A file that others can read is refused")
    func exposed() {
        #expect(self.mistake(#"{"name":"Q"}"#, mode: 0o644)?.contains("others can read it (mode 0644)") == true)
    }

    @Test("A file that is not there is named")
    func missing() {
        #expect(throws: SettingsError("\(self.folder.path("none.json")): there is no such file.")) {
            try VisitFile.read(self.folder.path("none.json"))
        }
    }
}
