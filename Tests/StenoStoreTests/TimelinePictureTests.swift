import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Timeline picture")
struct TimelinePictureTests {
    private let fixture = RecordingFixture()

    private func info(frames: Int64, gaps: [AudioGap], coverage: RecordingCoverage?) throws -> RecordingInfo {
        var info = try RecordingInfo(self.fixture.recorded(frames: 1))
        info.end = SamplePosition(frames: frames)
        info.gaps = gaps
        info.coverage = coverage
        return info
    }

    @Test("Each cell shows the worst of what is in it")
    func worst() throws {
        var machine = CoverageStateMachine()
        machine.captured(upTo: .init(frames: 900_000))
        machine.confirmed(AudioSpan(110_000..<190_000))
        machine.spoke(AudioSpan(510_000..<515_000))
        machine.missed(AudioSpan(799_000..<799_001))
        let info = try self.info(
            frames: 1_000_000,
            gaps: [AudioGap(799_000..<799_001, .overrun), AudioGap(950_000..<950_001, .paused)],
            coverage: RecordingCoverage(machine)
        )
        #expect(TimelinePicture.draw(info, width: 10) == ".=...?.x.x")
        #expect(TimelinePicture.draw(info, width: 0) == "")
    }

    @Test("Without coverage audio is recorded, and every length has a picture")
    func lengths() throws {
        for frames in [Int64(1), 3, 79, 80, 16_001, RecordingJournal.positionLimit] {
            let info = try self.info(frames: frames, gaps: [], coverage: nil)
            #expect(TimelinePicture.draw(info, width: 80) == String(repeating: "-", count: Int(min(80, frames))))
            try PrivateFiles.remove(self.fixture.recordings, name: "")
        }
        #expect(TimelinePicture.draw(try self.info(frames: 0, gaps: [], coverage: nil), width: 80) == "")
    }
}
