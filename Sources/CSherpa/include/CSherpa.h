// The part of the sherpa-onnx C interface that steno uses, opened at run time so that the build never needs it.
//
// Every function here takes what an earlier one returned and is safe to call from any one thread at a time; which
// calls may overlap is said at each type.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// The opened library: its functions. Safe to use from several threads at once.
typedef struct csherpa_library csherpa_library;
/// A loaded model that turns whole pieces of audio into text. One call at a time.
typedef struct csherpa_recognizer csherpa_recognizer;
/// A detector of speech in one stream of audio. One call at a time.
typedef struct csherpa_detector csherpa_detector;

/// The version whose structures this target declares. Another one may lay them out otherwise and is refused.
#define CSHERPA_VERSION "2.0.1"

/// Opens the library at two absolute paths: the run-time it stands on first, so that no other copy is picked up.
///
/// Returns NULL when something is missing, and then says what in `message` (always terminated, cut at `capacity`).
csherpa_library *csherpa_open(
    const char *runtime_path, const char *library_path, char *message, size_t capacity);

/// Frees what `csherpa_open` made, after the last recogniser and detector. The code itself stays loaded, because the
/// run-time keeps threads and globals that do not survive an unload.
void csherpa_release(csherpa_library *library);

/// Loads the Moonshine model from its three files. NULL when the library refuses them.
///
/// A damaged file ends the whole process inside the library: check the files first.
csherpa_recognizer *csherpa_recognizer_create(
    const csherpa_library *library, const char *encoder, const char *decoder, const char *tokens, int32_t threads);
void csherpa_recognizer_destroy(csherpa_recognizer *recognizer);

/// Recognises `count` samples of 16 kHz mono audio in [-1, 1]. The text is the caller's, to be released with `free`;
/// NULL when there is no memory or no result.
char *csherpa_recognizer_decode(csherpa_recognizer *recognizer, const float *samples, int32_t count);

/// What a detector is told once. Seconds, except the threshold (a probability).
typedef struct {
    float threshold;
    float minimum_silence;
    float minimum_speech;
    float maximum_speech;
} csherpa_detector_settings;

/// Loads Silero from `model`; audio comes in windows of 512 samples. NULL when the library refuses the file.
csherpa_detector *csherpa_detector_create(
    const csherpa_library *library, const char *model, csherpa_detector_settings settings);
void csherpa_detector_destroy(csherpa_detector *detector);

/// Takes the next `count` samples of 16 kHz mono audio in [-1, 1].
void csherpa_detector_accept(csherpa_detector *detector, const float *samples, int32_t count);
/// Somebody is speaking at the end of what was taken.
int csherpa_detector_is_speech(const csherpa_detector *detector);
/// Takes out the earliest finished stretch of speech, in samples since the last reset. 0 when there is none.
int csherpa_detector_pop(csherpa_detector *detector, int64_t *start, int64_t *count);
/// Finishes the open stretch of speech where it is.
void csherpa_detector_flush(csherpa_detector *detector);
/// Forgets everything, and counts samples from 0 again.
void csherpa_detector_reset(csherpa_detector *detector);
