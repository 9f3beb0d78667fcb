/// A machine whose wall clock jumps and whose names cannot be looked up, on command.
///
/// Preloaded into the built program (`LD_PRELOAD`), it takes the place of the C library's calls for the wall clock and
/// for names. `FAULTY_HOST_FOLDER` names a folder with the commands, which a test rewrites while the program runs:
///
/// * `clock`: by how many milliseconds the wall clock is wrong. Only the wall clock: every other one goes on as it is.
///   What waits until a time of the wall clock sees it jump too.
/// * `names`: what becomes of a lookup of `localhost`: `good`, `absent` (no such name), `busy` (no name server answers)
///   or `broken6` (`::1` first, then 127.0.0.1), and after that word perhaps a number: so many lookups go well first.
/// * `gate`: every lookup that this would hold waits until nobody has a lock on it (`flock`), and reads `names` then.
/// * `told`: a named pipe that gets a line for each lookup, before it waits.
///
/// Without the folder everything goes to the C library, as do lookups of any other name.
#ifndef FAULTY_HOST_H
#define FAULTY_HOST_H
#endif
