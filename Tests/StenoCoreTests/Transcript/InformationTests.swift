import StenoCore
import Testing

@Suite("Information")
struct InformationTests {
    private let whole = Information(
        codings: [
            .init(system: "icpc", code: "L03", description: "lage rug"),
            .init(system: "snomed", code: "0123", description: "rugpijn"),
        ],
        resources: [.init(link: "https://example.org/rug", description: "", origin: "Thuisarts")],
        measurements: [.init(description: "bloeddruk", value: "140/90", unit: "mmHg")]
    )

    @Test("A snapshot and additions give the same")
    func snapshotOrAdditions() {
        var snapshots = Information()
        snapshots.merge(Information(codings: Array(self.whole.codings.prefix(1))))
        snapshots.merge(self.whole)
        snapshots.merge(self.whole)

        var additions = Information()
        for coding in self.whole.codings { additions.merge(Information(codings: [coding])) }
        additions.merge(Information(resources: self.whole.resources))
        additions.merge(Information(measurements: self.whole.measurements))
        #expect(snapshots == self.whole)
        #expect(additions == self.whole)
    }

    @Test("Codings are the same by system and code, resources by link, measurements by all of it")
    func identity() {
        var information = self.whole
        information.merge(
            Information(
                codings: [.init(system: "icpc", code: "L03", description: "anders")],
                resources: [.init(link: "https://example.org/rug", description: "anders", origin: "NHG")],
                measurements: [.init(description: "bloeddruk", value: "140/90", unit: "mmHg")]
            )
        )
        #expect(information == self.whole)
        information.merge(
            Information(
                codings: [
                    .init(system: "snomed", code: "L03", description: ""),
                    .init(system: "snomed", code: "123", description: ""),
                ],
                measurements: [.init(description: "bloeddruk", value: "120/80", unit: "mmHg")]
            )
        )
        #expect(information.codings.map(\.code) == ["L03", "0123", "L03", "123"], "zeros in front matter")
        #expect(information.measurements.count == 2)
    }

    @Test("What one message repeats is kept once")
    func repeated() {
        var information = Information()
        information.merge(Information(codings: [self.whole.codings[0], self.whole.codings[0]]))
        #expect(information.codings.count == 1)
    }

    @Test("A service that never stops is kept up to a bound, at a cost that does not explode")
    func bounded() {
        var information = Information()
        for round in 0..<3 {
            information.merge(
                Information(
                    codings: (0..<40_000).map { .init(system: "s\(round)", code: "\($0)", description: "") }
                )
            )
        }
        #expect(information.codings.count == Information.limit)
        #expect(information.codings.first?.system == "s0")
    }
}
