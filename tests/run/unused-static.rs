//! A static that nothing uses may name a function that calls what nobody defines: the linker leaves all of it out,
//! also where another static is used. embassy-executor's own tests are linked like that.
//@ edition: 2024
//@ run-pass

unsafe extern "Rust" {
    fn nobody();
}

struct Table {
    name: &'static str,
    wake: fn() -> u32,
}

fn calls_nobody() -> u32 {
    unsafe { nobody() };
    0
}

fn seven() -> u32 {
    7
}

#[allow(dead_code)]
static UNUSED: Table = Table { name: "unused", wake: calls_nobody };
static USED: Table = Table { name: "used", wake: seven };

fn main() {
    println!("{} {}", USED.name, (USED.wake)());
}
