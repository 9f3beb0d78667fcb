// `snd_pcm_resume` of an I/O plugin answers 0 whatever the plugin says (alsa-lib 1.2.8, pcm_ioplug.c). A kernel answers
// -EAGAIN while the hardware sleeps and -ENOSYS where it cannot resume, and that is what a driver must be tested with.
#ifndef VMIC_RESUME_H
#define VMIC_RESUME_H

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#pragma GCC visibility push(hidden)

struct resume_hook {
    struct resume_hook *next;
    const snd_pcm_t *pcm;
    snd_pcm_ioplug_t *io;
    int (*resume)(snd_pcm_ioplug_t *io);
    // A copy of alsa-lib's table of operations with one of our own in it.
    void *operations[32];
};

// Does nothing where alsa-lib is not one whose inside is known; resuming then answers 0.
void resume_hook(struct resume_hook *hook, snd_pcm_ioplug_t *io, int (*resume)(snd_pcm_ioplug_t *io));
void resume_unhook(struct resume_hook *hook);

#pragma GCC visibility pop

#endif
