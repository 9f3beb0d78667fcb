#include "CALSAShim.h"

#include <alsa/asoundlib.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

static _Atomic(void (*)(const char *)) sink;

static void receive(const char *file, int line, const char *function, int code, const char *format, ...) {
    (void)file;
    (void)line;
    void (*log)(const char *) = atomic_load(&sink);
    if (log == NULL) return;
    char text[512];
    int used = snprintf(text, sizeof text, "%s: ", function);
    if (used < 0 || (size_t)used >= sizeof text) return;
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(text + used, sizeof text - (size_t)used, format, arguments);
    va_end(arguments);
    if (more < 0) return;
    used += more;
    if (code != 0 && (size_t)used < sizeof text) {
        snprintf(text + used, sizeof text - (size_t)used, ": %s", snd_strerror(code));
    }
    log(text);
}

void steno_alsa_log_to(void (*log)(const char *line)) {
    atomic_store(&sink, log);
    snd_lib_error_set_handler(receive);
}
