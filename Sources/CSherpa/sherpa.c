#include "CSherpa.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

enum { sample_rate = 16000, window_frames = 512 };
/// Seconds the detector's buffer holds before it grows (and says so on stderr): well above the longest stretch.
static const float detector_buffer_seconds = 60;

/// The functions of the library that are used, under the names it exports them by.
struct csherpa_library {
    const char *(*version)(void);
    const void *(*create_recognizer)(const struct sherpa_recognizer_settings *);
    void (*destroy_recognizer)(const void *recognizer);
    const void *(*create_stream)(const void *recognizer);
    void (*destroy_stream)(const void *stream);
    void (*stream_accept)(const void *stream, int32_t rate, const float *samples, int32_t count);
    void (*decode)(const void *recognizer, const void *stream);
    const struct sherpa_result *(*result)(const void *stream);
    void (*destroy_result)(const struct sherpa_result *);
    const void *(*create_detector)(const struct sherpa_detector_settings *, float buffer_seconds);
    void (*destroy_detector)(const void *detector);
    void (*detector_accept)(const void *detector, const float *samples, int32_t count);
    int32_t (*detector_is_empty)(const void *detector);
    int32_t (*detector_is_speech)(const void *detector);
    const struct sherpa_segment *(*detector_front)(const void *detector);
    void (*destroy_segment)(const struct sherpa_segment *);
    void (*detector_pop)(const void *detector);
    void (*detector_flush)(const void *detector);
    void (*detector_reset)(const void *detector);
};

struct csherpa_recognizer {
    const csherpa_library *library;
    const void *handle;
};

struct csherpa_detector {
    const csherpa_library *library;
    const void *handle;
};

/// One exported name, and the place in the table where its address goes.
struct symbol {
    const char *name;
    size_t offset;
};

#define SYMBOL(member, name) { "SherpaOnnx" name, offsetof(struct csherpa_library, member) }

static const struct symbol symbols[] = {
    SYMBOL(version, "GetVersionStr"),
    SYMBOL(create_recognizer, "CreateOfflineRecognizer"),
    SYMBOL(destroy_recognizer, "DestroyOfflineRecognizer"),
    SYMBOL(create_stream, "CreateOfflineStream"),
    SYMBOL(destroy_stream, "DestroyOfflineStream"),
    SYMBOL(stream_accept, "AcceptWaveformOffline"),
    SYMBOL(decode, "DecodeOfflineStream"),
    SYMBOL(result, "GetOfflineStreamResult"),
    SYMBOL(destroy_result, "DestroyOfflineRecognizerResult"),
    SYMBOL(create_detector, "CreateVoiceActivityDetector"),
    SYMBOL(destroy_detector, "DestroyVoiceActivityDetector"),
    SYMBOL(detector_accept, "VoiceActivityDetectorAcceptWaveform"),
    SYMBOL(detector_is_empty, "VoiceActivityDetectorEmpty"),
    SYMBOL(detector_is_speech, "VoiceActivityDetectorDetected"),
    SYMBOL(detector_front, "VoiceActivityDetectorFront"),
    SYMBOL(destroy_segment, "DestroySpeechSegment"),
    SYMBOL(detector_pop, "VoiceActivityDetectorPop"),
    SYMBOL(detector_flush, "VoiceActivityDetectorFlush"),
    SYMBOL(detector_reset, "VoiceActivityDetectorReset"),
};

static_assert(
    sizeof symbols / sizeof symbols[0] * sizeof(void *) == sizeof(struct csherpa_library),
    "every member of the table has its symbol");

static void explain(char *message, size_t capacity, const char *what, const char *detail) {
    if (capacity > 0) {
        snprintf(message, capacity, "%s: %s", what, detail != NULL ? detail : "no reason given");
    }
}

static bool find_symbols(csherpa_library *library, void *handle, char *message, size_t capacity) {
    for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++) {
        void *address = dlsym(handle, symbols[index].name);
        if (address == NULL) {
            explain(message, capacity, "no such function", symbols[index].name);
            return false;
        }
        // ISO C has no cast from an object pointer to a function pointer; POSIX says their bytes are the same.
        memcpy((char *)library + symbols[index].offset, &address, sizeof address);
    }
    return true;
}

