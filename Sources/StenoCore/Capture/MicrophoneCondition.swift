/// What can truthfully be said about a microphone from what it delivers. Raw values are interface: they stand in
/// `state` events.
public enum MicrophoneCondition: String, Hashable, Sendable, CaseIterable {
    /// The device delivers nothing.
    case noData = "no-data"
    /// Exact zeros: muted, or nothing is connected. No real microphone gives them.
    case digitalZero = "digital-zero"
    /// The same value all the time: a broken cable or interface.
    case constantOffset = "constant-offset"
    /// There is a signal, far too quiet to understand.
    case tooQuiet = "too-quiet"
    /// Distorted: louder than the device can tell.
    case clipping
    /// A usable signal, and nobody speaks.
    case listening
    /// Somebody speaks.
    case speech
}
