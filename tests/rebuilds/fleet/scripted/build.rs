//! A build script that uses a future.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let size = size_of_val(&words::count([2; 100]));
    assert_eq!(size, words::size());
    println!("cargo::rustc-env=SIZE_IN_BUILD_SCRIPT={size}");
}
