package import StenoCore
package import StenoStore

/// A stored recording as the events of a run, for every output that a run has.
package enum StoredEvents {
    /// All of it, `recording` first and `end` last.
    ///
    /// - Parameter results: deliveries whose summaries and notes are to be told too.
    /// - Throws: when it cannot be read.
    package static func all(
        of reader: RecordingReader,
        results: [StoredDelivery] = []
    ) throws(StoreError) -> [RunEvent] {
        let info = reader.info
        var events: [RunEvent] = [.recording(Self.header(info))]
        events += try reader.utterances().flatMap(Self.events)
        let information = try reader.information()
        if !information.isEmpty { events.append(.recognition(.information(information))) }
        events += info.gaps.map { .gap($0.span, cause: $0.cause.rawValue) }
        for delivery in info.deliveries {
            let result = results.first { $0.id == delivery.id && delivery.closing == nil }?.result
            events += Self.events(of: delivery, result.flatMap(DeliveryResult.init))
        }
        return events + [.end(Self.end(info))]
    }

    package static func header(_ info: RecordingInfo) -> RecordingHeader {
        RecordingHeader(
            id: info.description.id,
            source: info.description.device ?? info.description.source.rawValue,
            frames: info.end.frames,
            engine: info.description.engine,
            isSandbox: info.description.realm == "sandbox"
        )
    }

    /// As they came: completed, then delivered for reading.
    package static func events(of utterance: Utterance) -> [RunEvent] {
        let delivered = RunEvent.recognition(.transcript(.deliver(utterance)))
        return utterance.isConfirmed ? [.recognition(.transcript(.complete(utterance))), delivered] : [delivered]
    }

    private static func events(of delivery: RecordingDelivery, _ result: DeliveryResult?) -> [RunEvent] {
        var report = DeliveryReport(delivery)
        switch result {
        case .summary(let summary): return [.delivery(report), .summary(summary)]
        case .sections(let sections):
            report.sections = sections
            return [.delivery(report)]
        case nil: return [.delivery(report)]
        }
    }

    /// Of a recording that nobody has listened to, nothing is known to be silent.
    private static func end(_ info: RecordingInfo) -> RunEnd {
        let missing = SpanSet(info.gaps.map(\.span)).frames
        let unheard = CoverageTotals(
            total: info.end.frames,
            confirmed: 0,
            silent: 0,
            unconfirmed: info.end.frames - missing,
            missing: missing,
            sent: 0
        )
        return RunEnd(
            isComplete: info.isComplete,
            totals: info.coverage?.totals ?? unheard,
            unconfirmed: info.coverage?.unconfirmed.spans ?? [],
            settled: []
        )
    }
}
