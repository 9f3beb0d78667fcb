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
        let status = try file.status(path: path)
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw AudioError(.folder, path: path)
        case S_IFREG: break
        default: return try self.openPipe(file, path: path, spoolFolder: spoolFolder)
        }
        guard status.st_size > 0 else { throw AudioError(.empty, path: path) }

        if let header = try self.header(of: file, path: path),
            let encoding = PCMEncoding(header.encoding, isBigEndian: header.isBigEndian)
        {
            let frameBytes = encoding.bytesPerSample * header.channels
            let extent = try self.extent(header, frameBytes, of: file, bytes: Int64(status.st_size), path: path)
            guard extent.frames > 0 else { throw AudioError(.noFrames, path: path) }
            if header.isTimelineFormat { return ReferencedWAV(file: file, path: path, extent: extent) }
            let bytes = FileBytes(file: file, path: path, extent: extent, bytesPerFrame: frameBytes)
            let format = FrameFormat(rate: header.rate, channels: header.channels)
            let reader = PCMReader(bytes, format: format, encoding: encoding, expectedFrames: extent.frames)
            return try self.spool(reader, path: path, spoolFolder: spoolFolder)
        }
        return try self.spool(try SndfileReader(file: file, path: path), path: path, spoolFolder: spoolFolder)
    }

    private static func spool(
        _ reader: sending any FrameReader,
        path: String,
        spoolFolder: String
    ) throws(AudioError) -> any SampleSource {
        let decoder = try TimelineDecoder(reader, path: path)
        let spool = try Spool(path: path, folder: spoolFolder, stop: try StopSignal(path: path))
        return try SpooledSource(decoder, spool: spool, path: path, isPrimed: true)
    }

    /// A name may stand for a pipe, such as `/dev/stdin` or what a shell makes of `<(…)`. Only WAV tells what it is.
    private static func openPipe(
        _ file: consuming FileHandle,
        path: String,
        spoolFolder: String
    ) throws(AudioError) -> any SampleSource {
        let stop = try StopSignal(path: path)
        let pipe = PipeBytes(file: file, path: path, stop: stop)
        let producer = PipeProducer(pipe, rawFormat: FrameFormat(rate: 16_000, channels: 1), allowsRaw: false)
        let spool = try Spool(path: path, folder: spoolFolder, stop: stop)
        return try SpooledSource(producer, spool: spool, path: path, isPrimed: false)
    }

    /// The WAV header of `file`; `nil` when it is no WAV file, or one that only libsndfile can make sense of.
    private static func header(of file: borrowing FileHandle, path: String) throws(AudioError) -> WAVHeader? {
        var parser = WAVHeaderParser()
        var step = parser.next
        while case .read(let offset, let count) = step {
            step = try file.withBytes(at: offset, count: count, path: path) { parser.received($0) }
        }
        return try step.header(path: path)
    }

    private static func extent(
        _ header: WAVHeader,
        _ frameBytes: Int,
        of file: borrowing FileHandle,
        bytes: Int64,
        path: String
    ) throws(AudioError) -> WAVExtent {
        let end = header.dataOffset.addingReportingOverflow(header.declaredBytes ?? .max)
        let tail = end.overflow ? bytes : min(end.partialValue, bytes)
        return try file.withBytes(at: tail, count: WAVExtent.tailBytes, path: path) { tail in
            WAVExtent(header, bytesPerFrame: frameBytes, fileBytes: bytes, tail: tail)
        }
    }
}

extension WAVHeaderParser.Step {
    /// The header at the end of the parse; `nil` when it is no WAV, or not one that can be read without libsndfile.
    func header(path: String) throws(AudioError) -> WAVHeader? {
        switch self {
        case .finished(let header): return header
        case .rejected(.cutOff): throw AudioError(.cutInHeader, path: path)
        case .rejected(.impossibleFormat(let rate, let channels)):
            throw AudioError(.impossibleFormat(rate: rate, channels: channels), path: path)
        case .rejected(.notWAV), .rejected(.noFormat), .rejected(.tooManyChunks), .read: return nil
        }
    }
}
