import Glibc
import StenoCore
package import StenoStore

/// A text that somebody wrote, kept as a recording without audio: then it is handed over as everything else is.
package struct WrittenText: Sendable {
    /// Stands where a recording says who recognised it.
    package static let engine = "text"
    /// Bytes. Far above what a summary is made of; a longer file is a mistake.
    package static let limit = 4 << 20
    /// Lines that are written at once.
    private static let batch = 4_096

    package enum Problem: Error, Hashable, Sendable {
        case unreadable, tooLong, noText, empty
    }

    package let path: String
    private let lines: [Substring]

    /// - Throws: why it is no text.
    package init(path: String) throws(Problem) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable }
            guard count > 0 else { break }
            bytes += block[..<count]
            guard bytes.count <= Self.limit else { throw .tooLong }
        }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .noText }
        guard text.contains(where: { !$0.isWhitespace }) else { throw .empty }
        self.path = path
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        self.lines = lines
    }

    /// - Parameter deliveries: what is to be made of it; nothing is lost of them from then on.
    package func keep(
        in library: RecordingLibrary,
        vault: RecordingVault?,
        realm: String,
        deliveries: [StoredDelivery]
    ) throws -> RecordingPlace {
        let description = RecordingDescription(
            id: RecordingID.make(),
            begun: WallClock.now(),
            engine: Self.engine,
            realm: realm,
            source: .file,
            program: StenoVersion.current,
            wants: deliveries.map(\.target)
        )
        let writer = try RecordingWriter(description, in: library.recordings, vault: vault)
        for (number, line) in self.lines.enumerated() {
            // Ids sort as the lines follow one another, because they all are at the same place.
            let digits = String(number)
            let name = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            let id = Utterance.ID(connection: 0, recogniserID: name)
            writer.keep(.utterance(Utterance(id: id, span: AudioSpan(0..<0), text: String(line), isConfirmed: true)))
            if number % Self.batch == Self.batch - 1 { try writer.settle() }
        }
        try writer.settle()
        try DeliveryBook(writer.place).store(deliveries)
        try writer.conclude(isComplete: false)
        return writer.place
    }
}
