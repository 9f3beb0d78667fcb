import ArgumentParser

/// Which sandbox is meant by `--sandbox[=URL]`.
enum SandboxChoice: Sendable {
    /// Start one in this process.
    case own
    /// One that runs already, for example by `steno sandbox`.
    case at(String)

    /// Stands for the bare option.
    private static let ownName = "own"

    /// A bare `--sandbox` must not swallow the file after it, so what it means is said before the parser sees it.
    static func withExplicitValue(_ arguments: [String]) -> [String] {
        var explicit: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return explicit + [argument] + rest }
            guard argument == "--sandbox" else {
                explicit.append(argument)
                continue
            }
            let isAddress = rest.first.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? false
            explicit.append("--sandbox=\(isAddress ? rest.removeFirst() : Self.ownName)")
        }
        return explicit
    }
}

extension SandboxChoice: ExpressibleByArgument {
    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self = argument == Self.ownName ? .own : .at(argument)
    }

    /// Where it listens; `nil` when it is yet to be started.
    var address: String? {
        switch self {
        case .own: nil
        case .at(let address): address
        }
    }

    /// As it would be written again.
    var word: String { self.address.map { "--sandbox=\($0)" } ?? "--sandbox" }

    /// For commands that start no sandbox themselves.
    static func check(_ choice: SandboxChoice?, for command: String) throws {
        guard let choice, choice.address == nil else { return }
        throw ValidationError("\(command) needs the address of a sandbox: --sandbox=URL, as 'steno sandbox' prints it.")
    }
}
