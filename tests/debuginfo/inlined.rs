//! What has been inlined is a frame of its own.
//@ compile-flags: -Zinline-mir=yes -Zmir-opt-level=1 -Zinline-mir-hint-threshold=100
//@ edition: 2024
//@ gdb-command: run
//@ gdb-command: backtrace 3
//@ gdb-check: #1 [...]inlined::innermost (value=40)[...]
//@ gdb-check: #2 [...]inlined::middle (value=20)[...]
//@ gdb-command: up
//@ gdb-command: up
//@ gdb-command: info locals
//@ gdb-command: continue

#[inline(never)]
fn stop(value: u32) -> u32 {
    std::hint::black_box(value) // #break
}

#[inline(always)]
fn innermost(value: u32) -> u32 {
    stop(value + 1)
}

#[inline(always)]
fn middle(value: u32) -> u32 {
    let twice = value * 2;
    innermost(twice) + 1
}

fn main() {
    let start = 20;
    let end = middle(start);
    println!("{end}");
}
