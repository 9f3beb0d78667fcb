import ArgumentParser
import Steno

/// How fast audio is sent, and how long a service is waited for.
struct PaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How fast audio is sent: times real time, or max (default: 1 for juvoly, max for local and the sandbox).",
            valueName: "n"
        )
    )
    var speed: SpeedChoice?

    @Option(
        help: ArgumentHelp("Stop after this long without a ready connection, such as 90s, 5m or 1h.", valueName: "time")
    )
    var giveUp = TimeChoice("60s")

    /// Times real time; `nil` is as fast as it goes.
    func pace(_ services: RecognitionServices) -> Double? {
        switch self.speed {
        case .max: nil
        case .times(let times): times
        case nil: services.engine == .local || services.isSandboxed ? nil : 1
        }
    }
}
