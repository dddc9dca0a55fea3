//! A frame beyond 2 GiB, in code that need not run (rustc_codegen_cranelift#1656).

//@ edition: 2024
//@ run-pass
//@ note: stack frames of more than 1 GiB

#[inline(never)]
fn big(n: usize) -> u8 {
    let a = [7u8; 0x8800_0000];
    std::hint::black_box(&a)[n]
}

fn main() {
    if std::env::args().count() > 5 {
        println!("{}", big(3));
    }
    println!("ok");
}
