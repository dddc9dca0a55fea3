//! The sizes of rustc's own test program.
//@ program: tests/ui/async-await/future-sizes/async-awaiting-fut.rs
//@ size: `{async fn body of test()}` stock=3078 classic=3078 captures-only=2053 packed=1029
//@ size: `{async fn body of calls_fut<{async fn body of big_fut()}>()}` stock=3077 classic=3077 captures-only=2052 packed=1028
//@ size: `{async fn body of big_fut()}` stock=1025 classic=1025 captures-only=1025 packed=1025
