package import StenoCore

extension UploadPlan.Format {
    /// As RFC 2046 and the registry of media types have it.
    var mediaType: StaticString {
        switch self {
        case .wav: "audio/wav"
        case .mp3: "audio/mpeg"
        case .flac: "audio/flac"
        }
    }

    /// Says nothing about whose recording it is.
    var fileName: StaticString {
        switch self {
        case .wav: "recording.wav"
        case .mp3: "recording.mp3"
        case .flac: "recording.flac"
        }
    }
}

extension NoteUpload {
    /// The metadata key of a part, such as `2/3`.
    package static let partKey = "steno_part"
    /// Characters the service takes of a name.
    private static let longestName = 100

    /// This upload as one part of a recording: its name and its metadata tell which. Each part has a mark of its own,
    /// and so is found, repeated or given up by itself; the person's own reference, if any, is the same in all of them.
    package func part(_ part: UploadPlan.Part) -> NoteUpload {
        var upload = self
        upload.format = part.format
        upload.duration = .seconds(Double(part.span.frames) / Double(SamplePosition.rate))
        guard let label = part.label else { return upload }
        let suffix = " (\(label))"
        let room = Self.longestName - suffix.unicodeScalars.count
        let name = self.name.unicodeScalars.count <= room ? self.name : String(self.name.unicodeScalars.prefix(room))
        upload.name = name + suffix
        upload.metadata.append(Metadata(key: Self.partKey, value: label))
        return upload
    }
}
