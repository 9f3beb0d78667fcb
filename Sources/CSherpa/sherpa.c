#include "CSherpa.h"
