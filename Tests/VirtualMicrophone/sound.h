// What the microphone hears: for each frame of its timeline a value that is known before.
#ifndef VMIC_SOUND_H
#define VMIC_SOUND_H

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdint.h>

#include "microphone.h"

#pragma GCC visibility push(hidden)

enum after { AFTER_SILENCE, AFTER_LOOP, AFTER_COUNTER };

struct sound {
    // Interleaved frames of the file, mapped; NULL without one.
    const uint8_t *bytes;
    size_t size;
    enum after after;
};

// 0, or a negative error number.
int sound_open(struct sound *sound, const char *path);
void sound_close(struct sound *sound);
// Writes frames [from, from + count) of the timeline, interleaved.
void sound_write(const struct sound *sound, const struct microphone *microphone, snd_pcm_format_t format,
    unsigned channels, int64_t from, snd_pcm_uframes_t count, uint8_t *into);

#pragma GCC visibility pop

#endif
