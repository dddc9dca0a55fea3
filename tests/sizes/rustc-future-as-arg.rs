//! The sizes of rustc's own test program.
//@ program: tests/ui/async-await/future-sizes/future-as-arg.rs
//@ size: `{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of test()}>()}>()}>()}>()}>()}` stock=575 classic=575 captures-only=22 packed=22
