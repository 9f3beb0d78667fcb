import Glibc
import Logging
import Steno
import StenoWire

/// Log lines on standard error, as text or as JSON. They never hold text that was said, names or keys.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: LogFormat
    private let label: String

    static func logger(verbosity: Int, format: LogFormat) -> Logger {
        let level: Logger.Level =
            switch verbosity {
            case ...0: .warning
            case 1: .info
            case 2: .debug
            default: .trace
            }
        return Logger(label: "steno") { StandardErrorLog(logLevel: level, format: format, label: $0) }
    }

    private init(logLevel: Logger.Level, format: LogFormat, label: String) {
        self.logLevel = logLevel
        self.format = format
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }
            .map { (name: $0.key, value: "\($0.value)") }
            .sorted { $0.name < $1.name }
        let line: String
        switch self.format {
        case .text:
            let fields = metadata.map { " \($0.name)=\($0.value)" }.joined()
            line = TerminalText.neutralised("\(Self.time()) \(event.level): \(event.message)\(fields)")
        case .json:
            let fields = metadata.map { JSONMember(name: $0.name, value: .string($0.value)) }
            line = JSONValue.object(
                [
                    JSONMember(name: "time", value: .string(Self.time())),
                    JSONMember(name: "level", value: .string(event.level.rawValue)),
                    JSONMember(name: "message", value: .string("\(event.message)")),
                ] + fields
            ).serialized()
        }
        try? Descriptor.write(line + "\n", to: 2, path: "-")
    }

    /// ISO 8601 in UTC, to the second.
    private static func time() -> String {
        var now = Glibc.time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
