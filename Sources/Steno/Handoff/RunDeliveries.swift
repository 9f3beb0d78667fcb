package import StenoAudio
import StenoCore
import StenoHandoff
package import StenoStore

/// Hands over at the end of a run what was asked for at its beginning: once, with a bounded patience. What is not done by
/// then waits in the recording.
package final class RunDeliveries: TranscriptSummarising, NoteUploading, HandoverKeeping {
    /// Between the tries of one delivery, in sum: what a person at a terminal waits for.
    private static let patience = Duration.seconds(30)

    private let services: DeliveryServices
    private let asked: Set<String>
    private let book: @Sendable () async -> DeliveryBook

    /// - Parameters:
    ///   - asked: targets that a person has just named; what is parked there is taken up again.
    ///   - book: waits until the recording is there.
    package init(
        _ services: DeliveryServices,
        asked: Set<String>,
        book: @escaping @Sendable () async -> DeliveryBook
    ) {
        self.services = services
        self.asked = asked
        self.book = book
    }

    package func summarise(
        _ transcript: TranscriptForSummary,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode {
        let spoken = SpokenText(text: transcript.text, covers: transcript.covers, isPartial: transcript.isPartial)
        let patience = DeliveryPatience(tries: Self.patience, processing: .zero)
        return await self.work(transcript.kind.rawValue, DeliveryMaterial(transcript: spoken), patience, tell)
    }

    package func upload(
        _ upload: NoteUpload,
        _ source: any SampleSource,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode {
        let settings = self.services.settings.connectVets
        let length = Duration.seconds(source.progress.available.seconds)
        if let warning = settings.uploadWarning(seconds: source.progress.available.seconds) { tell(.warning(warning)) }
        let patience = DeliveryPatience(tries: Self.patience, processing: max(settings.wait.value, length * 2))
        return await self.work(ConnectVetsDelivery.name, DeliveryMaterial(audio: source), patience, tell)
    }

    package func skipped(_ target: String, because reason: String) async {
        await self.change(target) { delivery in (delivery.closing, delivery.reason) = (.skipped, reason) }
    }

    package func made(_ summary: WrittenSummary) async {
        await self.change(summary.name) { delivery in
            delivery.memory.stage = .done
            delivery.reason = nil
            delivery.result = DeliveryResult.summary(summary).bytes
        }
    }

    /// What is too long for its service goes there in parts.
    private func parts(
        _ deliveries: [RecordingDelivery],
        _ book: DeliveryBook,
        _ material: DeliveryMaterial
    ) async throws -> [RecordingDelivery] {
        guard let whole = deliveries.first(where: { $0.target == ConnectVetsDelivery.name }), whole.isOpen,
            whole.memory.attempts == 0
        else { return deliveries }
        let source = try await material.audio()
        let settings = self.services.settings.connectVets
        // Where it is cut is looked for once; most recordings are not cut at all.
        // What cannot go there at all is parked with its reason by who divides it.
        let plan = try? settings.uploadPlan(end: source.progress.available, speech: [])
        let isLong = (plan?.parts.count ?? 1) > 1
        let speech = isLong ? try SpeechScan.speech(in: source) : []
        let parts = try book.divide(whole, settings, end: source.progress.available, speech: speech)
        return parts + deliveries.filter { delivery in !parts.contains { $0.id == delivery.id } }
    }

    /// What the disk does not take stays open, and is worked off another time.
    private func change(_ target: String, _ change: (inout StoredDelivery) -> Void) async {
        let book = await self.book()
        guard var delivery = try? book.all().last(where: { $0.target == target && $0.isOpen }) else { return }
        change(&delivery)
        try? book.store(delivery)
    }

    private func work(
        _ name: String,
        _ material: DeliveryMaterial,
        _ patience: DeliveryPatience,
        _ tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode {
        let book = await self.book()
        do {
            let known = try book.all().map(\.summary).filter { Settings.deliveryBase(of: $0.target) == name }
            let open = known.filter(\.isOpen)
            guard let newest = open.last ?? known.last else {
                throw StoreError(.failing, book.place.id, cause: "no delivery")
            }
            if let realm = self.services.realm(of: name), realm != newest.realm {
                let reason = "It belongs to \(newest.realm), and the settings lead to \(realm)."
                tell(.delivery(DeliveryReport(target: name, state: .waiting, reason: reason)))
                return .unfinished
            }
            var code = ExitCode.success
            // What earlier runs have done is told again: the parts of one recording were asked for at once.
            let meant = open.isEmpty ? known.filter { $0.begun == newest.begun } : open
            for delivery in try await self.parts(meant, book, material) {
                let report = DeliveryNarrator(target: delivery.target, tell: tell)
                let item = DeliveryItem(
                    id: delivery.id,
                    target: try self.services.target(name, material),
                    keeper: BookedDelivery(book, id: delivery.id, target: delivery.target),
                    tell: { report.tell($0) }
                )
                let wish: DeliveryWorker.Wish = self.asked.contains(name) ? .retry : .goOn
                code = code.combined(
                    with: report.end(await self.services.queue.work(on: item, wish, patience: patience))
                )
            }
            return code
        } catch let refusal as UploadRefusal {
            tell(.delivery(DeliveryReport(target: name, state: .failed, reason: refusal.description)))
            return .unfinished
        } catch let error as StoreError {
            tell(.delivery(DeliveryReport(target: name, state: .failed, reason: error.description)))
            return .disk
        } catch {
            tell(.delivery(DeliveryReport(target: name, state: .failed, reason: "\(error)")))
            return .configuration
        }
    }
}