csherpa_library *csherpa_open(
    const char *runtime_path, const char *library_path, char *message, size_t capacity) {
    // Once loaded from here, the run-time is the one the library gets: a search path cannot slip in another.
    if (dlopen(runtime_path, RTLD_NOW | RTLD_LOCAL) == NULL) {
        explain(message, capacity, "run-time", dlerror());
        return NULL;
    }
    void *handle = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        explain(message, capacity, "library", dlerror());
        return NULL;
    }
    csherpa_library *library = calloc(1, sizeof *library);
    if (library == NULL) {
        explain(message, capacity, "library", "out of memory");
        return NULL;
    }
    if (!find_symbols(library, handle, message, capacity)) {
        free(library);
        return NULL;
    }
    const char *version = library->version();
    if (version == NULL || strcmp(version, CSHERPA_VERSION) != 0) {
        explain(message, capacity, "version is not " CSHERPA_VERSION, version);
        free(library);
        return NULL;
    }
    return library;
}

void csherpa_release(csherpa_library *library) {
    free(library);
}

csherpa_recognizer *csherpa_recognizer_create(
    const csherpa_library *library, const char *encoder, const char *decoder, const char *tokens, int32_t threads) {
    struct sherpa_recognizer_settings settings = {0};
    settings.sample_rate = sample_rate;
    settings.feature_count = 80;
    settings.model.tokens = tokens;
    settings.model.num_threads = threads;
    settings.model.provider = "cpu";
    settings.model.moonshine.encoder = encoder;
    settings.model.moonshine.merged_decoder = decoder;
    settings.decoding_method = "greedy_search";

    csherpa_recognizer *recognizer = calloc(1, sizeof *recognizer);
    if (recognizer == NULL) {
        return NULL;
    }
    recognizer->library = library;
    recognizer->handle = library->create_recognizer(&settings);
    if (recognizer->handle == NULL) {
        free(recognizer);
        return NULL;
    }
    return recognizer;
}

void csherpa_recognizer_destroy(csherpa_recognizer *recognizer) {
    recognizer->library->destroy_recognizer(recognizer->handle);
    free(recognizer);
}

char *csherpa_recognizer_decode(csherpa_recognizer *recognizer, const float *samples, int32_t count) {
    const csherpa_library *library = recognizer->library;
    const void *stream = library->create_stream(recognizer->handle);
    if (stream == NULL) {
        return NULL;
    }
    library->stream_accept(stream, sample_rate, samples, count);
    library->decode(recognizer->handle, stream);
    const struct sherpa_result *result = library->result(stream);
    char *text = NULL;
    if (result != NULL) {
        text = result->text != NULL ? strdup(result->text) : NULL;
        library->destroy_result(result);
    }
    library->destroy_stream(stream);
    return text;
}

csherpa_detector *csherpa_detector_create(
    const csherpa_library *library, const char *model, csherpa_detector_settings wanted) {
    struct sherpa_detector_settings settings = {0};
    settings.silero.model = model;
    settings.silero.threshold = wanted.threshold;
    settings.silero.min_silence_duration = wanted.minimum_silence;
    settings.silero.min_speech_duration = wanted.minimum_speech;
    settings.silero.max_speech_duration = wanted.maximum_speech;
    settings.silero.window_size = window_frames;
    settings.sample_rate = sample_rate;
    settings.num_threads = 1;
    settings.provider = "cpu";

    csherpa_detector *detector = calloc(1, sizeof *detector);
    if (detector == NULL) {
        return NULL;
    }
    detector->library = library;
    detector->handle = library->create_detector(&settings, detector_buffer_seconds);
    if (detector->handle == NULL) {
        free(detector);
        return NULL;
    }
    return detector;
}

void csherpa_detector_destroy(csherpa_detector *detector) {
    detector->library->destroy_detector(detector->handle);
    free(detector);
}

void csherpa_detector_accept(csherpa_detector *detector, const float *samples, int32_t count) {
    detector->library->detector_accept(detector->handle, samples, count);
}

int csherpa_detector_is_speech(const csherpa_detector *detector) {
    return detector->library->detector_is_speech(detector->handle) != 0;
}

int csherpa_detector_pop(csherpa_detector *detector, int64_t *start, int64_t *count) {
    if (detector->library->detector_is_empty(detector->handle) != 0) {
        return 0;
    }
    const struct sherpa_segment *segment = detector->library->detector_front(detector->handle);
    if (segment == NULL) {
        return 0;
    }
    *start = segment->start;
    *count = segment->count;
    detector->library->destroy_segment(segment);
    detector->library->detector_pop(detector->handle);
    return 1;
}

void csherpa_detector_flush(csherpa_detector *detector) {
    detector->library->detector_flush(detector->handle);
}

void csherpa_detector_reset(csherpa_detector *detector) {
    detector->library->detector_reset(detector->handle);
}
