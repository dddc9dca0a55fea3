/* What `wraps_c` is about. */

#include <stdint.h>

uint64_t times_five(uint8_t number) {
    return 5 * (uint64_t)number;
}
