/// What the first bytes of a pipe say it carries.
package enum InputKind: Hashable, Sendable {
    case wav
    /// No known beginning: raw samples, as the user said.
    case raw
    /// A kind that is only read from a file, by its name.
    case fileOnly(String)

    /// As many bytes as `sniff` can use.
    package static let sniffedBytes = 12

    /// Looks at the first bytes. Only beginnings of four bytes and more count: raw samples may begin with anything, and
    /// four bytes are right by chance once in four thousand million.
    package static func sniff(_ bytes: [UInt8]) -> InputKind {
        func has(_ text: StaticString, at offset: Int = 0) -> Bool {
            let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            return bytes.count >= offset + wanted.count && bytes[offset...].starts(with: wanted)
        }
        if has("RIFF") || has("RIFX") || has("RF64") || has("BW64") { return .wav }
        if has("fLaC") { return .fileOnly("FLAC") }
        if has("OggS") { return .fileOnly("OGG") }
        if has("ID3\u{3}") || has("ID3\u{4}") { return .fileOnly("MP3") }
        if has("FORM") && (has("AIFF", at: 8) || has("AIFC", at: 8)) { return .fileOnly("AIFF") }
        if has("caff") { return .fileOnly("CAF") }
        if has("ftyp", at: 4) { return .fileOnly("MP4") }
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return .fileOnly("WebM or Matroska") }
        return .raw
    }
}
