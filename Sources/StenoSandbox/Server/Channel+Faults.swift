import Glibc
import NIOCore

extension Channel {
    /// Ends the connection with a reset: what is not sent is thrown away, and the far side gets an error.
    func closeWithReset() {
        guard let options = self as? any SocketOptionProvider else {
            self.close(promise: nil)
            return
        }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in self.close(promise: nil) }
    }

    func setAutoRead(_ isOn: Bool) {
        // Fails only on a channel that is closed, where nothing is read anyway.
        self.setOption(.autoRead, value: isOn).whenFailure { _ in }
    }
}
