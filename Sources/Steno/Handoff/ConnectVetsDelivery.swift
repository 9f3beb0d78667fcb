import StenoAudio
package import StenoCore
package import StenoHandoff
import StenoHTTP
package import StenoStore

/// Hands a recording over to ConnectVets for a note.
package struct ConnectVetsDelivery: DeliveryTarget {
    package static let name = "connectvets"

    let client: ConnectVetsClient
    let settings: Settings.ConnectVets
    /// A stand-in on this machine finds what it stored at once, and nobody should have to wait for that.
    let isNear: Bool
    let spoolFolder: String
    let material: DeliveryMaterial

    package var name: String { Self.name }

    package func policy(for delivery: StoredDelivery) -> DeliveryPolicy {
        var policy = DeliveryPolicy()
        policy.canSearch = Settings.canSearch(delivery.target)
        policy.isProcessed = DeliveryOrder(delivery.order)?.waits ?? false
        if self.isNear {
            policy.firstDelay = .milliseconds(500)
            policy.longestDelay = .seconds(2)
            policy.indexingDelay = .seconds(2)
            policy.missWindow = .seconds(5)
        }
        return policy
    }

    package func send(_ delivery: StoredDelivery) async -> DeliveryTry {
        guard let order = DeliveryOrder(delivery.order), let visit = order.visit else {
            return DeliveryTry(.rejected, reason: "What the note is to be made with cannot be read.")
        }
        do {
            let source = try await self.material.audio()
            // What has to be cut was cut before it came here.
            let whole =
                try order.part == nil ? self.settings.uploadPlan(end: source.progress.available, speech: []) : nil
            guard let part = order.part ?? whole.flatMap({ $0.parts.count == 1 ? $0.parts[0] : nil }) else {
                throw UploadRefusal(description: "The limits of ConnectVets were lowered since it was asked for.")
            }
            let file = try UploadFile(of: source, part, in: self.spoolFolder)
            defer { withExtendedLifetime(file) {} }
            let upload = StenoHandoff.NoteUpload(
                name: visit.name,
                gender: .init(rawValue: visit.gender.rawValue) ?? .unidentified,
                metadata: visit.metadata.map { .init(key: $0.key, value: $0.value) },
                mark: Self.mark(of: delivery),
                audioPath: file.path,
                duration: nil
            )
            switch try await self.client.create(upload.part(part), tries: 1) {
            case .created(let note): return DeliveryTry(.accepted(note: note.id))
            case .unknown(_, let error): return DeliveryTry(error)
            }
        } catch let error as ServiceError {
            return DeliveryTry(error)
        } catch let refusal as UploadRefusal {
            return DeliveryTry(.rejected, reason: refusal.description)
        } catch let error as AudioError {
            return DeliveryTry(.notReceived(retryAfter: nil), reason: error.description)
        } catch {
            return DeliveryTry(.notReceived(retryAfter: nil), reason: "The audio of the recording cannot be read.")
        }
    }

    package func search(for delivery: StoredDelivery) async -> DeliverySearch {
        do throws(ServiceError) {
            return .found(try await self.client.notes(of: Self.mark(of: delivery)).map(\.id))
        } catch {
            return .failed(error)
        }
    }

    package func progress(of note: String, _ delivery: StoredDelivery) async -> DeliveryProgress {
        do throws(ServiceError) {
            switch try await self.client.look(at: note) {
            case .completed(let note, let isValid):
                let sections = note.sections.map { DeliveryReport.Section(title: $0.title, text: $0.content) }
                return .done(
                    result: DeliveryResult.sections(sections).bytes,
                    warning: isValid ? nil : "ConnectVets flags the note for review."
                )
            case .failed: return .failed(reason: "ConnectVets could not process the recording.")
            case .stillProcessing: return .working(askAgain: self.client.pollInterval)
            }
        } catch {
            return error.isTransient
                ? .unclear(error) : .failed(reason: "The note was made, but cannot be asked for: \(error.message)")
        }
    }

    package func reprocess(_ note: String, _ delivery: StoredDelivery) async -> DeliveryProgress {
        do throws(ServiceError) {
            _ = try await self.client.retry(note)
            return .working(askAgain: self.client.pollInterval)
        } catch {
            // Who is asked for its state next tells whether it was heard.
            return error.isTransient || error.reason == .unknownOutcome
                ? .unclear(error) : .failed(reason: error.message)
        }
    }

    private static func mark(of delivery: StoredDelivery) -> DeliveryMark {
        DeliveryMark(delivery: delivery.id, externalID: delivery.externalID)
    }
}
