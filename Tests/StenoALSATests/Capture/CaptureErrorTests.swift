import CALSA
import Glibc
import StenoCore
import StenoTesting
import Synchronization
import Testing

@testable import StenoALSA

@Suite("Microphone: refusals at the start")
struct CaptureErrorTests {
    private func refusal(_ name: String, log: @escaping @Sendable (String) -> Void = { _ in }) -> CaptureError? {
        #expect(throws: CaptureError.self) { try Microphone.open(CaptureRequest(device: name), log: log) }
    }

    @Test("A device that another program has is told as busy, with a way to find the program")
    func busy() {
        let device = VirtualMicrophone()
        device.send(.busy())
        let error = self.refusal(device.device)
        #expect(error?.code == .busy)
        #expect(error?.description.contains("is in use by another program. 'fuser -v /dev/snd/*' names it") == true)
    }

    @Test("A device that this user may not open names the group and the command")
    func denied() {
        let device = VirtualMicrophone()
        device.send(.denied())
        let error = self.refusal(device.device)
        #expect(error?.code == .notPermitted)
        #expect(error?.description.contains("Join the group 'audio' (sudo usermod -aG audio $USER)") == true)
    }

    @Test("A device that is not there is told as that, and libasound's words go to the log")
    func absent() {
        let device = VirtualMicrophone()
        device.send(.gone)
        #expect(self.refusal(device.device)?.code == .absent)
        let lines = Mutex<[String]>([])
        #expect(self.refusal("no-such-device") { line in lines.withLock { $0.append(line) } }?.code == .absent)
    }

    @Test("An identity that is not found is a device that is not there")
    func unresolved() {
        let request = CaptureRequest(device: "usb-1234:5678-9") { _ in nil }
        let error = #expect(throws: CaptureError.self) { try Microphone.open(request) { _ in } }
        #expect(error == CaptureError(.absent, device: "usb-1234:5678-9"))
    }

    @Test("The card is read from the name of a device", arguments: [("hw:3,0", 3), ("plughw:CARD=7,DEV=1", 7)])
    func cardInName(name: String, card: Int) {
        #expect(DeviceHolder.card(in: name) == card)
        #expect(DeviceHolder.card(in: "default") == nil)
    }

    @Test("The kernel's status names the holder, on the card that is meant")
    func holder() {
        let folder = TemporaryFolder()
        let sub = "asound/card2/pcm0c/sub0"
        for path in ["asound", "asound/card2", "asound/card2/pcm0c", sub, "4711"] {
            mkdir(folder.path(path), 0o700)
        }
        _ = folder.write(Array("state: RUNNING\nowner_pid   : 4711\n".utf8), to: "\(sub)/status")
        _ = folder.write(Array("arecord\n".utf8), to: "4711/comm")
        let holder = DeviceHolder(root: folder.path)
        #expect(holder.find("hw:2,0") == "'arecord' (process 4711)")
        #expect(holder.find("default") == "'arecord' (process 4711)")
        #expect(holder.find("hw:1,0") == nil)
    }

    @Test("A holder that can be seen is named")
    func holderNamed() {
        let error = CaptureError(.busy(holder: "'arecord' (process 4711)"), device: "hw:1")
        #expect(
            error.description == "Microphone 'hw:1' is in use by 'arecord' (process 4711). "
                + "End that, or name another microphone."
        )
    }

    @Test("A folder without capture devices forbids nothing")
    func nodes() {
        let folder = TemporaryFolder()
        #expect(!SoundNodes.areForbidden(in: folder.path("none")))
        #expect(!SoundNodes.areForbidden(in: folder.path))
        _ = folder.write([], to: "pcmC0D0c")
        #expect(!SoundNodes.areForbidden(in: folder.path))
    }

    @Test("An error of the system means one thing, wherever it comes from")
    func errors() {
        let troubles: [(Int32, DeviceTrouble)] = [
            (ENOENT, .absent), (ENODEV, .absent), (ENXIO, .absent), (EBUSY, .busy), (EACCES, .notPermitted),
            (EPERM, .notPermitted), (ECONNREFUSED, .serverGone), (EINVAL, .unusable), (EIO, .failing), (999, .failing),
        ]
        for (code, trouble) in troubles { #expect(ALSAResult.trouble(-code) == trouble, "\(code)") }
        #expect(ALSAResult.fault(-EPIPE, state: SND_PCM_STATE_XRUN) == .overrun)
        #expect(ALSAResult.fault(-EPIPE, state: SND_PCM_STATE_DISCONNECTED) == .lost(.absent))
        #expect(ALSAResult.fault(-ESTRPIPE, state: SND_PCM_STATE_SUSPENDED) == .suspended)
        #expect(ALSAResult.fault(-EBADFD, state: SND_PCM_STATE_SETUP) == .notRunning)
        #expect(ALSAResult.fault(-ENODEV, state: SND_PCM_STATE_RUNNING) == .lost(.absent))
        #expect(ALSAResult.fault(of: SND_PCM_STATE_RUNNING) == nil)
    }
}
