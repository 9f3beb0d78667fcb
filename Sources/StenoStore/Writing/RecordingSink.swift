package import StenoAudio
package import StenoCore

/// Where captured audio is kept. Recorder thread only, except `read` and `durable`.
package protocol RecordingSink: AnyObject, Sendable {
    func append(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) throws(AudioError)
    func missed(_ gap: AudioGap) throws(AudioError)
    func finish() throws(AudioError)
    func read(at position: SamplePosition, into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int
    var durable: SamplePosition { get }
}
