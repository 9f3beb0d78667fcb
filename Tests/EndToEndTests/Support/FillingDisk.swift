import Foundation
import StenoTesting

/// A disk for the built program that has as much room as a test says: `Tests/FaultyDisk`, preloaded.
final class FillingDisk: Sendable {
    private let folder = TemporaryFolder()

    /// - Parameter room: bytes it has at first.
    init(room: Int) { self.setRoom(room) }

    /// The program keeps its recordings here.
    var home: String { self.folder.path("home") }

    var environment: [String: String] {
        [
            "STENO_HOME": self.home, "LD_PRELOAD": Self.library, "FAULTY_DISK_FOLDER": self.home,
            "FAULTY_DISK_CONTROL": self.folder.path("room"),
        ]
    }

    /// Counted for what is written from the start of the program on.
    func setRoom(_ bytes: Int) {
        let draft = self.folder.write(Array("\(bytes)".utf8), to: "room.new")
        rename(draft, self.folder.path("room"))
    }

    /// The build puts it beside the program that runs the tests.
    private static let library = URL(filePath: StenoProgram.binary).deletingLastPathComponent()
        .appending(path: "libfaulty_disk.so").path
}
