/* Prints what the library that it is linked with answers. */

#include <stdint.h>
#include <stdio.h>

uint64_t plain(uint8_t number);
uint64_t answer(uint8_t number);

int main(void) {
    printf("%llu %llu\n", (unsigned long long)plain(9), (unsigned long long)answer(9));
    return 0;
}
