package import StenoAudio

/// What a device agreed to.
package struct CaptureFormat: Hashable, Sendable {
    package var native: NativeFormat
    /// Frames between two interrupts.
    package var periodFrames: Int
    /// Frames that the card holds before it runs over.
    package var bufferFrames: Int
}
