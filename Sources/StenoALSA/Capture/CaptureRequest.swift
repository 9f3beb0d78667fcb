package import StenoAudio

/// What is to be captured.
package struct CaptureRequest: Sendable {
    /// The device as the person named it: an ALSA PCM name, or a stable id of `steno devices`.
    package var device: String
    package var channel: ChannelChoice
    /// Finds the ALSA PCM name of the device. Asked again at each re-opening, so that a card that comes back with
    /// another number is found; `nil` when it is not there.
    package var resolve: @Sendable (String) -> String?
    /// Ask for real-time priority of the capture thread.
    package var wantsRealTime: Bool
    /// With that, ask for memory that is never swapped out. For the whole process, so not in tests.
    package var wantsLockedMemory: Bool

    package init(
        device: String,
        channel: ChannelChoice = .mix,
        wantsRealTime: Bool = false,
        wantsLockedMemory: Bool = true,
        resolve: @escaping @Sendable (String) -> String? = { $0 }
    ) {
        self.device = device
        self.channel = channel
        self.wantsRealTime = wantsRealTime
        self.wantsLockedMemory = wantsLockedMemory
        self.resolve = resolve
    }
}
