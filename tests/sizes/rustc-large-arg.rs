//! The sizes of rustc's own test program.
//@ program: tests/ui/async-await/future-sizes/large-arg.rs
//@ size: `{async fn body of test()}` stock=3076 classic=3076 captures-only=1028 packed=1028
//@ size: `{async fn body of a<[u8; 1024]>()}` stock=3075 classic=3075 captures-only=1027 packed=1027
//@ size: `{async fn body of b<[u8; 1024]>()}` stock=2050 classic=2050 captures-only=1026 packed=1026
//@ size: `{async fn body of c<[u8; 1024]>()}` stock=1025 classic=1025 captures-only=1025 packed=1025
