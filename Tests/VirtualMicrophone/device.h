// One open device: an I/O plugin of alsa-lib with a stream on it.
#ifndef VMIC_DEVICE_H
#define VMIC_DEVICE_H

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#include "resume.h"
#include "settings.h"
#include "stream.h"

#pragma GCC visibility push(hidden)

struct device {
    snd_pcm_ioplug_t io;
    struct settings settings;
    struct sound sound;
    struct stream stream;
    // The timer wakes the application for audio, the FIFO for a command.
    int timer;
    int64_t wake_time;
    // Keeps alsa-lib from answering `snd_pcm_resume` itself.
    struct resume_hook hook;
};

// What alsa-lib calls.
extern const snd_pcm_ioplug_callback_t device_callbacks;
int device_resume(snd_pcm_ioplug_t *io);
// Gives back everything, however far it came.
void device_destroy(struct device *device);

#pragma GCC visibility pop

#endif
