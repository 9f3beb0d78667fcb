import StenoCore

/// What the screen shows during a dictation, as a value: events in, a frame out.
///
/// ```
/// Finished utterances and warnings scroll up here. They are no part of the frame.
/// Digital zero: the microphone is muted.      as long as it holds
/// the left front paw is ‹swolen›              interim text: settled, ‹may still change›
/// Recognising · [▁▁▂▃··    ] · 01:23 · lag 0.1 s · 2 gaps · USB Audio
/// ```
package struct LiveScreen: Sendable {
    /// An utterance that is not handed over yet.
    struct Open: Sendable {
        let id: Utterance.ID
        var words = InterimStability()
    }

    /// Open utterances that are shown: the newest. A recogniser has one as a rule.
    private static let shownUtterances = 8

    private(set) var state = RecognitionState.connecting
    private(set) var isConnectionLost = false
    private(set) var isPaused = false
    private(set) var isOver = false
    private(set) var open: [Open] = []
    private(set) var level: (rms: Double, peak: Double)?
    private(set) var progress: RecognitionProgress?
    /// Holes in the recording; pauses are none.
    private(set) var gaps = 0
    private(set) var device: String?
    private(set) var microphone: MicrophoneReport?

    package init() {}

    package mutating func receive(_ event: RunEvent) {
        switch event {
        case .recognition(let event): self.recognised(event)
        case .gap(_, let cause): if cause != AudioGap.Cause.paused.rawValue { self.gaps += 1 }
        case .microphone(let report): self.microphone = report
        case .level(let rms, let peak): self.level = (rms, peak)
        case .device(let name): self.device = name
        case .paused:
            self.isPaused = true
            self.level = nil
        case .resumed: self.isPaused = false
        case .end: self.isOver = true
        case .recording, .summary, .delivery, .warning, .notice: break
        }
    }

    private mutating func recognised(_ event: RecognitionEvent) {
        switch event {
        case .state(let state):
            self.state = state
            self.isConnectionLost = false
        case .connectionLost: self.isConnectionLost = true
        case .progress(let progress): self.progress = progress
        case .transcript(.show(let utterance)): self.update(utterance.id) { $0.update(utterance.text) }
        case .transcript(.complete(let utterance)): self.update(utterance.id) { $0.settle(utterance.text) }
        case .transcript(.withdraw(let id)): self.open.removeAll { $0.id == id }
        case .transcript(.deliver(let utterance)): self.open.removeAll { $0.id == utterance.id }
        // Gaps and summaries are events of their own in a run.
        case .transcript(.confirm), .transcript(.note), .information, .coverage, .gap, .summary: break
        }
    }

    private mutating func update(_ id: Utterance.ID, _ change: (inout InterimStability) -> Void) {
        if let index = self.open.lastIndex(where: { $0.id == id }) {
            change(&self.open[index].words)
        } else {
            var utterance = Open(id: id)
            change(&utterance.words)
            self.open.append(utterance)
            if self.open.count > Self.shownUtterances { self.open.removeFirst() }
        }
    }
}
