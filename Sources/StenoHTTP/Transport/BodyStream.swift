internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// How much of a body has left us. Decides what a lost answer means: nothing left, nothing happened; all left, the far
/// side may have acted.
package enum BodyProgress: Hashable, Sendable {
    /// No byte of the body was handed to a connection.
    case notStarted
    case partly
    /// Every byte was handed to the connection. The far side may have the whole request.
    case whole
}

/// Counts what the connection took. Written by the task that feeds the body, read after the request has ended.
final class BodyLedger: Sendable {
    private let taken = Mutex<(isStarted: Bool, bytes: Int64)>((false, 0))
    private let length: Int64

    init(length: Int64) {
        self.length = length
    }

    func add(_ count: Int) -> Int64 {
        self.taken.withLock {
            $0.isStarted = true
            $0.bytes += Int64(count)
            return $0.bytes
        }
    }

    var progress: BodyProgress {
        self.taken.withLock { !$0.isStarted ? .notStarted : $0.bytes >= self.length ? .whole : .partly }
    }
}

/// Feeds a body to the connection in chunks of at most 64 KiB. The connection asks for the first chunk only when it is
/// established and the request head is written, and for the next one only when it can take it.
struct BodyStream: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Large enough that a 25 MB upload is a few hundred steps, small enough that memory stays flat.
    static let chunkLength = 64 << 10

    let body: RequestBody
    let ledger: BodyLedger

    func makeAsyncIterator() -> Iterator {
        Iterator(body: self.body, ledger: self.ledger)
    }

    struct Iterator: AsyncIteratorProtocol {
        let body: RequestBody
        let ledger: BodyLedger
        private var piece = 0
        private var offset: Int64 = 0

        init(body: RequestBody, ledger: BodyLedger) {
            self.body = body
            self.ledger = ledger
        }

        mutating func next() async throws -> ByteBuffer? {
            while self.piece < self.body.pieces.count {
                let current = self.body.pieces[self.piece]
                let count = Int(Swift.min(Int64(BodyStream.chunkLength), current.length - self.offset))
                if count > 0 {
                    let chunk = try await Self.read(current, at: self.offset, count: count)
                    self.offset += Int64(count)
                    let taken = self.ledger.add(count)
                    self.body.onProgress?(taken)
                    return chunk
                }
                self.piece += 1
                self.offset = 0
            }
            return nil
        }

        private static func read(_ piece: RequestBody.Piece, at offset: Int64, count: Int) async throws -> ByteBuffer {
            switch piece {
            case .bytes(let bytes):
                return ByteBuffer(bytes: bytes[Int(offset)..<Int(offset) + count])
            case .file(let file):
                let bytes = try await NIOThreadPool.singleton.runIfActive { try file.read(at: offset, count: count) }
                guard bytes.count == count else { throw BodyShortened() }
                return ByteBuffer(bytes: bytes)
            }
        }
    }
}

/// The file being sent became shorter than its announced length.
struct BodyShortened: Error {}
