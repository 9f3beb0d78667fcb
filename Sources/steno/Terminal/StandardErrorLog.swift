import Glibc
import Logging
import Steno

/// Log lines on standard error, as text or as JSON. They never hold text that was said, names or keys.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: LogFormat

    static func logger(verbosity: Int, format: LogFormat) -> Logger {
        let level: Logger.Level =
            switch verbosity {
            case ...0: .warning
            case 1: .info
            case 2: .debug
            default: .trace
            }
        return Logger(label: "steno") { _ in StandardErrorLog(logLevel: level, format: format) }
    }

    private init(logLevel: Logger.Level, format: LogFormat) {
        self.logLevel = logLevel
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        let line: String
        switch self.format {
        case .text:
            let text = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            line = TerminalText.neutralised("\(Notices.time()) \(event.level): \(event.message)\(text)")
        case .json:
            line = Notices.json(event.level.rawValue, "\(event.message)", fields)
        }
        try? Descriptor.write(line + "\n", to: 2, path: "-")
    }
}
