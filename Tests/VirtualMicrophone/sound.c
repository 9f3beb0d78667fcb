#define _GNU_SOURCE
#include "sound.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int sound_open(struct sound *sound, const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    struct stat status;
    int error = fstat(file, &status) != 0 ? errno : 0;
    if (error == 0 && status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes == MAP_FAILED) {
            error = errno;
        } else {
            sound->bytes = bytes;
            sound->size = (size_t)status.st_size;
        }
    }
    close(file);
    return -error;
}

void sound_close(struct sound *sound) {
    if (sound->bytes != NULL) munmap((void *)sound->bytes, sound->size);
    sound->bytes = NULL;
}

// The counter: the same function as `StenoTesting.CounterSignal`. Scatters the frame's index over 16 bits, so that a
// handful of frames in a row tell where on the timeline they are, and a wrong one shows at once.
static int16_t counter(int64_t frame, unsigned channel) {
    uint64_t mixed = (uint64_t)frame + ((uint64_t)channel << 40) + UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (int16_t)(uint16_t)(mixed ^ (mixed >> 31));
}

// `value` as the upper 16 bits of one sample, low byte first.
static void put(snd_pcm_format_t format, int32_t value, uint8_t *into) {
    int32_t wide = (int32_t)((uint32_t)value << 16);
    float fraction = (float)value / 32768;
    switch (format) {
    case SND_PCM_FORMAT_S16_LE:
        into[0] = (uint8_t)value, into[1] = (uint8_t)(value >> 8);
        break;
    case SND_PCM_FORMAT_S24_3LE:
        into[0] = 0, into[1] = (uint8_t)value, into[2] = (uint8_t)(value >> 8);
        break;
    case SND_PCM_FORMAT_FLOAT_LE:
        memcpy(into, &fraction, sizeof fraction);
        break;
    default:
        memcpy(into, &wide, sizeof wide);
        break;
    }
}

static const struct window *window_of(const struct microphone *microphone, int64_t frame) {
    unsigned count = microphone->window_count < MAX_WINDOWS ? microphone->window_count : MAX_WINDOWS;
    for (unsigned index = 0; index < count; index++) {
        const struct window *window = &microphone->windows[index];
        if (frame >= window->from && frame < window->to) return window;
    }
    return NULL;
}

void sound_write(const struct sound *sound, const struct microphone *microphone, snd_pcm_format_t format,
    unsigned channels, int64_t from, snd_pcm_uframes_t count, uint8_t *into) {
    size_t width = (size_t)snd_pcm_format_physical_width(format) / 8, frame_bytes = width * channels;
    int64_t length = (int64_t)(sound->size / frame_bytes);
    for (snd_pcm_uframes_t index = 0; index < count; index++, into += frame_bytes) {
        int64_t frame = from + (int64_t)index, place = frame;
        const struct window *window = window_of(microphone, frame);
        if (sound->after == AFTER_LOOP && length > 0) place %= length;
        if (window == NULL && place < length) {
            memcpy(into, sound->bytes + (size_t)place * frame_bytes, frame_bytes);
            continue;
        }
        for (unsigned channel = 0; channel < channels; channel++) {
            int32_t value = 0;
            if (window != NULL) {
                // A square wave of 250 Hz at 16 kHz: as loud as it gets, both ways.
                if (window->clips) value = frame / 32 % 2 == 0 ? 32767 : -32768;
            } else if (sound->after == AFTER_COUNTER) {
                value = counter(frame, channel);
            }
            put(format, value, into + channel * width);
        }
    }
}
