package import StenoCore
package import StenoStore

/// A stored recording as the events of a run, for every output that a run has.
package enum StoredEvents {
    /// All of it, `recording` first and `end` last.
    ///
    /// - Throws: when it cannot be read.
    package static func all(of reader: RecordingReader) throws(StoreError) -> [RunEvent] {
        let info = reader.info
        var events: [RunEvent] = [.recording(Self.header(info))]
        events += try reader.utterances().flatMap(Self.events)
        let information = try reader.information()
        if !information.isEmpty { events.append(.recognition(.information(information))) }
        events += info.gaps.map { .gap($0.span, cause: $0.cause.rawValue) }
        events += info.deliveries.map { .delivery(DeliveryReport($0)) }
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
