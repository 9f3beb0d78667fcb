import StenoAudio
import StenoCore
package import StenoHandoff
package import StenoStore

/// What a stored recording has to hand over.
package struct StoredMaterial: Sendable {
    /// Whether anything can be handed over now.
    package enum Readiness: Hashable, Sendable {
        case ready
        /// Nothing was said: there is nothing to make a note of.
        case silent(reason: String)
        /// Its text is not whole; it is finished first.
        case notYet(reason: String)
    }

    package let place: RecordingPlace
    private let spoolFolder: String

    /// - Parameter spoolFolder: where decoded audio of a file that it refers to is kept.
    package init(_ place: RecordingPlace, spoolFolder: String) {
        self.place = place
        self.spoolFolder = spoolFolder
    }

    package func readiness() throws(StoreError) -> Readiness {
        let info = try RecordingInfo(self.place)
        // Who has no audio was written, not spoken.
        if info.end == .zero, info.utterances > 0 { return .ready }
        if info.needsText {
            return .notYet(reason: "Its text is not whole yet. First: steno deliver \(self.place.id) --to transcript")
        }
        let hasSpeech = info.coverage?.confirmed.isEmpty == false
        return hasSpeech ? .ready : .silent(reason: "Nothing was said.")
    }

    package var material: DeliveryMaterial {
        DeliveryMaterial(audio: { try await self.audio() }, transcript: { try self.transcript() })
    }

    private func audio() async throws -> any SampleSource {
        let reader = try RecordingReader(self.place)
        let info = reader.info
        if let file = info.description.reference {
            if await FileContent.isUnchanged(file) {
                return try AudioFile.open(file.path, spoolFolder: self.spoolFolder)
            }
            guard info.hasAudio else { throw AudioError(.readFailed, path: self.place.id, cause: "moved") }
        }
        return reader
    }

    private func transcript() throws(StoreError) -> SpokenText {
        let reader = try RecordingReader(self.place)
        return SpokenText(
            text: try reader.utterances().map(\.text).joined(separator: "\n"),
            covers: reader.info.end.seconds,
            isPartial: reader.info.needsText
        )
    }
}

extension DeliveryServices {
    /// What is worked on for a delivery of a stored recording.
    package enum Preparation: Sendable {
        case item(DeliveryItem)
        /// It was brought to its end, because there is nothing to hand over.
        case skipped(reason: String)
        /// It cannot be worked on now.
        case notYet(reason: String)
    }

    /// - Throws: what is missing to use its target, or why the recording cannot be read.
    package func prepare(
        _ delivery: RecordingDelivery,
        in place: RecordingPlace,
        tell: @escaping @Sendable (DeliveryNews) -> Void = { _ in }
    ) throws -> Preparation {
        guard delivery.target != SummaryKind.soep.rawValue else {
            return .notYet(reason: "It is made by hearing the recording again: steno deliver \(place.id) --to soep")
        }
        if let realm = self.realm(of: delivery.target), realm != delivery.realm {
            return .notYet(reason: "It belongs to \(delivery.realm), and the settings lead to \(realm).")
        }
        let stored = StoredMaterial(place, spoolFolder: self.settings.storage.home.value + "/spool")
        // What was sent once is looked for, whatever became of the text since.
        if delivery.memory.attempts == 0 {
            switch try stored.readiness() {
            case .ready: break
            case .silent(let reason):
                let book = DeliveryBook(place)
                if var whole = try book.delivery(delivery.id) {
                    (whole.closing, whole.reason) = (.skipped, reason)
                    try book.store(whole)
                }
                return .skipped(reason: reason)
            case .notYet(let reason): return .notYet(reason: reason)
            }
        }
        if delivery.memory.attempts == 0 {
            let info = try RecordingInfo(place)
            do {
                // The first of its parts; the others are found beside it from now on.
                _ = try DeliveryBook(place).divide(
                    delivery,
                    self.settings.connectVets,
                    end: info.end,
                    speech: info.memory?.speech.spans ?? []
                )
            } catch let refusal as UploadRefusal {
                return .notYet(reason: refusal.description)
            }
        }
        return .item(
            DeliveryItem(
                id: delivery.id,
                target: try self.target(delivery.target, stored.material),
                keeper: BookedDelivery(DeliveryBook(place), id: delivery.id, target: delivery.target),
                tell: tell
            )
        )
    }
}
