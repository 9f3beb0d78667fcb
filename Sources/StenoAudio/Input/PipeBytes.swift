import Glibc

/// The bytes of a pipe, terminal, socket or redirected file, as they come. A pipe has no position to return to, so what
/// was read to look at it is kept and given again.
final class PipeBytes: ByteSource {
    var warnings: [AudioWarning.Kind] { [] }
    let path: String
    private let descriptor: Int32
    /// Set when the descriptor is ours to close.
    private let owner: FileHandle?
    private let stop: StopSignal
    /// Looked at, and not yet given.
    private var kept: [UInt8] = []
    /// For looking ahead and for skipping.
    private let scratch = Scratch<UInt8>(count: 4_096, filledWith: 0)
    /// Bytes given so far.
    private(set) var offset: Int64 = 0

    /// Reads a descriptor that stays the caller's, such as standard input.
    init(borrowing descriptor: Int32, path: String, stop: StopSignal) {
        self.descriptor = descriptor
        self.owner = nil
        self.path = path
        self.stop = stop
    }

    init(file: consuming FileHandle, path: String, stop: StopSignal) {
        self.descriptor = file.descriptor
        self.owner = consume file
        self.path = path
        self.stop = stop
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int {
        guard self.kept.isEmpty else {
            let count = min(buffer.count, self.kept.count)
            buffer.copyBytes(from: self.kept[..<count])
            self.kept.removeFirst(count)
            self.offset += Int64(count)
            return count
        }
        let count = try self.receive(into: buffer)
        self.offset += Int64(count)
        return count
    }

    /// The next `count` bytes, which `read` will give as well; fewer only at the end.
    func peek(_ count: Int) throws(AudioError) -> [UInt8] {
        while self.kept.count < count {
            let got = try self.receive(into: self.block(of: Int64(count - self.kept.count)))
            guard got > 0 else { break }
            self.kept += self.scratch.buffer[..<got]
        }
        return Array(self.kept.prefix(count))
    }

    /// Drops bytes until `offset`, or until the end.
    func skip(to offset: Int64) throws(AudioError) {
        while self.offset < offset {
            guard try self.read(into: self.block(of: offset - self.offset)) > 0 else { return }
        }
    }

    /// Room for `count` bytes, or for as many as there is.
    private func block(of count: Int64) -> UnsafeMutableRawBufferPointer {
        let count = Int(min(count, Int64(self.scratch.buffer.count)))
        return UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: self.scratch.buffer[..<count]))
    }

    private func receive(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int {
        while true {
            self.stop.wait(for: self.descriptor)
            guard !self.stop.isStopped else { throw AudioError(.cancelled, path: self.path) }
            let count = Glibc.read(self.descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            switch errno {
            case EINTR, EAGAIN: continue
            case EISDIR: throw AudioError(.folder, path: self.path)
            case let code: throw AudioError(.readFailed, path: self.path, cause: "read: \(code)")
            }
        }
    }
}
