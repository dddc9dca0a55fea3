// The C side of `names_lib.rs`: what it imports, and calls of what it exports.

#include <stdio.h>

int c_static = 7;
__thread int c_local = 8;
int c_function(int x) { return x + 1; }

extern int rust_static;
extern __thread int rust_local;
int rust_function(int x);
int rust_naked(int x);
int rust_assembles(int x);
int rust_by_two_names(int x);

int called_from_c(void) {
    rust_local += 1;
    return rust_static + rust_local + rust_function(1) + rust_naked(2) + rust_assembles(3)
        + rust_by_two_names(4);
}
