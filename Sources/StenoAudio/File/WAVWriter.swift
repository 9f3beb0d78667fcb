import Glibc
package import StenoCore

/// Writes 16 kHz mono 16-bit WAV.
package enum WAVWriter {
    /// The most bytes of samples that a plain header can state; more needs RF64.
    private static let plainLimit = Int64(UInt32.max) - 36
    /// A second at a time.
    private static let blockFrames = SamplePosition.rate

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
        let available = AudioSpan(start: .zero, end: source.progress.available)
        let span = span?.clamped(to: available) ?? available
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.refused(path, "open") }
        let file = FileHandle(owning: descriptor)
        do throws(AudioError) {
            // A file that was there keeps its permissions when it is opened.
            guard fchmod(file.descriptor, 0o600) == 0 else { throw self.refused(path, "fchmod") }
            try self.copy(span, of: source, to: file, path: path)
        } catch {
            unlink(path)
            throw error
        }
        return span.frames
    }

    private static func copy(
        _ span: AudioSpan,
        of source: any SampleSource,
        to file: borrowing FileHandle,
        path: String
    ) throws(AudioError) {
        guard self.header(frames: span.frames).withUnsafeBytes({ file.append($0) }) else {
            throw self.refused(path, "write")
        }
        let block = Scratch<Int16>(count: self.blockFrames, filledWith: 0)
        var position = span.start
        while position < span.end {
            let room = Int(min(Int64(self.blockFrames), span.end - position))
            let piece = UnsafeMutableBufferPointer(rebasing: block.buffer[..<room])
            let count = try source.read(at: position, into: piece)
            // What was available stays available, so there is something unless the source breaks its word.
            guard count > 0 else { throw AudioError(.readFailed, path: path, cause: "read: 0 of \(room)") }
            guard file.append(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: piece[..<count]))) else {
                throw self.refused(path, "write")
            }
            position = position + Int64(count)
        }
    }

    private static func refused(_ path: String, _ call: StaticString) -> AudioError {
        AudioError(.storage(folder: path), path: path, cause: "\(call): \(errno)")
    }
}

extension FileHandle {
    /// Writes all of `bytes` at the end. `false` with `errno` set: failed.
    fileprivate borrowing func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(self.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
