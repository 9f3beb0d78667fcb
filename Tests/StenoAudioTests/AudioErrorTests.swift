import StenoAudio
import Testing

@Suite("Audio errors and warnings")
struct AudioErrorTests {
    @Test(
        "Each error says what happened and what to do",
        arguments: [
            (.missing, .notFound, "'a.wav' does not exist. Check the name."),
            (.folder, .notFound, "'a.wav' is a folder. Name an audio file in it."),
            (.notPermitted, .notFound, "'a.wav' may not be read by this user. Ask its owner for permission."),
            (.empty, .notAudio, "'a.wav' is empty. There is nothing to recognise."),
            (.unknownKind, .notAudio, "'a.wav' is not audio that can be read. Use WAV, FLAC, OGG, MP3 or AIFF."),
            (.noFrames, .notAudio, "'a.wav' holds no sound. There is nothing to recognise."),
            (
                .cutInHeader, .notAudio,
                "'a.wav' ends before its sound begins. Copy it again from where it was made."
            ),
            (
                .impossibleFormat(rate: 0, channels: 3), .notAudio,
                "'a.wav' says it has 3 channels at 0 Hz, which no recording has. Save it again as WAV."
            ),
            (
                .needsFile(kind: "FLAC"), .notAudio,
                "'a.wav' carries FLAC, which is only read from a file. Save it and pass the file, or pipe WAV."
            ),
            (
                .readFailed, .unreadable,
                "'a.wav' can no longer be read. Check the disk or the program that sends it."
            ),
            (.shortened, .unreadable, "'a.wav' became shorter while it was read. Leave it alone until the end."),
            (
                .storage(folder: "t"), .storageRefused,
                "Sound cannot be stored in 't'. See that the disk has room and may be written to."
            ),
            (
                .noThread, .limited,
                "The system gives steno no thread for 'a.wav'. "
                    + "Raise its limits, such as 'ulimit -u', 'ulimit -v' or TasksMax=."
            ),
            (.cancelled, .cancelled, "Reading 'a.wav' was stopped."),
        ] as [(AudioError.Reason, AudioError.Code, String)]
    )
    func errors(reason: AudioError.Reason, code: AudioError.Code, text: String) {
        let error = AudioError(reason, path: "a.wav", cause: "read: 5")
        #expect(error.code == code)
        #expect(error.description == text)
    }

    @Test("Standard input is called by its name")
    func standardInput() {
        #expect(AudioError(.empty, path: "-").description == "Standard input is empty. There is nothing to recognise.")
    }

    @Test(
        "Each warning is one line",
        arguments: [
            (.truncated(missing: 16_001), "'a.wav' is cut off: 1.01 s that it promises are not in it."),
            (.truncated(missing: 1), "'a.wav' is cut off: 0.01 s that it promises are not in it."),
            (.wrongSize, "'a.wav' gives a wrong length in its header. All of its sound is used."),
            (.damaged, "'a.wav' is damaged. What could be read of it is used."),
            (.partialFrame, "'a.wav' ends in the middle of a sample, which is left out."),
            (.clipped(frames: 1_600_000), "'a.wav' is too loud: 100.00 s of it are distorted."),
            (
                .notRecorded(frames: 8_000),
                "'a.wav': 0.50 s could not be stored. See that the disk has room and is sound."
            ),
        ] as [(AudioWarning.Kind, String)]
    )
    func warnings(kind: AudioWarning.Kind, text: String) {
        #expect(AudioWarning(kind, path: "a.wav").description == text)
    }
}
