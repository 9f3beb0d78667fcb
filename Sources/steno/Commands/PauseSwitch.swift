import StenoALSA
import Synchronization

/// One key that pauses and goes on again.
final class PauseSwitch: Sendable {
    private let microphone: Microphone
    private let isPaused = Mutex(false)

    init(_ microphone: Microphone) {
        self.microphone = microphone
    }

    func toggle() {
        self.isPaused.withLock { isPaused in
            isPaused.toggle()
            if isPaused { self.microphone.pause() } else { self.microphone.resume() }
        }
    }
}
