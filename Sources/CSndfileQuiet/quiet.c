// libsndfile makes its MP3 decoder without the flag that keeps it quiet, and has no option for it. The decoder then
// writes a line on standard error for each flaw of a file, in the midst of what the program shows there.
//
// A symbol of the program goes before the same symbol of a library. So libsndfile finds this function in place of
// libmpg123's own, which it calls and whose result it silences.

#define _GNU_SOURCE
#include "CSndfileQuiet.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

typedef struct mpg123_handle_struct mpg123_handle;
typedef mpg123_handle *(*make_decoder)(const char *, int *);
typedef int (*set_parameter)(mpg123_handle *, int, long, double);

// `MPG123_ADD_FLAGS` and `MPG123_QUIET` of mpg123.h, which are part of its stable interface.
enum { add_flags = 2, quiet = 0x20 };

static atomic_int quiet_decoders;

int steno_quiet_decoders(void) {
    return atomic_load(&quiet_decoders);
}

__attribute__((visibility("default"))) mpg123_handle *mpg123_new(const char *decoder, int *error) {
    make_decoder make = (make_decoder)dlsym(RTLD_NEXT, "mpg123_new");
    set_parameter set = (set_parameter)dlsym(RTLD_NEXT, "mpg123_param");
    mpg123_handle *handle = make != NULL ? make(decoder, error) : NULL;
    if (handle != NULL && set != NULL && set(handle, add_flags, quiet, 0) == 0) atomic_fetch_add(&quiet_decoders, 1);
    return handle;
}
