#include "CALSAShim.h"
