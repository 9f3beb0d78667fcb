import StenoHTTP

extension Settings {
    /// What a recording belongs to. Resuming and handing over act only within it, so that what was made in a trial never
    /// reaches a real service, nor the reverse.
    package func realm(isSandboxed: Bool) -> String {
        if isSandboxed { return "sandbox" }
        return self.recognition.engine.value == .local ? "local" : self.juvoly.socketURL.value.origin
    }
}
