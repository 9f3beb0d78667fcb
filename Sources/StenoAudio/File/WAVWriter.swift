import Glibc
package import StenoCore

/// Writes 16 kHz mono 16-bit WAV.
package enum WAVWriter {
    /// The most bytes of samples that a plain header can state; more needs RF64.
    private static let plainLimit = Int64(UInt32.max) - 36

    /// The header in front of `frames` samples: 44 bytes, or 80 of RF64 above 4 GiB.
    package static func header(frames: Int64) -> [UInt8] {
        let bytes = UInt64(clamping: frames) * 2
        let isLong = bytes > UInt64(self.plainLimit)
        var header: [UInt8] = []
        func append(_ text: StaticString) { header += UnsafeBufferPointer(start: text.utf8Start, count: 4) }
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { header += $0 } }

        append(isLong ? "RF64" : "RIFF")
        append(isLong ? UInt32.max : UInt32(bytes) + 36)
        append("WAVE")
        if isLong {
            append("ds64")
            append(UInt32(28))
            append(bytes + 72)
            append(bytes)
            append(bytes / 2)
            append(UInt32(0))
        }
        append("fmt ")
        append(UInt32(16))
        append(UInt16(1))
        append(UInt16(1))
        append(UInt32(SamplePosition.rate))
        append(UInt32(SamplePosition.rate * 2))
        append(UInt16(2))
        append(UInt16(16))
        append("data")
        append(isLong ? UInt32.max : UInt32(bytes))
        return header
    }

    /// Writes what of `span` is available now, all of it by default, to a file that only this user may read. A file
    /// that is there is replaced; one that cannot be finished is removed. Blocks; not for an event loop.
    ///
    /// - Returns: how many frames were written.
    @discardableResult
    package static func write(
        _ source: any SampleSource,
        _ span: AudioSpan? = nil,
        to path: String
    ) throws(AudioError) -> Int64 {
        try AudioFileDraft.write(source, span, to: path) { span, descriptor throws(AudioError) in
            let header = self.header(frames: span.frames)
            guard header.withUnsafeBytes({ self.append($0, to: descriptor) }) else {
                throw AudioFileDraft.refused(path, "write")
            }
            try AudioFileDraft.blocks(of: span, source, path: path) { block throws(AudioError) in
                guard self.append(UnsafeRawBufferPointer(block), to: descriptor) else {
                    throw AudioFileDraft.refused(path, "write")
                }
            }
        }
    }

    /// Writes all of `bytes` at the end. `false` with `errno` set: failed.
    private static func append(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
