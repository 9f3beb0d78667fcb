import Testing

@testable import StenoEngine

@Suite("Engine manifest")
struct EngineManifestTests {
    @Test("Each line is a sum, a size, a time and a name")
    func parsed() {
        let manifest = EngineManifest(parsing: "aa 10 1795297407768095380 one.so\nbb 20 5 two.ort\n")
        #expect(
            manifest?.entries == [
                "one.so": .init(sum: "aa", size: 10, changed: 1_795_297_407_768_095_380),
                "two.ort": .init(sum: "bb", size: 20, changed: 5),
            ]
        )
    }

    @Test(
        "A line of another form spoils the whole manifest",
        arguments: [
            "aa 10 5", "aa 10 5 name more", "aa ten 5 name", "aa 10 99999999999999999999 name", "aa  10 5 name",
            "aa 10 5 name\nbb 10 5 name",
        ]
    )
    func malformed(text: String) {
        #expect(EngineManifest(parsing: text) == nil)
    }
}
