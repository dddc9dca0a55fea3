//! `next`, `step` and `finish` go from line to line as in stock's program. LLVM puts what follows a check for overflow elsewhere, which
//! debuggers show as a step of its own: not here.
//@ edition: 2024
//@ compile-flags: -Coverflow-checks=off
//@ gdb-command: run
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: step
//@ gdb-check: stepping::add (a=3, b=4) [...]
//@ gdb-command: next
//@ gdb-command: finish
//@ gdb-check: Value returned is $1 = 7
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: next
//@ gdb-command: backtrace -3
//@ gdb-command: continue
//@ lldb-command: run
//@ lldb-command: next
//@ lldb-command: next
//@ lldb-check: -> [...]let list = [...]
//@ lldb-command: continue

#![allow(unused_variables)]

fn add(a: i32, b: i32) -> i32 {
    let sum = a + b;
    sum
}

fn main() {
    let zero = 0; // #break
    let one = 1;
    let list = [1, 2, 3];
    let text = if list[0] == one { "one" } else { "other" };
    let length = text
        .trim()
        .len();
    let seven = add(3, 4);
    let mut total = 0;
    while total < 2 {
        total += 1;
    }
    match seven {
        7 => total += 10,
        _ => total += 20,
    }
    println!("{total} {length}");
}
