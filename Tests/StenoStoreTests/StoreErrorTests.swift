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
        for (reason, line) in lines + Self.keyLines { #expect(StoreError(reason, "x").description == line) }
    }

    private static let keyLines: [(StoreError.Reason, String)] = [
        (
            .key(.absent(keys: "/k")),
            "'x' is sealed, and its key is not in '/k'. Was it deleted? Else bring the key from where it was made."
        ),
        (
            .key(.otherMaster(master: "/m")),
            "'x' is sealed with another master key than '/m'. Put back the one that it was made with."
        ),
        (
            .key(.damaged(file: "/k/x")),
            "'x' is sealed, and the file with its key is damaged. Put back '/k/x' from a backup."
        ),
        (
            .key(.masterAbsent),
            "Recordings are sealed with the master key 'x', which is not there. Put it back from a backup."
        ),
        (.key(.exposed(mode: 0o640)), "Others can read the master key 'x' (mode 0640). Run: chmod 600 'x'"),
        (.key(.foreignOwner), "The master key 'x' belongs to another user. Make it yours with chown."),
        (
            .key(.malformed),
            "'x' is no master key: 64 hexadecimal digits are expected. Put back the right file."
        ),
        (.key(.unreadable(13)), "The master key 'x' cannot be read (error 13). See whose it is."),
        (
            .key(.nowhere),
            "There is no place for the master key of recordings. Set HOME or XDG_CONFIG_HOME, or give x."
        ),
    ]

    @Test("Only names that lead nowhere else are names of recordings")
    func names() {
        for name in ["20261122-004100-abcdefgh", "a", "A.b_c-9"] { #expect(RecordingPlace.isName(name)) }
        for name in ["", ".", "..", ".hidden", "a/b", "a b", "a\0", "é", String(repeating: "a", count: 101)] {
            #expect(!RecordingPlace.isName(name))
        }
    }
}
