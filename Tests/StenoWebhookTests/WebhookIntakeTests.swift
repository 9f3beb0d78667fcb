import StenoCore
import StenoStore
import StenoTesting
import StenoWebhook
import Testing

@Suite("Taking webhook deliveries")
struct WebhookIntakeTests {
    private static let label = #"{"type":"new_label","data":{"labelId":"label-1"}}"#

    private static func waiting(_ store: EventStore, _ clock: StillClock) async throws -> [StoredEvent] {
        try await store.due(at: clock.now + 120_000, EventPolicy(), limit: 100, except: [])
    }

    @Test("A signed event is kept before it is acknowledged, and is there after a restart")
    func kept() async throws {
        let place = Place()
        do {
            let store = try place.store()
            let intake = try await place.intake(store)
            #expect(await intake.take(Self.label, delivery: "d-1") == 200)
        }
        let events = try await Self.waiting(try place.store(), place.clock)
        #expect(events.map(\.delivery) == ["d-1"])
        #expect(events.map(\.body) == [Array(Self.label.utf8)])
    }

    @Test("What is not signed, or signed twice, or by somebody else, is refused and leaves nothing")
    func forged() async throws {
        let place = Place()
        let store = try place.store()
        let intake = try await place.intake(store)
        let (body, good) = (Signed.body, Signed.header(Signed.body))
        for signatures in [[], [good, good], [""], [Signed.header(body, key: "other")], ["sha256=" + good]] {
            #expect(await intake.take(signatures: signatures, delivery: "d", body: body).status == 401)
        }
        #expect(try await Self.waiting(store, place.clock).isEmpty)
    }

    @Test("The forgery is judged before the JSON, and malformed JSON is refused even when it is signed")
    func malformed() async throws {
        let place = Place()
        let store = try place.store()
        let intake = try await place.intake(store)
        #expect(await intake.take(signatures: ["x"], delivery: nil, body: Array("{".utf8)).status == 401)
        for text in ["{", "[]", "", #"{"data":{}}"#] { #expect(await intake.take(text, delivery: "d") == 400) }
        #expect(try await Self.waiting(store, place.clock).isEmpty)
    }

    @Test("A replay within 7 days is acknowledged and nothing more; a restart does not forget it")
    func replay() async throws {
        let place = Place()
        do {
            let intake = try await place.intake(try place.store())
            #expect(await intake.take(Self.label, delivery: "d-1") == 200)
            #expect(await intake.take(Self.label, delivery: "d-1") == 200)
        }
        let store = try place.store()
        place.clock.advance(seconds: 604_000)
        _ = try await store.restart(at: place.clock.now)
        let intake = try await place.intake(store)
        #expect(await intake.take(Self.label, delivery: "d-1") == 200)
        #expect(try await Self.waiting(store, place.clock).count == 1)
    }

    @Test("An id that is too long, has odd characters, or is missing, takes nothing away from the event")
    func oddIDs() async throws {
        let place = Place()
        let store = try place.store()
        let intake = try await place.intake(store)
        for (number, id) in [nil, "", String(repeating: "x", count: 201), "a b", "é"].enumerated() {
            let text = #"{"type":"new_label","data":{"labelId":"\#(number)"}}"#
            #expect(await intake.take(text, delivery: id) == 200)
        }
        #expect(try await Self.waiting(store, place.clock).map(\.delivery) == [nil, nil, nil, nil, nil])
    }

    @Test("The form of the key that verified first is kept to, also after a restart")
    func pinned() async throws {
        let place = Place()
        let (body, short) = (Signed.body, Signed.header(Signed.body, key: "test_secret"))
        do {
            let intake = try await place.intake(try place.store())
            #expect(await intake.take(Self.label, delivery: "d-1") == 200)
            #expect(await intake.take(signatures: [short], delivery: "d-2", body: body).status == 401)
        }
        let intake = try await place.intake(try place.store())
        #expect(await intake.take(signatures: [short], delivery: "d-2", body: body).status == 401)
    }

    @Test("Only one process receives at a time, and the next may when it has ended")
    func oneProcess() throws {
        let place = Place()
        do {
            let store = try place.store()
            #expect(throws: StoreError.self) { try place.store() }
            withExtendedLifetime(store) {}
        }
        _ = try place.store()
    }

    @Test("A sealed store shows nothing of an event on the disk")
    func sealed() async throws {
        let place = Place()
        let home = place.folder.path("home")
        let vault = RecordingVault(home: home, master: .file(place.folder.path("config/master.key")))
        let store = try place.store(vault: vault)
        let intake = try await place.intake(store)
        #expect(await intake.take(#"{"type":"ping","data":{"name":"canary-name"}}"#, delivery: "d") == 200)
        #expect(
            try await Self.waiting(store, place.clock).first.map { String(decoding: $0.body, as: UTF8.self) }?.contains(
                "canary-name"
            ) == true
        )
        for name in ["events.sqlite", "events.sqlite-wal"] {
            let bytes = place.folder.read("webhooks/\(name)")
            #expect(!String(decoding: bytes, as: UTF8.self).contains("canary-name"))
        }
    }
}
