//! Pattern parameters of packed and over-aligned types: a part must be aligned as its own type
//! demands once it is a variable.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

#[repr(Rust, packed)]
struct Packed {
    byte: u8,
    word: u64,
    name: Loud,
    task: Task,
}

#[repr(C, packed(2))]
#[derive(Clone, Copy)]
struct Copied(u8, u64, (u8, u32), [u64; 20]);

#[repr(align(32))]
struct Wide<T>(u8, T);

fn packed(name: &'static str) -> Packed {
    Packed { byte: 1, word: 0x0102_0304_0506_0708, name: loud(name), task: task(name, 1) }
}

fn copied() -> Copied {
    Copied(1, 0x1112_1314_1516_1718, (2, 0x2122_2324), std::array::from_fn(|i| i as u64 * 3))
}

/// Panics if a reference is not aligned. Never inlined: what is known of references must not decide.
#[inline(never)]
fn aligned<T>(value: &T) -> &T {
    let address = std::hint::black_box(&raw const *value as usize);
    assert_eq!(address % align_of::<T>(), 0, "a variable is not aligned");
    value
}

async fn parts(Packed { byte, word, name, task }: Packed) -> u64 {
    println!("    {:x} {}", aligned(&word), aligned(&name).name());
    wait().await;
    println!("    {byte} {:x} {}", aligned(&word), aligned(&name).name());
    let result = aligned(&task).name();
    task.await;
    wait().await;
    println!("    {result} {}", aligned(&name).name());
    word
}

async fn some_parts(Packed { word, name: _, .. }: Packed, Packed { mut name, .. }: Packed) -> u64 {
    wait().await;
    println!("    {}", aligned(&name).name());
    name = loud("new");
    wait().await;
    println!("    {}", aligned(&name).name());
    *aligned(&word)
}

async fn copied_parts(Copied(a, b, (c, mut d), mut array): Copied) -> u64 {
    *(&mut d) += 1;
    wait().await;
    for number in &mut array {
        aligned(number);
        *number += b;
        wait().await;
    }
    let sum: u64 = aligned(&array).iter().fold(0, |sum, number| sum ^ number);
    sum + u64::from(a) + u64::from(c) + u64::from(*aligned(&d))
}

async fn whole(whole @ Copied(_, b, ..): Copied, mut other: Packed) -> u64 {
    wait().await;
    other.word += b;
    other.name = loud("new name");
    wait().await;
    let word = other.word;
    word + *aligned(&b) + { whole.1 } + { whole.3 }[19]
}

async fn taken_later(packed: Packed, wide: Wide<Packed>) -> u64 {
    wait().await;
    let name = packed.name;
    let task = packed.task;
    aligned(&task).name();
    task.await;
    println!("    {}", aligned(&name).name());
    assert_eq!(aligned(&wide).0, 9);
    let Wide(_, Packed { word, task, .. }) = wide;
    drop(name);
    task.await;
    *aligned(&word) + packed.word
}

async fn wide(Wide(small, part): Wide<u16>, byte: u8, all @ Wide(_, _): Wide<[u8; 3]>) -> u16 {
    wait().await;
    assert_eq!(aligned(&all).1, [1, 2, 3]);
    wait().await;
    u16::from(small) + part + u16::from(byte) + u16::from(aligned(&all).0)
}

async fn packed_of_wide((byte, Wide(_, inner)): (u8, Wide<Wide<Loud>>)) -> u8 {
    wait().await;
    println!("    {}", aligned(&inner).1.name());
    wait().await;
    byte + inner.0
}

fn main() {
    quiet();
    drop_everywhere("parts", 4, || parts(packed("p")));
    println!("{:x}", block_on(parts(packed("p"))));
    drop_everywhere("some parts", 3, || some_parts(packed("p"), packed("q")));
    println!("{:x}", block_on(some_parts(packed("p"), packed("q"))));
    println!("{:x}", block_on(copied_parts(copied())));
    drop_everywhere("whole", 3, || whole(copied(), packed("w")));
    println!("{:x}", block_on(whole(copied(), packed("w"))));
    drop_everywhere("taken later", 4, || taken_later(packed("t"), Wide(9, packed("u"))));
    println!("{:x}", block_on(taken_later(packed("t"), Wide(9, packed("u")))));
    println!("{}", block_on(wide(Wide(1, 500), 3, Wide(7, [1, 2, 3]))));
    drop_everywhere("wide parts", 3, || packed_of_wide((1, Wide(2, Wide(3, loud("inner"))))));
}
