#define _GNU_SOURCE
#include "resume.h"

#include <pthread.h>
#include <string.h>

// `snd_pcm_fast_ops_t` of alsa-lib 1.2.x (pcm_local.h): 30 pointers, of which `resume` is the eleventh.
enum { OPERATIONS = 30, RESUME = 10, WORDS_TO_SEARCH = 64 };

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct resume_hook *list;

static int resume(snd_pcm_t *pcm) {
    pthread_mutex_lock(&list_lock);
    struct resume_hook *hook = list;
    while (hook != NULL && hook->pcm != pcm) hook = hook->next;
    pthread_mutex_unlock(&list_lock);
    return hook != NULL ? hook->resume(hook->io) : -ENOSYS;
}

void resume_hook(struct resume_hook *hook, snd_pcm_ioplug_t *io, int (*answer)(snd_pcm_ioplug_t *io)) {
    if (strncmp(snd_asoundlib_version(), "1.2.", 4) != 0) return;
    // In `struct _snd_pcm` the table's address stands before two pointers to the struct itself, `op_arg` and
    // `fast_op_arg`, and after them comes `private_data`. Nothing else in it looks like that.
    void **words = (void **)io->pcm;
    for (int index = 1; index < WORDS_TO_SEARCH; index++) {
        if (words[index] != io->pcm || words[index + 1] != io->pcm) continue;
        memcpy(hook->operations, words[index - 1], OPERATIONS * sizeof(void *));
        hook->operations[RESUME] = (void *)resume;
        hook->pcm = io->pcm;
        hook->io = io;
        hook->resume = answer;
        pthread_mutex_lock(&list_lock);
        hook->next = list;
        list = hook;
        pthread_mutex_unlock(&list_lock);
        words[index - 1] = hook->operations;
        return;
    }
}

void resume_unhook(struct resume_hook *hook) {
    pthread_mutex_lock(&list_lock);
    for (struct resume_hook **known = &list; *known != NULL; known = &(*known)->next) {
        if (*known != hook) continue;
        *known = hook->next;
        break;
    }
    pthread_mutex_unlock(&list_lock);
}
