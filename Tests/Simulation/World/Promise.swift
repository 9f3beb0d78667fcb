/// What has to hold at every step, whatever happens.
package enum Promise: String, CaseIterable, Sendable {
    case statesSum = "the four states of coverage are disjoint and sum to the total"
    case timelineGrows = "the timeline never shrinks and is never reset"
    case timelineInStep = "the timeline keeps step with the clock, gaps included"
    case everySampleSomewhere = "every captured sample is in a durable row, in bounded memory, or in a gap"
    case durableStays = "nothing durable is lost by a crash"
    case lossBounded = "a crash costs 250 ms, a period and the commit in progress, at most"
    case inOrder = "a connection gets audio in order, and live speech never overtakes a replay"
    case replayStart = "a connection begins no later than the first unconfirmed speech that was sent"
    case paced = "no audio leaves faster than the pace allows"
    case wordOnce = "no word is in the transcript twice, unless it is marked"
    case wordThere = "a complete run has every word"
    case coverageTrue = "speech without text is never called confirmed or silent"
    case truthfulEnd = "a run that says it is complete is complete"
    case refusedStops = "refused credentials end all tries at once, and the recording goes on"
    case backOffBounded = "no pause between two tries is longer than its bound"
    case staleIgnored = "a stale timer does nothing"
    case silentAfterEnd = "nothing is done after the end"
    case memoryBounded = "queues, timers and tables keep their bounds"
    case replaysBounded = "no connection begins with what four others broke on"
    case progress = "with a healthy service long enough, everything is confirmed"
    case legalActions = "a driver is never told to do the impossible"
    case deliveredOnce = "every utterance is handed over once, and a final never changes"
}

/// A promise that did not hold, with all that is needed to see it again.
package struct Violation: Sendable, CustomStringConvertible {
    package var seed: UInt64
    package var step: Int
    package var promise: Promise
    package var detail: String

    package var description: String {
        "seed \(self.seed), step \(self.step): broken: \(self.promise.rawValue): \(self.detail)"
    }
}
