//! The sizes of rustc's own test program.
//@ program: tests/ui/print_type_sizes/async.rs
//@ size: `{async fn body of test()}` stock=16386 classic=16386 captures-only=8194 packed=8194
