/// What `scripts/setup` found when it hashed the engine's files: one line each of SHA-256, size, time of the last change
/// in nanoseconds since 1970, and name.
struct EngineManifest: Hashable {
    struct Entry: Hashable {
        var sum: String
        var size: Int64
        var changed: Int64
    }

    static let name = "engine.manifest"
    /// Bytes; six lines have 700.
    static let maximumSize = 16_384

    private(set) var entries: [String: Entry] = [:]

    /// `nil` when a line is not of this form, or a name comes twice.
    init?(parsing text: some StringProtocol) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            guard fields.count == 4, let size = Int64(fields[1]), let changed = Int64(fields[2]),
                self.entries.updateValue(
                    Entry(sum: String(fields[0]), size: size, changed: changed),
                    forKey: String(fields[3])
                ) == nil
            else { return nil }
        }
    }
}
