internal import Yams

/// The configuration file, read into raw values with their lines. What is wrong with its form or its names is found
/// here; what is wrong with a value is found where the value is used.
struct SettingsFile {
    private(set) var values: [SettingKey: RawSetting] = [:]
    /// Secrets that stand in files of their own: the path instead of the value.
    private(set) var keyFiles: [SettingKey: RawSetting] = [:]
    private(set) var mistakes: [String] = []

    private let path: String

    /// - Parameter path: for the messages.
    init(parsing text: String, path: String) {
        self.path = path
        guard Self.isSimple(text) else {
            self.mistakes.append("\(path): nested far deeper than any setting. Is it the right file?")
            return
        }
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            self.readSections(root)
        } catch {
            self.mistakes.append(self.formMistake(error))
        }
    }

    /// The reader descends on the stack, so a file that could nest deeply is not given to it. The sections and values
    /// of a configuration need no brackets, dashes or question marks at all.
    private static func isSimple(_ text: String) -> Bool {
        let openers = text.utf8.count { byte in
            byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "?")
        }
        return openers <= 1_000 && text.utf8.count <= PrivateFile.maximumLength
    }

    private mutating func readSections(_ root: Node) {
        guard let sections = root.mapping else {
            // A file of comments only has an empty scalar as its root.
            if root.scalar?.string.isEmpty != true {
                self.add("must hold sections such as 'juvoly:'.", at: root.mark)
            }
            return
        }
        let known = Set(SettingKey.allCases.map(\.section))
        for (name, section) in sections {
            guard let written = name.scalar?.string else {
                self.add("a section name must be a word.", at: name.mark)
                continue
            }
            guard known.contains(written) else {
                let hint = Self.hint(written, among: known.sorted())
                self.add("there is no section '\(Self.shown(written))'\(hint)", at: name.mark)
                continue
            }
            guard let members = section.mapping else {
                if section.scalar?.string.isEmpty != true {
                    self.add("\(written) must hold settings, one on each line, indented.", at: section.mark)
                }
                continue
            }
            for (name, value) in members { self.readMember(name, value, section: written) }
        }
    }

    private mutating func readMember(_ name: Node, _ value: Node, section: String) {
        guard let written = name.scalar?.string else {
            self.add("a name in \(section) must be a word.", at: name.mark)
            return
        }
        let keys = SettingKey.allCases.filter { $0.section == section }
        let direct = keys.first { $0.name == written }
        let filed = keys.first { $0.isSecret && $0.name + "-file" == written }
        guard let key = direct ?? filed else {
            let names = keys.map(\.name) + keys.filter(\.isSecret).map { $0.name + "-file" }
            let hint = Self.hint(written, among: names)
            self.add("there is no setting '\(section).\(Self.shown(written))'\(hint)", at: name.mark)
            return
        }
        guard let text = value.scalar?.string else {
            self.add("\(section).\(written) must be a single value.", at: value.mark ?? name.mark)
            return
        }
        guard !text.isEmpty else {
            self.add("\(section).\(written) has no value. Give one, or remove the line.", at: name.mark)
            return
        }
        let raw = RawSetting(text: text, origin: .configuration(path: self.path, line: name.mark?.line ?? 0))
        let isTwice = self.values[key] != nil || self.keyFiles[key] != nil
        guard !isTwice else {
            self.add("\(section).\(written): give \(key.name) or \(key.name)-file, not both.", at: name.mark)
            return
        }
        if filed == nil { self.values[key] = raw } else { self.keyFiles[key] = raw }
    }

    private mutating func add(_ problem: String, at mark: Mark?) {
        self.mistakes.append("\(self.path):\(mark?.line ?? 1): \(problem)")
    }

    /// The library's own texts quote the line, which may hold a key: only the place is taken from them.
    private func formMistake(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _):
            "\(self.path):\(mark.line): not valid YAML here. Each line is 'name: value', indented with spaces."
        case YamlError.duplicatedKeysInMapping(_, let context):
            "\(self.path):\(context.mark.line): a name stands here twice. Keep one."
        case YamlError.reader:
            "\(self.path): it has a character YAML does not allow."
        default:
            "\(self.path): not valid YAML."
        }
    }

    private static func hint(_ written: String, among names: [String]) -> String {
        NearestName.find(written, among: names).map { ". Did you mean '\($0)'?" } ?? "."
    }

    /// Bounded, and without what a terminal would obey.
    private static func shown(_ name: String) -> String {
        String(name.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "?" })
    }
}
