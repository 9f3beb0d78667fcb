// The structures of sherpa-onnx 2.0.1 that cross its C interface, reduced to the members that are set or read here.
//
// The rest is reserved space: the library takes zero to mean "not given" everywhere. Each offset below is what a compiler
// made of the library's own header on 64-bit Linux.
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/// Members that belong to models we do not use; a pointer each, or two 32-bit numbers.
#define RESERVED_WORDS(count) uint64_t reserved_##count[count]

struct sherpa_moonshine {
    const char *preprocessor;
    const char *encoder;
    const char *uncached_decoder;
    const char *cached_decoder;
    const char *merged_decoder;
};

struct sherpa_model {
    RESERVED_WORDS(12);
    const char *tokens;
    int32_t num_threads;
    int32_t debug;
    const char *provider;
    RESERVED_WORDS(7);
    struct sherpa_moonshine moonshine;
    RESERVED_WORDS(36);
};

struct sherpa_recognizer_settings {
    int32_t sample_rate;
    int32_t feature_count;
    struct sherpa_model model;
    RESERVED_WORDS(2);
    const char *decoding_method;
    RESERVED_WORDS(11);
};

static_assert(sizeof(struct sherpa_moonshine) == 40, "");
static_assert(offsetof(struct sherpa_model, tokens) == 96, "");
static_assert(offsetof(struct sherpa_model, num_threads) == 104, "");
static_assert(offsetof(struct sherpa_model, debug) == 108, "");
static_assert(offsetof(struct sherpa_model, provider) == 112, "");
static_assert(offsetof(struct sherpa_model, moonshine) == 176, "");
static_assert(sizeof(struct sherpa_model) == 504, "");
static_assert(offsetof(struct sherpa_recognizer_settings, model) == 8, "");
static_assert(offsetof(struct sherpa_recognizer_settings, decoding_method) == 528, "");
static_assert(sizeof(struct sherpa_recognizer_settings) == 624, "");

/// The text comes first; the library allocates and releases the rest, which is not read.
struct sherpa_result {
    const char *text;
    RESERVED_WORDS(15);
};

static_assert(offsetof(struct sherpa_result, text) == 0, "");
static_assert(sizeof(struct sherpa_result) == 128, "");

struct sherpa_silero {
    const char *model;
    float threshold;
    float min_silence_duration;
    float min_speech_duration;
    int32_t window_size;
    float max_speech_duration;
};

struct sherpa_detector_settings {
    struct sherpa_silero silero;
    int32_t sample_rate;
    int32_t num_threads;
    const char *provider;
    int32_t debug;
    struct sherpa_silero other;
};

static_assert(offsetof(struct sherpa_silero, threshold) == 8, "");
static_assert(offsetof(struct sherpa_silero, max_speech_duration) == 24, "");
static_assert(sizeof(struct sherpa_silero) == 32, "");
static_assert(offsetof(struct sherpa_detector_settings, sample_rate) == 32, "");
static_assert(offsetof(struct sherpa_detector_settings, num_threads) == 36, "");
static_assert(offsetof(struct sherpa_detector_settings, provider) == 40, "");
static_assert(offsetof(struct sherpa_detector_settings, debug) == 48, "");
static_assert(offsetof(struct sherpa_detector_settings, other) == 56, "");
static_assert(sizeof(struct sherpa_detector_settings) == 88, "");

/// A finished stretch of speech. The library counts in 32 bits behind this 64-bit member, so a detector has to be reset
/// before 2^31 samples (37 hours) have gone by.
struct sherpa_segment {
    int64_t start;
    float *samples;
    int32_t count;
};

static_assert(offsetof(struct sherpa_segment, start) == 0, "");
static_assert(offsetof(struct sherpa_segment, samples) == 8, "");
static_assert(offsetof(struct sherpa_segment, count) == 16, "");
static_assert(sizeof(struct sherpa_segment) == 24, "");
