import StenoTesting
import Testing

@testable import StenoStore

@Suite("Audit log")
struct AuditLogTests {
    private let folder = TemporaryFolder()
    private var log: AuditLog { AuditLog(path: self.folder.path("audit.log")) }

    private var lines: [String] {
        String(decoding: self.folder.read("audit.log"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func put(_ lines: [String]) {
        _ = self.folder.write(Array(lines.map { "\($0)\n" }.joined().utf8), to: "audit.log")
    }

    private func written(_ count: Int) throws -> [String] {
        for number in 0..<count { try self.log.write("deleted \(number) reason=asked", time: Int64(number)) }
        return self.lines
    }

    @Test("There is none before the first line, and all lines fit to one another as they were written")
    func whole() throws {
        #expect(try self.log.check() == nil)
        let lines = try self.written(5)
        #expect(try self.log.check() == AuditState(lines: 5))
        #expect(lines[0].hasPrefix("1970-01-01T00:00:00Z deleted 0 reason=asked chain="))
    }

    @Test("A line that is changed, taken out, put in or moved is told by the first one behind it")
    func forged() throws {
        let lines = try self.written(5)
        var changed = lines
        changed[2] = changed[2].replacing("reason=asked", with: "reason=other")
        self.put(changed)
        #expect(try self.log.check()?.broken == 3)
        self.put(Array(lines[..<2] + lines[3...]))
        #expect(try self.log.check()?.broken == 3)
        self.put(Array(lines[1...]))
        #expect(try self.log.check()?.broken == 1)
        self.put(lines[..<3] + ["1970-01-01T00:00:00Z deleted nothing"] + lines[3...])
        #expect(try self.log.check()?.broken == 5)
        self.put([lines[1], lines[0]] + lines[2...])
        #expect(try self.log.check()?.broken == 1)
    }

    @Test("What older programs wrote, or a power cut tore, stays as it is and is covered by the next line")
    func older() throws {
        _ = self.folder.write(Array("2026-11-22T00:00:00Z deleted old\n2026-11-22T00:00:01Z del".utf8), to: "audit.log")
        let lines = try self.written(2)
        #expect(lines.count == 4 && lines[0].hasSuffix("deleted old") && lines[1].hasSuffix(" del"))
        #expect(try self.log.check() == AuditState(lines: 4))
        self.put([lines[0]] + lines[2...])
        #expect(try self.log.check()?.broken == 2)
    }

    @Test("Two that write at once leave one chain")
    func together() async throws {
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { _ = try? self.written(25) } }
        }
        #expect(try self.log.check() == AuditState(lines: 100))
    }
}
