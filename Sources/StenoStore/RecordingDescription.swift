/// What a recording says about itself from its first moment.
package struct RecordingDescription: Hashable, Sendable {
    /// What the audio comes from. Raw values are interface: they stand in the file.
    package enum Source: String, Hashable, Sendable, CaseIterable {
        case microphone, stdin, file
    }

    package var id: String
    /// Wall time of position zero, in milliseconds since 1970: the only anchor, used for showing.
    package var begun: Int64
    /// Who recognises, such as `juvoly` or `local`.
    package var engine: String
    package var model: String?
    /// The origin of the service that the recording belongs to. Resuming, replaying and the queue act only within it.
    package var realm: String
    package var source: Source
    /// The name of the device at the start, as the system gives it.
    package var device: String?
    /// Version of the program.
    package var program: String
    /// SHA-256 of the file that it comes from, as hexadecimal digits: the same content is the same job. `nil` for a
    /// microphone and a pipe.
    package var content: String?
    /// The audio is this file, and lies here only as far as it was stored too.
    package var reference: RecordedFile?
    /// What was asked for, such as `transcript` or `connectvets`. Words without blanks.
    package var wants: [String]

    package init(
        id: String,
        begun: Int64,
        engine: String,
        model: String? = nil,
        realm: String,
        source: Source,
        device: String? = nil,
        program: String,
        content: String? = nil,
        reference: RecordedFile? = nil,
        wants: [String] = []
    ) {
        self.id = id
        self.begun = begun
        self.engine = engine
        self.model = model
        self.realm = realm
        self.source = source
        self.device = device
        self.program = program
        self.content = content
        self.reference = reference
        self.wants = wants
    }
}
