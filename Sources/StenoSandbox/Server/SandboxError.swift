/// Why the sandbox cannot do what it was told: a switch, a script or a port.
package struct SandboxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
