import Glibc
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Delivery book")
struct DeliveryBookTests {
    private let fixture = RecordingFixture()

    private static func delivery(_ id: String = "d-1", target: String = "connectvets") -> StoredDelivery {
        StoredDelivery(
            id: id,
            target: target,
            realm: "https://notes.example",
            externalID: "visit 7",
            order: Array(#"{"name":"Bella"}"#.utf8),
            begun: 5
        )
    }

    private var library: RecordingLibrary { RecordingLibrary(home: self.fixture.folder.path) }

    @Test("What is stored is read as it was, while the recording is written and when it is one file")
    func roundTrip() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.indexed(0..<4_000), at: .zero)
        let book = DeliveryBook(writer.place) { 9 }
        var delivery = Self.delivery()
        delivery.memory.stage = .parked(.exhausted)
        delivery.memory.attempts = 3
        delivery.memory.missed = .milliseconds(12_345)
        delivery.memory.isUncertain = true
        delivery.memory.note = "n-1"
        delivery.memory.duplicates = 2
        delivery.reason = "It is too late."
        delivery.result = [1, 2, 3]
        try book.store([delivery, Self.delivery("d-2", target: "invox")])
        delivery.changed = 9
        #expect(try book.delivery("d-1") == delivery)
        try writer.append(Signal.indexed(4_000..<8_000), at: SamplePosition(frames: 4_000))
        try writer.conclude(isComplete: false)
        delivery.memory.stage = .done
        try book.store(delivery)
        #expect(try book.all().map(\.id) == ["d-1", "d-2"])
        #expect(try book.delivery("d-1") == delivery)
        #expect(try book.summaries().first == delivery.summary)
        #expect(try RecordingVerification(writer.place).isSound)
        #expect(TemporaryFolder.names(in: writer.place.folder).sorted() == ["deliveries", "recording.sqlite"])
    }

    @Test("A delivery is stored in a recording that its writer left, and the recording is as recoverable as before")
    func left() throws {
        var writer: RecordingWriter? = try self.fixture.writer()
        let place = try #require(writer?.place)
        try writer?.append(Signal.indexed(0..<8_000), at: .zero)
        writer = nil
        try DeliveryBook(place).store(Self.delivery())
        #expect(try self.library.recover(place).end.frames == 8_000)
        #expect(try DeliveryBook(place).all().map(\.id) == ["d-1"])
    }

    @Test("What is asked for and what came back is sealed, and opens nowhere else")
    func sealed() throws {
        let writer = try self.fixture.sealedWriter()
        var delivery = Self.delivery()
        delivery.result = Array("Bella limps.".utf8)
        try DeliveryBook(writer.place).store([delivery, Self.delivery("d-2")])
        try writer.conclude(isComplete: false)
        let file = try #require(PrivateFiles.content(of: writer.place.file(part: 1), limit: 1 << 22))
        let text = String(decoding: file, as: UTF8.self)
        #expect(!text.contains("Bella") && !text.contains("visit 7"))
        #expect(try DeliveryBook(writer.place).delivery("d-1")?.order == delivery.order)
        // A row that was moved to another delivery.
        try self.fixture.change(
            writer.place,
            "UPDATE deliveries SET wish = (SELECT wish FROM deliveries WHERE delivery = 'd-1') WHERE delivery = 'd-2'"
        )
        #expect(try DeliveryBook(writer.place).delivery("d-2")?.order == [])
        // Without the key it can still be told what waits.
        let bare = try RecordingPlace(path: writer.place.folder)
        #expect(try DeliveryBook(bare).summaries().count == 2)
        #expect(throws: StoreError.self) { try DeliveryBook(bare).all() }
    }

    @Test("A start finds what waits by its mark, and not what is done, skipped or dropped")
    func waiting() throws {
        try self.fixture.recorded("done", frames: 4_000)
        let place = try self.fixture.recorded("waits", frames: 4_000, isComplete: false)
        let book = DeliveryBook(place)
        var (one, two, three) = (Self.delivery("d-1"), Self.delivery("d-2"), Self.delivery("d-3"))
        try book.store([one, two, three])
        #expect(self.library.waitingDeliveries().map(\.delivery.id) == ["d-1", "d-2", "d-3"])
        one.memory.stage = .done
        two.closing = .skipped
        try book.store([one, two])
        #expect(self.library.waitingDeliveries().map(\.delivery.id) == ["d-3"])
        #expect(place.isMarkedWaiting)
        three.closing = .dropped
        try book.store(three)
        #expect(!place.isMarkedWaiting)
        #expect(self.library.waitingDeliveries().isEmpty)
    }

    @Test("A mark that a crash left is taken away, and one that stands for something is not")
    func staleMark() throws {
        let place = try self.fixture.recorded("stale", frames: 4_000)
        let mark = open("\(place.folder)/deliveries", O_CREAT | O_WRONLY, 0o600)
        close(mark)
        #expect(self.library.waitingDeliveries().isEmpty)
        #expect(!place.isMarkedWaiting)
    }

    @Test("What is not delivered is never removed by age, and the last delivery makes a recording complete")
    func retention() throws {
        let place = try self.fixture.recorded("old", frames: 4_000, isComplete: false)
        let book = DeliveryBook(place)
        var delivery = Self.delivery()
        delivery.memory.stage = .parked(.refused)
        try book.store(delivery)
        let later = RecordingFixture.begun + 400 * 86_400_000
        for days in 0..<3 {
            #expect(self.library.removeExpired(olderThan: 30, now: later + Int64(days) * 86_400_000).isEmpty)
        }
        #expect(try !RecordingInfo(place).isComplete)
        delivery.memory.stage = .done
        try book.store(delivery)
        #expect(try RecordingInfo(place).isComplete == !RecordingInfo(place).needsText)
    }

    @Test("Two never hand the same over at once, and the lock ends with who held it")
    func lock() throws {
        let place = try self.fixture.recorded(frames: 4_000)
        do {
            let lock = try DeliveryLock(place, target: "connectvets/2")
            #expect(throws: StoreError(.inUse(process: getpid()), place.id)) {
                try DeliveryLock(place, target: "connectvets/2")
            }
            let other = try DeliveryLock(place, target: "invox")
            withExtendedLifetime((lock, other)) {}
        }
        _ = try DeliveryLock(place, target: "connectvets/2")
        #expect(TemporaryFolder.names(in: place.folder).allSatisfy { !$0.hasPrefix("delivering") })
    }

    @Test("A recording of the first or second format is read, and its deliveries are taken over", arguments: [1, 2])
    func earlierFormats(format: Int) throws {
        let place = try self.fixture.format(format)
        let before = try RecordingInfo(place)
        #expect(before.schema == format)
        if format == 2 { #expect(before.deliveries.map(\.state) == ["done"]) }
        try DeliveryBook(place).store(Self.delivery())
        let after = try RecordingInfo(place)
        #expect(after.schema == RecordingSchema.version)
        #expect(after.deliveries.filter { $0.id != "d-1" } == before.deliveries)
        #expect(try DeliveryBook(place).all().last?.order == Self.delivery().order)
        #expect(try RecordingVerification(place).isSound)
    }

    @Test("What a newer program made is read and not changed")
    func newer() throws {
        let place = try self.fixture.recorded(frames: 4_000)
        try DeliveryBook(place).store(Self.delivery())
        try self.fixture.change(place, "UPDATE meta SET value = 99 WHERE key = 'schema'")
        #expect(try DeliveryBook(place).summaries().count == 1)
        #expect(throws: StoreError(.newer(schema: 99), place.id)) {
            try DeliveryBook(place).store(Self.delivery("d-2"))
        }
        #expect(try DeliveryBook(place).summaries().count == 1)
    }

    @Test("A recording takes so many deliveries and no more")
    func bound() throws {
        let place = try self.fixture.recorded(frames: 4_000)
        let many = (0..<DeliveryBook.limit).map { Self.delivery("d-\($0)") }
        try DeliveryBook(place).store(many)
        #expect(throws: StoreError.self) { try DeliveryBook(place).store(Self.delivery("one more")) }
        #expect(try DeliveryBook(place).summaries().count == DeliveryBook.limit)
    }

    @Test("The newest note of a content is found, in its realm only")
    func delivered() throws {
        var description = self.fixture.description("one")
        description.content = "c0ffee"
        let writer = try RecordingWriter(description, in: self.fixture.recordings)
        try writer.conclude(isComplete: true)
        var delivery = Self.delivery(target: "connectvets/2")
        delivery.memory.stage = .done
        delivery.memory.note = "n-7"
        try DeliveryBook(writer.place).store(delivery)
        func note(_ content: String, _ realm: String) -> String? {
            self.library.delivered(content: content, target: "connectvets", realm: realm)?.note
        }
        #expect(note("c0ffee", delivery.realm) == "n-7")
        #expect(note("c0ffee", "sandbox") == nil)
        #expect(note("beef", delivery.realm) == nil)
    }
}
