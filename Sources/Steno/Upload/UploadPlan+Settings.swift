package import StenoAudio
package import StenoCore

/// Why a recording cannot be uploaded as the settings have it.
package struct UploadRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do.
    package let description: String
}

extension Settings.ConnectVets {
    /// How a whole recording goes to ConnectVets: the seam for whoever hands one over. Blocks while it listens for
    /// pauses, which only what has to be cut takes: about a second for each hour.
    ///
    /// - Parameters:
    ///   - source: complete.
    ///   - speech: where somebody speaks, if that is known already.
    /// - Throws: `UploadRefusal`, or `AudioError` when the recording cannot be read.
    package func uploadPlan(for source: any SampleSource, speech: [AudioSpan]? = nil) throws -> UploadPlan {
        try self.uploadPlan(end: source.progress.available) { try speech ?? SpeechScan.speech(in: source) }
    }

    /// As above, of a recording of which it is known where somebody speaks.
    package func uploadPlan(end: SamplePosition, speech: [AudioSpan]) throws -> UploadPlan {
        try self.uploadPlan(end: end) { speech }
    }

    private func uploadPlan(end: SamplePosition, speech: () throws -> [AudioSpan]) throws -> UploadPlan {
        do {
            return try UploadPlan(
                end: end,
                format: UploadPlan.Format(rawValue: self.format.value.rawValue),
                splits: self.long.value == .split,
                limits: UploadPlan.Limits(bytes: Int64(self.maxBytes.value), longest: self.maxDuration.value),
                speech: speech
            )
        } catch let refusal as UploadPlan.Refusal {
            throw self.refusal(refusal, end.seconds)
        }
    }

    /// Said before an upload of this length; `nil` if there is nothing to say. The service decides (CC-27).
    package func uploadWarning(seconds: Double) -> String? {
        guard .seconds(seconds) < self.minDuration.value else { return nil }
        return "The recording is shorter than ConnectVets recommends; it may refuse it."
    }

    private func refusal(_ refusal: UploadPlan.Refusal, _ seconds: Double) -> UploadRefusal {
        let text =
            switch refusal {
            case .empty: "The recording has no sound, so no note is made."
            case .tooLong(let longest):
                "The recording lasts \(Self.words(seconds)) and ConnectVets takes "
                    + "\(Self.words(Double(longest) / Double(SamplePosition.rate))) at once. Set connectvets.long to split, "
                    + "or send an export of a part of it."
            case .tooManyParts:
                "The recording would be more than \(UploadPlan.maximumParts) notes. Raise connectvets.max-bytes, or send an "
                    + "export of a part of it."
            case .limitTooLow:
                "connectvets.max-bytes and connectvets.max-duration leave less than 20 s for one upload. Raise them."
            }
        return UploadRefusal(description: text)
    }

    private static func words(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 120 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
