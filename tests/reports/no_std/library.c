#include <stddef.h>
#include <stdio.h>

unsigned run(const unsigned *values, size_t count);

int main(void) {
    const unsigned values[] = {1, 2, 3, 4, 5};
    printf("%u\n", run(values, 5));
}
