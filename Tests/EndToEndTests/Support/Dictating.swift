import StenoTesting

/// The program, dictating into a virtual microphone that hears the dictation and then silence.
struct Dictating {
    let program: StenoProgram
    let microphone: VirtualMicrophone

    init(
        hearing samples: [Int16] = Dictation.samples,
        hasEngine: Bool = false,
        environment: [String: String] = [:],
        _ change: (inout VirtualMicrophone.Settings) -> Void = { _ in }
    ) throws {
        var settings = VirtualMicrophone.Settings()
        settings.sound = .samples(samples, then: .silence)
        change(&settings)
        self.microphone = VirtualMicrophone(settings)
        self.program = try StenoProgram(self.microphone.environment.merging(environment) { $1 }, hasEngine: hasEngine)
    }

    func start(_ arguments: String..., terminal: Terminal? = nil) throws -> Running {
        try self.program.start(["live"] + arguments, terminal: terminal, isTyped: terminal != nil)
    }

    func run(_ arguments: String...) async throws -> StenoProgram.Result {
        try await self.program.run(["live"] + arguments)
    }

    /// The id of the one recording that is kept.
    func recording() async throws -> String? {
        let listing = try await self.program.run("recordings", "list")
        return listing.output.split(separator: "\n").first?.split { $0 == " " || $0 == "\t" }.first.map(String.init)
    }
}
