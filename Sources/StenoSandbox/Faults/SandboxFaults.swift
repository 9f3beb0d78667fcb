/// What the stand-ins do wrong. As made here they do nothing wrong.
package struct SandboxFaults: Hashable, Sendable {
    package var juvoly = JuvolyFaults()
    package var invox = InvoxFaults()
    package var connectVets = ConnectVetsFaults()
    package var nxVET = NxVETFaults()

    package init() {}

    /// Sets one switch from its text form.
    ///
    /// `NAME=VALUE` holds for every request; `NAME=VALUE@3` for the third only, `@3-5` for a range, `@3+` from the third
    /// on. A name may carry its service, as in `juvoly.handshake`.
    ///
    /// - Throws: `SandboxError` that lists the names, or the values of a known name.
    package mutating func apply(_ text: String) throws(SandboxError) {
        let name = text.prefix { $0 != "=" }
        guard name.endIndex < text.endIndex else {
            throw SandboxError("'\(text)' is no fault. Write NAME=VALUE or NAME=VALUE@N; names: \(Self.names).")
        }
        guard let faultSwitch = FaultSwitch.all.first(where: { $0.isNamed(name) }) else {
            throw SandboxError("There is no fault '\(name)'. Names: \(Self.names).")
        }
        let setting = text[text.index(after: name.endIndex)...]
        let value = setting.prefix { $0 != "@" }
        let range = setting.dropFirst(value.count)
        guard range.isEmpty || Self.occurrences(range.dropFirst()) != nil else {
            throw SandboxError("'\(range)' in '\(text)' is no count. Write @3, @3-5 or @3+.")
        }
        guard faultSwitch.apply(&self, value, Self.occurrences(range.dropFirst())) else {
            let forms = faultSwitch.forms.joined(separator: ", ")
            throw SandboxError("The fault '\(name)' does not take '\(value)'. It takes: \(forms).")
        }
    }

    /// Every switch with the values it takes, the default first; for help.
    package static var catalogue: [(name: String, values: [String])] {
        FaultSwitch.all.map { ($0.name, $0.forms) }
    }

    private static var names: String { FaultSwitch.all.map(\.name).joined(separator: ", ") }

    private static func occurrences(_ text: Substring) -> ClosedRange<Int>? {
        if text.hasSuffix("+") {
            guard let first = Int(text.dropLast()), first > 0 else { return nil }
            return first...Int.max
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ Int($0) }), first > 0, ends.count <= 2 else { return nil }
        guard let last = ends.last.flatMap({ Int($0) }), last >= first else { return nil }
        return first...last
    }
}

/// A switch under its name, for the text form.
struct FaultSwitch: Sendable {
    /// With its service in front: `juvoly.handshake`.
    var name: String
    /// The values it takes, the default first.
    var forms: [String]
    /// Gives `false` when the value is none of them.
    var apply: @Sendable (inout SandboxFaults, Substring, ClosedRange<Int>?) -> Bool

    init<Value>(_ name: String, _ path: any WritableKeyPath<SandboxFaults, Fault<Value>> & Sendable) {
        self.name = name
        self.forms = Value.faultForms
        self.apply = { faults, text, occurrences in
            guard let value = Value(faultText: text) else { return false }
            faults[keyPath: path].set(value, on: occurrences)
            return true
        }
    }

    func isNamed(_ text: Substring) -> Bool {
        text == self.name || text == self.name.drop { $0 != "." }.dropFirst()
    }

    static let all: [FaultSwitch] = Self.juvoly + Self.invox + Self.connectVets + Self.nxVET
}
