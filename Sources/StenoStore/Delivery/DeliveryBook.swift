import GRDB
import Glibc
import StenoCore

/// The deliveries of one recording: read and written by any process, also while another one records.
///
/// Each call is one short transaction of its own connection. What `store` was given survives a power cut when it
/// returns. Nobody who only reads needs the recording's key for `summaries`.
package struct DeliveryBook: Sendable {
    /// Deliveries that one recording has at most: what was asked for by a person, with every part of it. More are
    /// refused, so that a loop in a script cannot fill a recording.
    package static let limit = 1_000

    package let place: RecordingPlace
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds since 1970.
    package init(_ place: RecordingPlace, clock: @escaping @Sendable () -> Int64 = WallClock.now) {
        self.place = place
        self.clock = clock
    }

    /// All that were ever asked for, in that order, with what is sealed in them.
    ///
    /// - Throws: also when the recording's key is not here.
    package func all() throws(StoreError) -> [StoredDelivery] {
        var deliveries: [StoredDelivery] = []
        try self.eachFile { database, part in
            let schema = try RecordingSchema.version(of: database)
            let seal = try RowSeal.of(database, in: self.place, part: part).unlocked()
            for delivery in try DeliveryTable.all(in: database, schema: schema, seal) {
                if let known = deliveries.firstIndex(where: { $0.id == delivery.id }) {
                    deliveries[known] = delivery
                } else {
                    deliveries.append(delivery)
                }
            }
        }
        return deliveries
    }

    package func delivery(_ id: String) throws(StoreError) -> StoredDelivery? {
        try self.all().first { $0.id == id }
    }

    /// All that were ever asked for, in that order, as far as it can be told without a key.
    package func summaries() throws(StoreError) -> [RecordingDelivery] {
        try RecordingInfo(self.place).deliveries
    }

    /// Brings deliveries to the disk, new ones and changed ones: all of them or none.
    ///
    /// - Throws: why they are not there. Then nothing that follows from them may be done.
    package func store(_ deliveries: [StoredDelivery]) throws(StoreError) {
        guard let (part, path) = self.place.numberedFiles.last else { throw StoreError(.unknown, self.place.id) }
        guard !deliveries.isEmpty else { return }
        try self.checkWriter(path)
        let file = try Connection.guest(path, name: self.place.id)
        let time = self.clock()
        do {
            try file.inTransaction(.immediate) { database in
                try RecordingSchema.migrate(database, name: self.place.id)
                let seal = try RowSeal.of(database, in: self.place, part: part).unlocked()
                // Before anything says that something waits: the mark may be there for nothing, never the reverse.
                if deliveries.contains(where: \.isOpen) { try self.place.markWaiting() }
                for var delivery in deliveries {
                    delivery.changed = time
                    try DeliveryTable.write(delivery, to: database, seal)
                }
                let count = try database.first("SELECT count(*) FROM deliveries") { $0.integer(0) } ?? 0
                guard count <= Self.limit else { throw DatabaseError(resultCode: .SQLITE_FULL) }
                return .commit
            }
        } catch {
            throw StoreError(error, self.place.id)
        }
        if !deliveries.contains(where: \.isOpen) { try self.settle() }
    }

    package func store(_ delivery: StoredDelivery) throws(StoreError) { try self.store([delivery]) }

    /// When nothing is left to do: takes the mark away, and says so in a recording that had waited for nothing else.
    func settle() throws(StoreError) {
        guard let (_, path) = self.place.numberedFiles.last else { return }
        let file = try Connection.guest(path, name: self.place.id)
        do {
            // Nobody adds a delivery while this is held, so nobody's mark is taken away.
            try file.inTransaction(.immediate) { database in
                let info = try RecordingInfo(self.place)
                guard !info.deliveries.contains(where: \.isOpen) else { return .rollback }
                self.place.unmarkWaiting()
                guard info.state == .finished, !info.isComplete, !info.needsText,
                    try RecordingInfo.number("finished", in: database) != nil
                else { return .rollback }
                try database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('complete', 1)")
                return .commit
            }
        } catch {
            throw StoreError(error, self.place.id)
        }
    }

    /// A program that knows less than this one must not find its tables changed under its hands.
    private func checkWriter(_ path: String) throws(StoreError) {
        guard case .process(let process) = WriterLock.holder(of: self.place) else { return }
        guard try RecordingInfo(self.place).schema >= RecordingSchema.version else {
            throw StoreError(.inUse(process: process), self.place.id)
        }
    }

    private func eachFile(_ body: (Database, Int) throws -> Void) throws(StoreError) {
        let files = self.place.numberedFiles
        guard !files.isEmpty else { throw StoreError(.unknown, self.place.id) }
        for (part, path) in files {
            let file = try Connection.reader(path, name: self.place.id)
            do {
                try file.inTransaction(.deferred) { database in
                    try body(database, part)
                    return .commit
                }
            } catch {
                throw StoreError(error, self.place.id)
            }
        }
    }
}

extension RecordingPlace {
    /// An empty file that says that something is left to be delivered, so that nobody has to open the recording to know.
    private var waitingMark: String { "\(self.folder)/deliveries" }

    package var isMarkedWaiting: Bool { access(self.waitingMark, F_OK) == 0 }

    /// Survives a power cut when it returns.
    fileprivate func markWaiting() throws(StoreError) {
        guard !self.isMarkedWaiting else { return }
        let descriptor = open(self.waitingMark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(errno: errno, self.id, call: "open") }
        close(descriptor)
        PrivateFiles.settle(self.folder)
    }

    /// If it stays, the next look takes it away.
    fileprivate func unmarkWaiting() { unlink(self.waitingMark) }
}
