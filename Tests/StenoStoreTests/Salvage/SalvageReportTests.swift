import Testing

@testable import StenoStore

@Suite("Salvage report")
struct SalvageReportTests {
    @Test("A report reads as it was written, and whatever else stands there is no report")
    func report() {
        let text = "audio 152 damaged, utterances 12"
        let report = SalvageReport(text: text)
        #expect(report.text == text && report.isDamaged("audio") && !report.isDamaged("utterances"))
        for other in ["", ",", "audio", "audio -1", "audio 99999999999999999999", "x y z"] {
            #expect(SalvageReport(text: other).tables.isEmpty)
        }
        #expect(SalvageReport(text: String(repeating: "a 1,", count: 1_000)).tables.count == 32)
    }
}
