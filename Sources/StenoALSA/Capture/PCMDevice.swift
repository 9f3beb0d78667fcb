import CALSA
import Glibc
import StenoAudio
import StenoCore

/// An open capture device: one `snd_pcm_t`, read-write access, non-blocking. One thread at a time owns it.
final class PCMDevice {
    let handle: OpaquePointer
    let format: CaptureFormat
    /// The device's own descriptors, and one more in front for whoever wants to wake the thread.
    private var descriptors: [pollfd]

    private var isClosed = false

    /// More than any device has; the number comes from a plugin.
    private static let mostDescriptors = 64

    /// The card behind it; `nil` for what is no card of the kernel, such as a sound server.
    let card: CardIdentity?

    /// By itself, a converter of libasound does nothing: what the card really gives is asked for.
    private static let plain = SND_PCM_NONBLOCK | noResample | noChannels | noFormat
    private static let noResample: Int32 = 0x0001_0000
    private static let noChannels: Int32 = 0x0002_0000
    private static let noFormat: Int32 = 0x0004_0000

    /// Opens `name` and agrees on a format: without a converter in between, and with one only where there is no other
    /// way.
    static func open(_ name: String, channel: ChannelChoice, device: String) throws(CaptureError) -> PCMDevice {
        do throws(CaptureError) {
            return try PCMDevice(name, mode: Self.plain, channel: channel, device: device)
        } catch {
            guard error.reason == .unusable else { throw error }
            return try PCMDevice(name, mode: SND_PCM_NONBLOCK, channel: channel, device: device)
        }
    }

    private init(_ name: String, mode: Int32, channel: ChannelChoice, device: String) throws(CaptureError) {
        var handle: OpaquePointer?
        let result = snd_pcm_open(&handle, name, SND_PCM_STREAM_CAPTURE, mode)
        guard result == 0, let handle else {
            var trouble = ALSAResult.trouble(result)
            // Without permission for any card, libasound finds none.
            if trouble == .absent, SoundNodes.areForbidden() { trouble = .notPermitted }
            throw ALSAResult.error(trouble, device: device, pcm: name, cause: "snd_pcm_open: \(result)")
        }
        do throws(CaptureError) {
            self.format = try PCMNegotiation(handle, device: device, pcm: name).agree(channel)
        } catch {
            snd_pcm_close(handle)
            throw error
        }
        self.handle = handle
        self.card = Self.card(of: handle)
        let count = min(max(0, snd_pcm_poll_descriptors_count(handle)), Int32(Self.mostDescriptors))
        self.descriptors = [pollfd](repeating: pollfd(fd: -1, events: 0, revents: 0), count: Int(count) + 1)
    }

    private static func card(of handle: OpaquePointer) -> CardIdentity? {
        var allocated: OpaquePointer?
        guard snd_pcm_info_malloc(&allocated) == 0, let info = allocated else { return nil }
        defer { snd_pcm_info_free(info) }
        guard snd_pcm_info(handle, info) == 0 else { return nil }
        let number = snd_pcm_info_get_card(info)
        var name: UnsafeMutablePointer<CChar>?
        guard number >= 0, snd_card_get_name(number, &name) == 0, let name else { return nil }
        defer { free(name) }
        return CardIdentity(card: Int(number), name: String(cString: name), sysfs: Sysfs())
    }

    deinit {
        self.close()
    }

    /// Gives the device back. Nothing else may be called afterwards.
    func close() {
        guard !self.isClosed else { return }
        self.isClosed = true
        snd_pcm_close(self.handle)
    }

    var state: snd_pcm_state_t { snd_pcm_state(self.handle) }

    /// Prepares and starts, whatever it was doing: a capture device does not start by itself.
    func restart() -> CaptureStateMachine.Revival {
        snd_pcm_drop(self.handle)
        var result = snd_pcm_prepare(self.handle)
        if result >= 0 { result = snd_pcm_start(self.handle) }
        return result < 0 ? self.revival(result) : .done
    }

    func resume() -> CaptureStateMachine.Revival {
        let result = snd_pcm_resume(self.handle)
        switch -result {
        case _ where result >= 0: return .done
        case EAGAIN: return .notYet
        // It cannot resume, and is restarted in the place of it.
        case ENOSYS: return .fault(.suspended)
        default: return self.revival(result)
        }
    }

    private func revival(_ result: Int32) -> CaptureStateMachine.Revival {
        .fault(ALSAResult.fault(result, state: self.state))
    }

    /// How many frames are there.
    func look() -> CaptureStateMachine.Frames {
        let count = snd_pcm_avail(self.handle)
        if count > 0 { return .some(Int(count)) }
        return count == 0 ? self.standing : self.frames(Int32(clamping: count))
    }

    /// Reads at most `frames` into `bytes`.
    func read(_ frames: Int, into bytes: UnsafeMutableRawPointer) -> CaptureStateMachine.Frames {
        let count = snd_pcm_readi(self.handle, bytes, snd_pcm_uframes_t(frames))
        if count > 0 { return .some(Int(count)) }
        return count == 0 ? .nothing : self.frames(Int32(clamping: count))
    }

    private func frames(_ result: Int32) -> CaptureStateMachine.Frames {
        switch -result {
        case EAGAIN, EINTR: self.standing
        default: .fault(ALSAResult.fault(result, state: self.state))
        }
    }

    /// Nothing is there. Some drivers say so for ever instead of telling what is wrong.
    private var standing: CaptureStateMachine.Frames {
        ALSAResult.fault(of: self.state).map { .fault($0) } ?? .nothing
    }

    /// Waits for the device, for `wake`, at most so long.
    func wait(orFor wake: Int32, milliseconds: Int32) -> CaptureStateMachine.Waited {
        self.descriptors[0] = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        let handle = self.handle
        return self.descriptors.withUnsafeMutableBufferPointer { all in
            let own = UnsafeMutableBufferPointer(rebasing: all[1...])
            // Asked each time: a device that was prepared anew may have other ones.
            let count = snd_pcm_poll_descriptors(handle, own.baseAddress, UInt32(own.count))
            guard count > 0 else {
                _ = poll(all.baseAddress, 1, milliseconds)
                return Self.waited(in: snd_pcm_state(handle)) ?? .elapsed
            }
            let ready = poll(all.baseAddress, nfds_t(count) + 1, milliseconds)
            guard ready > 0 else { return Self.waited(in: snd_pcm_state(handle)) ?? .elapsed }
            var events: UInt16 = 0
            let result = snd_pcm_poll_descriptors_revents(handle, own.baseAddress, UInt32(count), &events)
            guard result >= 0 else { return .fault(ALSAResult.fault(result, state: snd_pcm_state(handle))) }
            if events & UInt16(POLLERR | POLLHUP | POLLNVAL) != 0 {
                // The state says what it is. One that runs is looked at: reading tells.
                return Self.waited(in: snd_pcm_state(handle)) ?? .readable
            }
            // A descriptor that is ready although nothing is there counts as a wake-up: it may stay ready for ever.
            let isReady = own[..<Int(count)].contains { $0.revents != 0 }
            return isReady || events & UInt16(POLLIN) != 0 ? .readable : .elapsed
        }
    }

    private static func waited(in state: snd_pcm_state_t) -> CaptureStateMachine.Waited? {
        ALSAResult.fault(of: state).map { .fault($0) }
    }
}
