import NIOCore
import NIOPosix
import StenoCore
import Synchronization

/// Runs a recogniser on a thread of its own, so that the event loop never waits for it.
///
/// At most ten seconds of audio wait; beyond that the socket is not read, and TCP holds the client back.
final class EngineRecogniser: ConnectionRecogniser {
    /// Frames that may wait for the engine.
    static let queueLimit = 10 * SamplePosition.rate
    /// With less waiting, the socket is read again.
    private static let resumeLevel = 5 * SamplePosition.rate
    /// With more waiting, interim results are not worth their time: 0.3 s.
    private static let behindLevel = 3 * SamplePosition.rate / 10

    private let make: @Sendable () throws -> any StreamRecognizer
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let engine = EngineBox()
    private let threads: EngineThreads
    private var socket: JuvolySocket?
    /// Frames handed to the thread and not yet taken.
    private var waiting = 0

    init(_ make: @escaping @Sendable () throws -> any StreamRecognizer, threads: EngineThreads) {
        self.make = make
        self.threads = threads
    }

    private(set) var isFull = false

    func start(_ socket: JuvolySocket) {
        self.socket = socket
        self.pool.start()
        self.threads.began()
        let make = self.make
        self.run { engine in
            engine.recogniser = try make()
            return []
        }
    }

    func accept(_ samples: [Int16]) {
        guard !samples.isEmpty else { return }
        self.waiting += samples.count
        self.updateFullness()
        let isBehind = self.waiting > Self.behindLevel
        self.run(frames: samples.count) { engine in
            try samples.withUnsafeBufferPointer { buffer in
                try engine.recogniser?.accept(buffer, isBehind: isBehind) ?? []
            }
        }
    }

    /// Nothing to do: the engine hears silence when it is sent, as the real service does.
    func pause() {}

    func stop() {
        self.socket = nil
        // The thread ends with the piece it is working on; what waits behind it is dropped.
        let engine = self.engine
        let threads = self.threads
        self.pool.shutdownGracefully { _ in
            engine.recogniser = nil
            threads.ended()
        }
    }

    /// Runs `body` on the thread and reports on the event loop.
    private func run(frames: Int = 0, _ body: @escaping @Sendable (EngineBox) throws -> [TranscriptUpdate]) {
        guard let socket = self.socket else { return }
        let engine = self.engine
        let bound = NIOLoopBound(self, eventLoop: socket.channel.eventLoop)
        self.pool.submit { state in
            guard case .active = state else { return }
            let result = Result { try body(engine) }
            bound.eventLoop.execute { bound.value.finished(result, frames: frames) }
        }
    }

    private func finished(_ result: Result<[TranscriptUpdate], any Error>, frames: Int) {
        self.waiting -= frames
        guard let socket = self.socket else { return }
        switch result {
        case .success(let updates):
            if !updates.isEmpty { socket.recognised(updates.map(RecognitionResult.update)) }
        case .failure:
            socket.recognitionFailed()
        }
        self.updateFullness()
    }

    private func updateFullness() {
        let isFull = self.waiting > (self.isFull ? Self.resumeLevel : Self.queueLimit)
        guard isFull != self.isFull else { return }
        self.isFull = isFull
        self.socket?.recogniserChanged()
    }
}

/// Holds the engine for its thread.
///
/// Unchecked, because the compiler cannot see the invariant: `recogniser` is touched by the work items of one pool, which
/// has one thread, and once more when that thread has ended.
private final class EngineBox: @unchecked Sendable {
    var recogniser: (any StreamRecognizer)?
}

/// Knows how many engine threads run, so that a server that stops can wait for them.
final class EngineThreads: Sendable {
    private struct State {
        var running = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func began() {
        self.state.withLock { $0.running += 1 }
    }

    func ended() {
        let waiters = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func allEnded() async {
        await withCheckedContinuation { waiter in
            let isDone = self.state.withLock { state in
                if state.running > 0 { state.waiters.append(waiter) }
                return state.running == 0
            }
            if isDone { waiter.resume() }
        }
    }
}
