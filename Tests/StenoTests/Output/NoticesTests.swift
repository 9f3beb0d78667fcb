import Steno
import StenoWire
import Testing

@Suite("Notices")
struct NoticesTests {
    private func written(_ form: Notices.Form, isQuiet: Bool = false, _ body: (Notices) -> Void) -> String {
        let capture = Capture()
        body(Notices(form: form, descriptor: capture.descriptor, isQuiet: isQuiet))
        return capture.text()
    }

    @Test("A line says what kind it is")
    func lines() {
        let text = self.written(.text(isColored: false)) { notices in
            notices.write("It begins.")
            notices.write("It hurts.", .warning)
            notices.write("It ends.", .error)
        }
        #expect(text == "It begins.\nwarning: It hurts.\nsteno: It ends.\n")
    }

    @Test("Quiet leaves warnings and errors")
    func quiet() {
        let text = self.written(.text(isColored: false), isQuiet: true) { notices in
            notices.write("It begins.")
            notices.write("It hurts.", .warning)
        }
        #expect(text == "warning: It hurts.\n")
    }

    @Test("Only what kind it is has a colour")
    func colors() {
        let text = self.written(.text(isColored: true)) { $0.write("It hurts.", .warning) }
        #expect(text == "\u{1B}[33mwarning:\u{1B}[0m It hurts.\n")
    }

    @Test("A notice is one line and drives no terminal, whatever file name it holds")
    func neutralised() {
        let text = self.written(.text(isColored: false)) { $0.write("'a\nb\u{1B}[2J' is empty.") }
        #expect(text == "'a b␛[2J' is empty.\n")
    }

    @Test("As JSON it has time, level and message")
    func json() throws {
        let text = self.written(.json) { $0.write("It \"hurts\".", .warning) }
        let line = try JSONValue(parsing: text)
        #expect(line.members?.map(\.name) == ["time", "level", "message"])
        #expect(line["level"]?.string == "warning")
        #expect(line["message"]?.string == "It \"hurts\".")
        #expect(line["time"]?.string?.count == 20)
    }

    @Test("Fields of a log line follow in the order of their names")
    func fields() throws {
        let line = try JSONValue(parsing: Notices.json("info", "x", ["b": "2", "a": "1"]))
        #expect(line.members?.map(\.name) == ["time", "level", "message", "a", "b"])
    }
}
