import StenoTesting
import Testing

@testable import StenoStore

@Suite("Store errors")
struct StoreErrorTests {
    @Test("Each says what happened and what to do")
    func words() {
        let lines: [(StoreError.Reason, String)] = [
            (.full, "There is no room for 'x'. Free some space on that disk."),
            (.notPermitted, "'x' may not be written to. See whose it is and whether the disk is read-only."),
            (.gone, "'x' was removed while it was in use. Leave the folder of recordings alone."),
            (.failing, "The disk under 'x' fails. Keep what is on it, and replace it."),
            (.inUse(process: 7), "'x' is being written by process 7. Wait until it has ended."),
            (.inUse(process: nil), "'x' is in use by another program. Wait until it has ended."),
            (
                .newer(schema: 9),
                "'x' was made by a newer steno (format 9). It can be read; to change it, use that steno."
            ),
            (.notARecording, "'x' is no recording of steno. Name one that 'steno recordings list' shows."),
            (.unknown, "There is no recording 'x'. List them with 'steno recordings list'."),
            (.ambiguous(count: 3), "3 recordings begin with 'x'. Give more of the id."),
            (.exists, "A recording 'x' is there already. Nothing is ever written over it."),
        ]
        for (reason, line) in lines { #expect(StoreError(reason, "x").description == line) }
    }

    @Test("Only names that lead nowhere else are names of recordings")
    func names() {
        for name in ["20261122-004100-abcdefgh", "a", "A.b_c-9"] { #expect(RecordingPlace.isName(name)) }
        for name in ["", ".", "..", ".hidden", "a/b", "a b", "a\0", "é", String(repeating: "a", count: 101)] {
            #expect(!RecordingPlace.isName(name))
        }
    }
}
