import Steno
import Testing

@Suite("Exit code")
struct ExitCodeTests {
    @Test("74 before 77 before 75, and anything before success")
    func precedence() {
        #expect(ExitCode.worst([.unfinished, .refused, .disk, .success]) == .disk)
        #expect(ExitCode.worst([.unfinished, .refused]) == .refused)
        #expect(ExitCode.worst([.success, .unfinished]) == .unfinished)
        #expect(ExitCode.worst([]) == .success)
        #expect(ExitCode.worst(ExitCode.allCases) == .stopped)
    }

    @Test("The order does not matter")
    func commutes() {
        for left in ExitCode.allCases {
            for right in ExitCode.allCases {
                #expect(left.combined(with: right) == right.combined(with: left))
            }
        }
    }

    @Test("The numbers are those scripts test")
    func numbers() {
        #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 74, 75, 77, 78, 130])
    }
}
