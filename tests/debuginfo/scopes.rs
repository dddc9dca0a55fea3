//! Variables are seen where they are in scope, with the values that they have there.
//@ edition: 2024
//@ gdb-command: run
//@ gdb-command: info args
//@ gdb-check: first = 1
//@ gdb-check: second = "two"
//@ gdb-command: info locals
//@ gdb-check: sum = 4
//@ gdb-command: up
//@ gdb-command: info locals
//@ gdb-command: down
//@ gdb-command: finish
//@ gdb-check: Value returned is $1 = 8
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: x = "shadow"
//@ gdb-check: x = 5
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: index = 0
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: index = 1
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: head = 0x[...]
//@ gdb-check: tail = &[i32](size=2) = {2, 3}
//@ gdb-command: continue
//@ gdb-command: info locals
//@ gdb-check: captured = 10
//@ gdb-command: print argument
//@ gdb-check: $2 = 4
//@ gdb-command: continue
//@ gdb-command: info args
//@ gdb-check: self = 0x[...]
//@ gdb-command: print *self
//@ gdb-command: continue
//@ gdb-command: print value
//@ gdb-check: $4 = 16
//@ gdb-command: continue
//@ lldb-command: run
//@ lldb-command: frame variable
//@ lldb-check: [...] first = '\x01'
//@ lldb-command: finish
//@ lldb-command: continue
//@ lldb-command: frame variable
//@ lldb-command: continue
//@ lldb-command: continue
//@ lldb-command: frame variable
//@ lldb-command: continue

#![allow(unused_variables)]

struct Counter {
    count: u32,
    name: &'static str,
}

impl Counter {
    fn advance(&mut self, by: u32) -> u32 {
        self.count += by;
        stop(); // #break
        self.count
    }
}

fn stop() {}

fn called(first: u8, second: &str, _: u16, third: Option<Box<u32>>, (a, b): (i8, char)) -> usize {
    let sum = usize::from(first) + second.len();
    stop(); // #break
    sum * 2
}

fn generic<T: Copy + Into<u64>>(of: T) -> u64 {
    let value: u64 = of.into();
    stop(); // #break
    value
}

fn main() {
    let got = called(1, "two", 3, Some(Box::new(4)), (-5, '6'));
    let x = 5;
    {
        let x = "shadow";
        stop(); // #break
    }
    stop(); // #break
    for index in 0..2 {
        let twice = index * 2;
        stop(); // #break
    }
    let list = [1, 2, 3];
    if let [head, tail @ ..] = &list[..] {
        stop(); // #break
    }
    let captured = 10;
    let closure = |argument: i32| {
        let sum = argument + captured;
        stop(); // #break
        sum
    };
    closure(4);
    let mut counter = Counter { count: 1, name: "counter" };
    counter.advance(2);
    generic(16_u32);
}
