package import StenoCore

/// Listens to a whole recording for where somebody speaks.
package enum SpeechScan {
    /// - Returns: in order. Blocks for about a second for each hour of sound; not for an event loop.
    package static func speech(in source: any SampleSource) throws(AudioError) -> [AudioSpan] {
        var detector = EnergyDetector()
        var spans: [AudioSpan] = []
        let block = Scratch<Int16>(count: SamplePosition.rate, filledWith: 0)
        let end = source.progress.available
        while detector.position < end {
            let room = Int(min(Int64(block.buffer.count), end - detector.position))
            let piece = UnsafeMutableBufferPointer(rebasing: block.buffer[..<room])
            let count = try source.read(at: detector.position, into: piece)
            guard count > 0 else { throw AudioError(.shortened, path: "-", cause: "read: 0 of \(room)") }
            spans += detector.accept(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(piece)[..<count]))
        }
        return spans + detector.finish()
    }
}
