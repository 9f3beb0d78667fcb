import Steno
import Testing

@Suite("Recording id")
struct RecordingIDTests {
    @Test("An id is the time, for people, and eight characters that nobody confuses")
    func form() {
        #expect(RecordingID.make().wholeMatch(of: /20\d{6}-\d{6}-[2-9a-hjkmnp-z]{8}/) != nil)
    }

    @Test("No two are the same")
    func unique() {
        #expect(Set((0..<1_000).map { _ in RecordingID.make() }).count == 1_000)
    }
}
