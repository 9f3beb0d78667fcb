/// Recognises the audio of one connection and reports to its socket, on the socket's event loop.
protocol ConnectionRecogniser: AnyObject {
    /// No more audio should come until `recogniserChanged` was called.
    var isFull: Bool { get }
    func start(_ socket: JuvolySocket)
    func accept(_ samples: [Int16])
    /// No audio came for a while.
    func pause()
    /// The connection is gone; nothing more is reported.
    func stop()
}

/// Plays a script; answers at once.
final class ScriptedRecogniser: ConnectionRecogniser {
    private var conductor: ScriptConductor
    private weak var socket: JuvolySocket?
    let isFull = false

    init(_ conductor: ScriptConductor) {
        self.conductor = conductor
    }

    func start(_ socket: JuvolySocket) {
        self.socket = socket
    }

    func accept(_ samples: [Int16]) {
        let results = self.conductor.accept(samples[...])
        self.socket?.recognised(results)
    }

    func pause() {
        let results = self.conductor.paused()
        self.socket?.recognised(results)
    }

    func stop() {
        self.socket = nil
    }
}
