#pragma once

/// Has everything that libasound would print to standard error given to `log`, as one line without its end. The handler
/// of libasound takes variable arguments, which Swift cannot receive. For the whole process; `log` may be called on any
/// thread.
void steno_alsa_log_to(void (*log)(const char *line));
