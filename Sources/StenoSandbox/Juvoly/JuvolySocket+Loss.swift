import NIOCore

// The ways a connection can be lost.
extension JuvolySocket {
    /// Loses the connection when the audio has got to where a switch wants it.
    func dropIfReached() {
        let drop = self.conversation.setting.faults.drop
        guard case .atByte(let count, let manner) = drop, self.state == .open else { return }
        if self.conversation.audio.bytes >= count { self.lose(manner) }
    }

    func lose(_ manner: JuvolyFaults.Drop.Manner) {
        switch manner {
        case .close(code: 1006):
            self.state = .closed
            self.channel.close(promise: nil)
        case .close(let code):
            _ = self.conversation.close(code)
            self.close(code)
        case .reset:
            self.state = .silent
            self.channel.closeWithReset()
        case .silence:
            self.state = .silent
            self.channel.setAutoRead(false)
        }
    }
}
