import CALSA
import Glibc
import StenoAudio
import Synchronization

/// Plays tones. Never called while something is captured: the tone must not be in the recording.
package enum ToneDevice {
    /// Nanoseconds. A sound server that hangs must not keep anybody from recording.
    private static let longest: Int64 = 1_000_000_000

    /// Plays `tone` on the ALSA device `device`, and returns when it has sounded, or after a second.
    ///
    /// - Throws: when there is no such device, or it does not play. That is worth a log line and nothing else.
    package static func play(_ tone: Tone, device: String = "default") throws(CaptureError) {
        let deadline = TonePlayer.now() + Self.longest
        guard let outcome = Outcome() else { throw CaptureError(.noResources, device: device, cause: "pipe: \(errno)") }
        do throws(AudioError) {
            // Opening may wait for a sound server for as long as it likes, so it is left behind at the deadline. What
            // is opened later plays nothing.
            try NamedThread.run("steno-tone", path: device) {
                do throws(TonePlayer.Failure) {
                    try TonePlayer(device: device, deadline: deadline).play(tone)
                    outcome.end(nil)
                } catch {
                    outcome.end(error)
                }
            }
        } catch {
            throw CaptureError(.noResources, device: device, cause: error.cause)
        }
        guard outcome.wait(until: deadline) else {
            throw CaptureError(.stuck, device: device, cause: "no answer in a second")
        }
        if let failure = outcome.failure {
            throw CaptureError(.failing, device: device, cause: "\(failure.call): \(failure.code)")
        }
    }

    /// What the thread that plays tells the one that waits. It lives as long as the later of the two.
    private final class Outcome: Sendable {
        private let failed = Mutex<TonePlayer.Failure?>(nil)
        private let readEnd: Int32
        private let writeEnd: Int32

        init?() {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (self.readEnd, self.writeEnd) = (ends[0], ends[1])
        }

        deinit {
            close(self.readEnd)
            close(self.writeEnd)
        }

        var failure: TonePlayer.Failure? { self.failed.withLock(\.self) }

        /// Once.
        func end(_ failure: TonePlayer.Failure?) {
            self.failed.withLock { $0 = failure }
            while write(self.writeEnd, "x", 1) < 0, errno == EINTR {}
        }

        /// - Returns: whether it ended in time.
        func wait(until deadline: Int64) -> Bool {
            var ended = pollfd(fd: self.readEnd, events: Int16(POLLIN), revents: 0)
            while true {
                let left = (deadline - TonePlayer.now()) / 1_000_000
                let count = poll(&ended, 1, Int32(clamping: max(0, left)))
                guard count < 0, errno == EINTR else { return count > 0 }
            }
        }
    }
}
