import Glibc

/// A microphone without hardware: a real `snd_pcm_t` in real time, made by the alsa-lib plugin in
/// `Tests/VirtualMicrophone`, that does on command what goes wrong with real ones.
///
/// Its sound never waits. Which frame it hears now follows from the clock alone, counted from the first start, and what is
/// not read in time is lost; so `CounterSignal` tells of anything that was captured where on the timeline it was, and
/// `losses` says which frames a reader cannot have.
///
/// How alsa-lib finds it: one configuration serves the whole process, and the settings of each microphone come by the name
/// of the device (`vmic:PATH`). alsa-lib reads `ALSA_CONFIG_PATH` when a device is opened, and reads anew when the answer
/// changed; it is set once, before the first microphone is there. A child process gets `configuration` instead, by
/// `environment`, and calls the device `vmic` or `default`.
package final class VirtualMicrophone: Sendable {
    /// The name to open: an ALSA PCM name that holds in this process.
    package let device: String
    /// The folder with everything of this microphone; gone with it.
    package let folder: TemporaryFolder
    private let control: Int32

    /// - Precondition: the system's temporary folder can be written to, and the plugin was built beside the tests.
    package init(_ settings: Settings = Settings()) {
        let folder = TemporaryFolder()
        self.folder = folder
        self.device = "vmic:\(folder.path("microphone.conf"))"
        precondition(mkfifo(folder.path("control"), 0o600) == 0, "no FIFO: errno \(errno)")
        // For reading as well, so that a command may be sent before anybody listens.
        self.control = open(folder.path("control"), O_RDWR | O_NONBLOCK | O_CLOEXEC)
        precondition(self.control >= 0, "cannot open the FIFO: errno \(errno)")
        _ = folder.write(Array(settings.text(in: folder).utf8), to: "microphone.conf")
        let text = Self.configurationText(default: folder.path("microphone.conf"))
        _ = folder.write(Array(text.utf8), to: "asound.conf")
        _ = Self.processConfiguration
    }

    deinit {
        close(self.control)
    }

    /// A configuration file in which `vmic` and `default` are this microphone, and which has no other device.
    package var configuration: String { self.folder.path("asound.conf") }

    /// What a child process needs in its environment to open this microphone as `vmic` or `default`.
    package var environment: [String: String] { ["ALSA_CONFIG_PATH": self.configuration] }

    /// Asks for something to go wrong: when `frame` of the timeline is reached, or at once. The order of two commands for
    /// the same frame is kept, at most 64 wait, and one whose frame was passed while nobody listened happens at the next
    /// start.
    ///
    /// - Precondition: the FIFO has room, which holds some thousand commands.
    package func send(_ command: Command, at frame: Int64? = nil) {
        let line = Array((frame.map { "\(command.text) at \($0)\n" } ?? "\(command.text)\n").utf8)
        precondition(write(self.control, line, line.count) == line.count, "cannot send: errno \(errno)")
    }

    /// What the microphone did so far.
    package var journal: [Event] {
        String(decoding: self.folder.read("journal"), as: UTF8.self).split(separator: "\n").map(Event.init)
    }

    /// Frames of the timeline that no reader can have, in order: from what was read at an overrun, a loss or a stop to the
    /// next start, and what a stall swallowed. A loss that goes on is not in it.
    package var losses: [Range<Int64>] { Event.losses(in: self.journal) }
}

// MARK: - Configuration

extension VirtualMicrophone {
    /// Set once: changing the environment while another thread reads it is not safe.
    private static let processConfiguration: String = {
        var template = Array("\(TemporaryFolder.root)/steno-alsa-XXXXXX".utf8CString)
        let file = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
        let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let text = Array(VirtualMicrophone.configurationText(default: "").utf8)
        precondition(file >= 0 && write(file, text, text.count) == text.count, "cannot write \(path): errno \(errno)")
        close(file)
        setenv("ALSA_CONFIG_PATH", path, 1)
        atexit { unlink(VirtualMicrophone.processConfiguration) }
        return path
    }()

    /// The plugin, which the build puts beside the program that runs the tests.
    package static let plugin: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &path, Int(PATH_MAX))
        let program = path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        let folder = String(
            decoding: program.prefix(through: program.lastIndex(of: UInt8(ascii: "/")) ?? 0),
            as: UTF8.self
        )
        let plugin = folder + "libasound_module_pcm_vmic.so"
        precondition(access(plugin, R_OK) == 0, "'\(plugin)' is not there. Build with --build-tests.")
        return plugin
    }()

    private static func configurationText(default settings: String) -> String {
        """
        </usr/share/alsa/alsa.conf>
        pcm_type.vmic { lib "\(Self.plugin)" }
        pcm.vmic {
            @args [ SETTINGS ]
            @args.SETTINGS { type string default "\(settings)" }
            type vmic
            settings $SETTINGS
            hint { show on description "Microphone for tests" }
        }
        pcm.!default { type vmic settings "\(settings)" }

        """
    }
}
