// What the configuration says about the microphone.
#ifndef VMIC_SETTINGS_H
#define VMIC_SETTINGS_H

#include <alsa/asoundlib.h>

#include "sound.h"

#pragma GCC visibility push(hidden)

enum { MAX_CHOICES = 8 };

struct settings {
    char *control, *journal, *infile;
    enum after after;
    unsigned formats[MAX_CHOICES], rates[MAX_CHOICES], channels[MAX_CHOICES];
    unsigned format_count, rate_count, channel_count;
    double speed;
    // All in frames.
    unsigned granularity, period_min, period_max, buffer_min, buffer_max;
};

// 0, or a negative error number after a line to alsa-lib's error handler.
int settings_read(struct settings *settings, snd_config_t *config);
void settings_free(struct settings *settings);

#pragma GCC visibility pop

#endif
