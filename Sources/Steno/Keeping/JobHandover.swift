import StenoCore
package import StenoStore

/// What a job is to hand over at its end: what a person asks for now, and what earlier runs left open.
package struct JobHandover: Sendable {
    package private(set) var summaries: [SummaryKind]
    package private(set) var upload: NoteUpload?
    /// What a person has just named.
    package let asked: Set<String>
    private let language: String?

    /// - Parameters:
    ///   - language: ISO 639, of summaries.
    ///   - asked: what a person named, if it is more than there are orders for.
    package init(summaries: [SummaryKind], language: String?, upload: NoteUpload?, asked: Set<String> = []) {
        self.summaries = summaries
        self.language = language
        self.upload = upload
        self.asked = asked.subtracting(["transcript"]).union(
            summaries.map(\.rawValue) + (upload == nil ? [] : [ConnectVetsDelivery.name])
        )
    }

    package var isEmpty: Bool { self.summaries.isEmpty && self.upload == nil }

    /// Everything that was asked for is written down, and what is open already is asked for too.
    ///
    /// - Parameters:
    ///   - again: what is done is made again.
    ///   - refusesDone: what is done and not to be made again is an error.
    ///   - skipping: targets that are left for another time.
    /// - Throws: `AlreadyDelivered`, or why the disk refuses.
    package mutating func settle(
        in book: DeliveryBook,
        _ settings: Settings,
        isSandboxed: Bool,
        again: Bool,
        refusesDone: Bool,
        skipping: Set<String> = []
    ) throws {
        let known = try book.all()
        let recording = known.isEmpty && self.isEmpty ? "" : try RecordingInfo(book.place).description.realm
        var changed: [StoredDelivery] = []
        for (target, order) in self.orders {
            let same = known.filter { Settings.deliveryBase(of: $0.target) == target }
            if var open = same.last(where: \.isOpen) {
                // Nobody has seen it yet, so the later word holds.
                let known = DeliveryOrder(open.order)
                guard open.memory.attempts == 0, known?.part == nil, order != known else { continue }
                open.order = order.bytes
                open.externalID = order.visit?.externalID ?? open.id
                changed.append(open)
            } else if let done = same.last(where: { $0.memory.stage == .done && $0.closing == nil }), !again {
                if refusesDone { throw AlreadyDelivered(target: target, note: done.summary.note) }
            } else {
                changed.append(
                    settings.freshDelivery(target, order, isSandboxed: isSandboxed, recording: recording)
                )
            }
        }
        try book.store(changed)
        self.add(known.filter { $0.isOpen && !skipping.contains($0.target) })
    }

    /// As new deliveries, for a recording that is only being made.
    package func fresh(_ settings: Settings, isSandboxed: Bool, recording: String) -> [StoredDelivery] {
        self.orders.map {
            settings.freshDelivery($0.target, $0.order, isSandboxed: isSandboxed, recording: recording)
        }
    }

    private var orders: [(target: String, order: DeliveryOrder)] {
        let upload = self.upload.map { upload in
            (ConnectVetsDelivery.name, DeliveryOrder(visit: upload.visit, waits: upload.waits))
        }
        return self.summaries.map { ($0.rawValue, DeliveryOrder(language: $0 == .soep ? nil : self.language)) }
            + (upload.map { [$0] } ?? [])
    }

    private mutating func add(_ open: [StoredDelivery]) {
        for delivery in open {
            if let kind = SummaryKind(rawValue: delivery.target), !self.summaries.contains(kind) {
                self.summaries.append(kind)
            }
            guard Settings.deliveryBase(of: delivery.target) == ConnectVetsDelivery.name, self.upload == nil,
                let order = DeliveryOrder(delivery.order), let visit = order.visit
            else { continue }
            self.upload = NoteUpload(visit: visit, waits: order.waits)
        }
    }
}

/// What is asked for is there already.
package struct AlreadyDelivered: Error, Hashable, Sendable {
    package let target: String
    package let note: String?

    package init(target: String, note: String?) {
        self.target = target
        self.note = note
    }
}

extension AlreadyDelivered: CustomStringConvertible {
    package var description: String {
        let note = self.note.map { ": its note is '\($0)'" } ?? ""
        return "\(self.target) has it already\(note). To hand it over once more, add --again."
    }
}
