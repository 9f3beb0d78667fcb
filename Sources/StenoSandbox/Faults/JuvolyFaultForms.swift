extension JuvolyFaults {
    /// When `ready` is sent.
    package enum Ready: FaultValue {
        /// After the delay in the configuration.
        case standard
        case after(FaultDelay)
        case never
        case twice
        /// A transcript is sent before it.
        case afterFirstTranscript

        package init?(faultText: Substring) {
            switch faultText {
            case "standard": self = .standard
            case "never": self = .never
            case "twice": self = .twice
            case "afterFirstTranscript": self = .afterFirstTranscript
            default:
                guard let delay = FaultDelay(faultText: faultText) else { return nil }
                self = .after(delay)
            }
        }

        package static let faultForms = ["standard", "TIME", "never", "twice", "afterFirstTranscript"]
    }

    /// When an utterance is completed.
    package enum Finalise: FaultValue {
        /// When the audio has gone on for 700 ms behind it, or after 1.5 s without audio.
        case pause
        /// As `pause`, and this much later.
        case slow(FaultDelay)
        case never
        /// When the client's close frame arrives.
        case onClose
        /// When an empty binary message arrives.
        case onEmptyBinary

        package init?(faultText: Substring) {
            switch faultText {
            case "pause": self = .pause
            case "never": self = .never
            case "onClose": self = .onClose
            case "onEmptyBinary": self = .onEmptyBinary
            default:
                guard let delay = FaultDelay(faultText: faultText) else { return nil }
                self = .slow(delay)
            }
        }

        package static let faultForms = ["pause", "TIME", "never", "onClose", "onEmptyBinary"]
    }

    /// Answer to a summary request.
    package enum Summary: FaultValue {
        /// After the delay in the configuration.
        case standard
        case after(FaultDelay)
        case never
        case twice
        /// No episodes.
        case empty
        /// An episode without `plan`.
        case missingField
        /// A close with 1011 in its place.
        case close

        package init?(faultText: Substring) {
            switch faultText {
            case "standard": self = .standard
            case "never": self = .never
            case "twice": self = .twice
            case "empty": self = .empty
            case "missingField": self = .missingField
            case "close": self = .close
            default:
                guard let delay = FaultDelay(faultText: faultText) else { return nil }
                self = .after(delay)
            }
        }

        package static let faultForms = ["standard", "TIME", "never", "twice", "empty", "missingField", "close"]
    }

    /// How and when a connection is lost.
    package enum Drop: FaultValue {
        /// In which way.
        package enum Manner: Hashable, Sendable {
            /// A close frame with this code; 1006 ends the connection without one.
            case close(code: UInt16)
            case reset
            /// Nothing is read, sent or answered any more, and the connection stays open.
            case silence
        }

        case never
        /// When so many bytes of audio have come.
        case atByte(Int, Manner)
        /// In place of the n-th message to the client, `ready` being the first.
        case atMessage(Int, Manner)

        package init?(faultText: Substring) {
            guard faultText != "never" else {
                self = .never
                return
            }
            let parts = faultText.split(separator: ":", omittingEmptySubsequences: false)
            guard
                parts.count == 2 || parts.count == 3,
                let count = Int(parts[1]), count > 0,
                let manner = parts.count == 3 ? Self.manner(parts[2]) : .reset
            else { return nil }
            switch parts[0] {
            case "byte": self = .atByte(count, manner)
            case "message": self = .atMessage(count, manner)
            default: return nil
            }
        }

        private static func manner(_ text: Substring) -> Manner? {
            switch text {
            case "reset": return .reset
            case "silence": return .silence
            default:
                guard let code = UInt16(text), (1000...4999).contains(code) else { return nil }
                return .close(code: code)
            }
        }

        package static let faultForms = ["never", "byte:N[:HOW]", "message:N[:HOW] (HOW = reset, silence or a code)"]
    }
}
