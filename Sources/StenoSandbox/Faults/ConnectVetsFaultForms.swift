extension ConnectVetsFaults {
    package enum Flag: String, FaultValue, CaseIterable {
        case yes = "true"
        case no = "false"
    }

    package enum Switch: String, FaultValue, CaseIterable { case off, on }

    package enum BasePath: String, FaultValue, CaseIterable {
        case notesV1 = "/notes/v1"
        case v1 = "/v1"
        case empty

        var prefix: String { self == .empty ? "" : self.rawValue }
    }

    /// The other name is not looked at.
    package enum PageParam: String, FaultValue, CaseIterable {
        case both, limit
        case perPage = "per_page"
    }

    package enum MetadataIn: String, FaultValue, CaseIterable { case acceptBoth, arrayOnly, objectOnly }

    package enum StatusField: String, FaultValue, CaseIterable {
        case transcriptionStatus = "transcription_status"
        case status
    }

    package enum TooLargeStatus: String, FaultValue, CaseIterable {
        case contentTooLarge = "413"
        case unprocessable = "422"
    }

    package enum FormatStatus: String, FaultValue, CaseIterable {
        case badRequest = "400"
        case unprocessable = "422"
    }

    package enum Formats: String, FaultValue, CaseIterable {
        case all
        /// As an error example of the overview has it (CC-11).
        case wavOnly
        /// As the audio guide has it (§9).
        case withoutFLAC
    }

    package enum RetryShape: String, FaultValue, CaseIterable { case noteData, statusTranscription, empty }

    package enum RetryWhileProcessing: String, FaultValue, CaseIterable {
        case conflict = "409"
        case badRequest = "400"
        case unprocessable = "422"
        case accepted
    }

    package enum ExportEarly: String, FaultValue, CaseIterable {
        case badRequest = "400"
        case notFound = "404"
        case conflict = "409"
        /// 200 without a body.
        case empty
    }

    package enum ExportDisposition: String, FaultValue, CaseIterable {
        case present, missing
        /// A name that leads out of its folder.
        case pathInName
    }

    package enum Patch: String, FaultValue, CaseIterable {
        case lenient
        /// Every field is needed.
        case strict
        case forbidden = "403"
        case notFound = "404"
        /// Another editor writes right behind.
        case rival
        /// It is written, and then the connection ends without an answer.
        case dropAfterStore
    }

    package enum OrderForm: String, FaultValue, CaseIterable {
        /// `1`, `2`, `3`, `4`, in this order.
        case plain
        /// The texts would sort `10` before `2`, and that is how they are sent.
        case tenBeforeTwo
        /// The last has no number.
        case nonNumber
        case gaps
    }

    package enum IDStyle: String, FaultValue, CaseIterable { case uuid4, opaque }

    package enum ListOrder: String, FaultValue, CaseIterable { case descending, ascending, random }
}

/// A whole number as it is written in a switch.
package struct FaultNumber: FaultValue {
    package var value: Int

    package init(_ value: Int) { self.value = value }

    package init?(faultText: Substring) {
        guard let value = Int(faultText), (0...1_000_000_000_000).contains(value) else { return nil }
        self.value = value
    }

    package static let faultForms = ["a whole number"]
}
