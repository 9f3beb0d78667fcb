// Keeps the MP3 decoder that libsndfile uses from writing on standard error.
#ifndef CSNDFILE_QUIET_H
#define CSNDFILE_QUIET_H

/// How many MP3 decoders were silenced since the process began. For the test that sees that it works.
int steno_quiet_decoders(void);

#endif
