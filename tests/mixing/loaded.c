/* Prints what the library that it loads answers. */

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t (*function)(uint8_t number);

int main(void) {
    void *library = dlopen("./libexports.so", RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    function plain = (function)dlsym(library, "plain");
    function answer = (function)dlsym(library, "answer");
    if (!plain || !answer) {
        fprintf(stderr, "the library lacks a function\n");
        return 1;
    }
    printf("%llu %llu\n", (unsigned long long)plain(9), (unsigned long long)answer(9));
    return 0;
}
