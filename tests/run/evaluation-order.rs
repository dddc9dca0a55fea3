//! Awaits in the operands of every kind of expression: what is evaluated before is kept across the
//! suspension, what comes later sees what has changed by then.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::ops::{Add, AddAssign, Index, IndexMut, Neg};
use support::trace::*;

#[derive(Debug)]
struct Number(Traced, u32);

fn number(name: &'static str, value: u32) -> Number {
    Number(traced(name), value)
}

impl Add for Number {
    type Output = Number;
    fn add(self, other: Number) -> Number {
        say!("{} + {}", self.1, other.1);
        Number(traced("sum"), self.1 + other.1)
    }
}

impl AddAssign<Number> for Number {
    fn add_assign(&mut self, other: Number) {
        say!("{} += {}", self.1, other.1);
        self.1 += other.1;
    }
}

impl Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number(self.0, 1000 - self.1)
    }
}

#[derive(Debug)]
struct Table([Number; 3]);

impl Index<Number> for Table {
    type Output = Number;
    fn index(&self, index: Number) -> &Number {
        say!("[{}]", index.1);
        &self.0[index.1 as usize]
    }
}

impl IndexMut<Number> for Table {
    fn index_mut(&mut self, index: Number) -> &mut Number {
        say!("mut [{}]", index.1);
        &mut self.0[index.1 as usize]
    }
}

fn table() -> Table {
    Table([number("t0", 1), number("t1", 2), number("t2", 3)])
}

async fn later<T>(value: T) -> T {
    pause().await;
    value
}

async fn operators(a: Number, b: Number, mut c: u32) -> Number {
    let sum = a + later(number("x", 1)).await;
    c += later(5).await + { c *= 2; c } * later(c).await;
    let negated = -later(sum + later(b).await).await;
    let lazy = c > 100 && later(c).await > 3 || later(false).await;
    say!("{c} {lazy}");
    negated + number("c", c)
}

async fn assignments(mut table: Table, mut a: Number, mut array: [u32; 4]) -> (Table, u32) {
    // Primitive: the right side first. Overloaded: the left side first.
    array[later(1).await] += later(array[2]).await;
    table[later(number("i", 0)).await] += later(number("y", 10)).await;
    a += later(number("z", 7)).await;
    table.0[later(2).await] = later(a).await;
    array[later(3).await] = later(array[1]).await * 2;
    let index = later(number("j", 1)).await;
    pause().await;
    table[index] = number("new", 9);
    (table, array.iter().sum())
}

#[derive(Debug)]
#[expect(dead_code)]
struct Fields {
    a: Traced,
    b: Number,
    c: [Traced; 2],
    d: (u32, Traced),
}

async fn literals(capture: Traced, base: Fields, at: usize) -> [Fields; 2] {
    let first = Fields {
        d: (later(4).await, later(capture).await),
        b: later(number("b", 1)).await,
        ..base
    };
    pause().await;
    let second = Fields {
        c: [later(traced("c0")).await, traced("c1")],
        a: later(traced("a")).await,
        d: (later(first.d.0).await, traced("d")),
        b: number("b2", [1, later(2).await, 3][later(at).await]),
    };
    [later(first).await, second]
}

struct Machine(Vec<Traced>, u32);

impl Machine {
    fn push(&mut self, value: Traced) -> &mut Machine {
        say!("push {value:?}");
        self.0.push(value);
        self
    }

    async fn step(&mut self, value: Traced) -> &mut Machine {
        pause().await;
        self.1 += value.look();
        self
    }
}

async fn methods(capture: Traced, mut machine: Machine) -> u32 {
    machine.push(later(traced("one")).await).push(traced("two")).step(later(capture).await).await.1 += 2;
    let pushed = later(machine.push(later(traced("three")).await)).await.0.len();
    let function = later(|a: Traced, b: u32, c: &Traced| a.look() + b + c.look()).await;
    let sum = function(later(traced("f")).await, later(1).await, &later(traced("g")).await);
    machine.1 + pushed as u32 + sum
}

/// The value of a variable at the time it is read, though it changes before it is used.
async fn read_before(mut x: u32, mut y: [u32; 30], mut z: (u32, Traced)) -> u32 {
    let first = x + { x = later(20).await; x } + x;
    let second = y[0] + { y = later([7; 30]).await; y[1] } + y[2];
    let copied = (y, { y[0] = later(50).await; y }, y[0]);
    let third = [z.0, { z.0 = later(30).await; z.0 }, z.0];
    let moved = (z.1, { z.1 = later(traced("again")).await; }, z.0);
    pause().await;
    say!("{first} {second} {} {} {} {third:?} {:?}", copied.0[0], copied.1[0], copied.2, moved.0);
    x + z.1.look()
}

async fn branches(capture: Traced, mut list: Vec<u32>) -> (u32, Traced) {
    let matched = match (later(2).await, later(capture).await, list.pop()) {
        (2, value, Some(n)) if later(n).await > 1 => (n, value),
        (n, value, _) => (n, later(value).await),
    };
    let range = later(1).await..=later(3).await;
    let mut sum = 0;
    for n in later(range).await {
        sum += if later(n % 2 == 0).await { later(10).await } else { n };
    }
    while sum > later(8).await {
        sum -= later(4).await;
    }
    let cast = later(300).await as u8 as u32;
    let reference = *&later(traced("ref")).await.look() + *Box::new(later(2).await);
    (matched.0 + sum + cast + reference, matched.1)
}

fn fields() -> Fields {
    let c = [traced("c2"), traced("c3")];
    Fields { a: traced("base"), b: number("b0", 0), c, d: (0, traced("d0")) }
}

fn main() {
    support::quiet();
    everywhere! {
        operators(number("a", 1), number("b", 2), 3),
        assignments(table(), number("a", 4), [1, 2, 3, 4]),
        literals(traced("capture"), fields(), 1),
        methods(traced("capture"), Machine(vec![traced("zero")], 0)),
        read_before(1, [2; 30], (3, traced("z"))),
        branches(traced("capture"), vec![1, 5]),
        branches(traced("capture"), vec![]),
    }
}
