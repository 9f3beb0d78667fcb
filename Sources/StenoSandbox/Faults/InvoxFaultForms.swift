extension InvoxFaults {
    /// How long a token lives.
    package enum TokenLifetime: FaultValue {
        case after(FaultDelay)
        /// It is taken back after its first call, whatever was said about its lifetime.
        case revoked

        package init?(faultText: Substring) {
            if faultText == "revoked" {
                self = .revoked
            } else if let time = FaultDelay(faultText: faultText) {
                self = .after(time)
            } else {
                return nil
            }
        }

        package static let faultForms = ["TIME (7200s)", "revoked"]

        /// In nanoseconds, as it is told.
        var nanoseconds: Int64 {
            switch self {
            case .after(let time): time.nanoseconds
            case .revoked: 7_200_000_000_000
            }
        }
    }

    package enum VersionHeader: String, FaultValue, CaseIterable {
        case optional
        /// Without it 400.
        case required
        /// A date that is not known is 400.
        case unknownDate400
        /// Without it only the calls of the first version are there.
        case missingMeansOld
    }

    package enum SOAPFields: String, FaultValue, CaseIterable {
        case four = "4"
        case three = "3"
        case five = "5"
        case renamed, reordered, emptyValues
    }

    package enum GenerationTime: String, FaultValue, CaseIterable { case present, missing, string }

    package enum LanguageCheck: String, FaultValue, CaseIterable {
        /// Two letters of ISO 639-1, or any three.
        case any = "639-any"
        case twoLetters = "639-1"
        /// Codes with a region too.
        case region
        /// No language is one.
        case refuse
    }

    /// Longer transcripts are refused with 413.
    package enum TextLimit: FaultValue {
        case off
        case characters(Int)

        package init?(faultText: Substring) {
            if faultText == "off" {
                self = .off
            } else if let count = FaultNumber(faultText: faultText) {
                self = .characters(count.value)
            } else {
                return nil
            }
        }

        package static let faultForms = ["off", "a number of characters"]
    }
}
