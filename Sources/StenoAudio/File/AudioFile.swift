import Glibc

/// Opens whatever audio file the user names.
package enum AudioFile {
    /// A source for the file at `path`. Reading it goes on in the background where it has to be decoded; what is
    /// unreadable from the start fails here.
    ///
    /// - Parameters:
    ///   - path: as the user wrote it; messages repeat it.
    ///   - spoolFolder: where decoded audio is kept, in a file without a name, until the source goes. Made with mode
    ///     0700 when it is not there.
    package static func open(_ path: String, spoolFolder: String) throws(AudioError) -> any SampleSource {
        let file = try FileHandle(reading: path)
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else {
            throw AudioError(.readFailed, path: path, cause: "fstat: \(errno)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw AudioError(.folder, path: path)
        case S_IFREG: break
        default: throw AudioError(.unknownKind, path: path)
        }
        guard status.st_size > 0 else { throw AudioError(.empty, path: path) }

        let header = try self.header(of: file, path: path)
        guard let header, let frameBytes = header.bytesPerFrame else { throw AudioError(.unknownKind, path: path) }
        let extent = try self.extent(header, frameBytes, of: file, bytes: Int64(status.st_size), path: path)
        guard extent.frames > 0 else { throw AudioError(.noFrames, path: path) }
        guard header.isTimelineFormat else { throw AudioError(.unknownKind, path: path) }
        return ReferencedWAV(file: file, path: path, extent: extent)
    }

    /// The WAV header of `file`; `nil` when it is no WAV file, or one that only libsndfile can make sense of.
    private static func header(of file: borrowing FileHandle, path: String) throws(AudioError) -> WAVHeader? {
        var parser = WAVHeaderParser()
        var step = parser.next
        while case .read(let offset, let count) = step {
            step = try file.withBytes(at: offset, count: count, path: path) { parser.received($0) }
        }
        switch step {
        case .finished(let header): return header
        case .rejected(.cutOff): throw AudioError(.cutInHeader, path: path)
        case .rejected(.impossibleFormat(let rate, let channels)):
            throw AudioError(.impossibleFormat(rate: rate, channels: channels), path: path)
        case .rejected(.notWAV), .rejected(.noFormat), .rejected(.tooManyChunks), .read: return nil
        }
    }

    private static func extent(
        _ header: WAVHeader,
        _ frameBytes: Int,
        of file: borrowing FileHandle,
        bytes: Int64,
        path: String
    ) throws(AudioError) -> WAVExtent {
        let end = header.dataOffset.addingReportingOverflow(header.declaredBytes ?? .max)
        return try file.withBytes(at: end.overflow ? bytes : min(end.partialValue, bytes), count: 9, path: path) {
            tail in
            WAVExtent(header, bytesPerFrame: frameBytes, fileBytes: bytes, tail: tail)
        }
    }
}

extension FileHandle {
    /// Lends up to `count` bytes at `offset`, at most 64; fewer only at the end of the file.
    fileprivate func withBytes<Result>(
        at offset: Int64,
        count: Int,
        path: String,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(AudioError) -> Result {
        var scratch: [64 of UInt8] = .init(repeating: 0)
        var failure: Int32?
        let result = withUnsafeMutableBytes(of: &scratch) { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(count, bytes.count)])
            let got = self.read(at: offset, into: room)
            if got == nil { failure = errno }
            return body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<(got ?? 0)]))
        }
        if let failure { throw AudioError(.readFailed, path: path, cause: "pread: \(failure)") }
        return result
    }
}
