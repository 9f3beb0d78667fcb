import CSherpa

/// The opened sherpa-onnx library.
///
/// Sendable although it holds a pointer: the table behind it is written once, before `init` returns, and only read after
/// that; it is freed when the last owner is gone, and everything made from it owns it.
final class EngineLibrary: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Throws: `refused`.
    init(files: EngineFiles) throws(EngineError) {
        var message = [CChar](repeating: 0, count: 512)
        let opened = csherpa_open(
            files.path(EnginePins.runtime),
            files.path(EnginePins.library),
            &message,
            message.count
        )
        guard let opened else {
            let cause = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw EngineError(.refused, path: files.folder, cause: String(decoding: cause, as: UTF8.self))
        }
        self.pointer = opened
    }

    deinit {
        csherpa_release(self.pointer)
    }
}
