// What the test commands.
#ifndef FAULTY_HOST_HOST_H
#define FAULTY_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "FaultyHost.h"

#define REPLACES __attribute__((visibility("default")))

#pragma GCC visibility push(hidden)

// A file of the folder; negative where there is none.
int host_open(const char *name, int flags);
// The beginning of a file of the folder, as text; false where there is none.
bool host_read(const char *name, char *text, size_t size);
// Says a line to the test, if it listens.
void host_tell(const char *text);

#pragma GCC visibility pop

#endif
