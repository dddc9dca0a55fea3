//! Statics have their types, and are found by their names.
//@ edition: 2024
//@ gdb-command: run
//@ gdb-command: print statics::COUNT
//@ gdb-check: $1 = 77
//@ gdb-command: print statics::inner::NAME
//@ gdb-check: $2 = "a name"
//@ gdb-command: print statics::POINT
//@ gdb-check: $3 = statics::Point {x: 6, y: 6}
//@ gdb-command: print statics::LIST
//@ gdb-command: print statics::main::OWN
//@ gdb-check: $5 = 8
//@ gdb-command: print statics::OF_THREAD
//@ gdb-check: $6 = 500
//@ gdb-command: print statics::OPTION
//@ gdb-command: whatis statics::FUNCTION
//@ gdb-command: continue
//@ lldb-command: run
//@ lldb-command: target variable COUNT
//@ lldb-check: [...]COUNT = 77
//@ lldb-command: continue

#![feature(thread_local)]

struct Point {
    x: i64,
    y: i64,
}

static COUNT: u32 = 77;
static mut POINT: Point = Point { x: 5, y: 6 };
static LIST: [u8; 3] = [1, 2, 3];
static OPTION: Option<char> = Some('x');
static FUNCTION: fn() = stop;

#[thread_local]
static OF_THREAD: u16 = 500;

mod inner {
    pub static NAME: &str = "a name";
}

fn stop() {}

fn main() {
    static OWN: u8 = 8;
    // SAFETY: there is one thread.
    let sum = unsafe {
        POINT.x += 1;
        POINT.x + POINT.y
    };
    println!("{sum} {COUNT} {} {} {LIST:?} {OPTION:?} {OF_THREAD}", inner::NAME, OWN);
    FUNCTION();
    stop(); // #break
}
