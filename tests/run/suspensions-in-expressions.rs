//! Suspensions where few people write them: in arguments, guards, conditions, indexes, and on both sides
//! of assignments; resumed, and dropped after each number of resumptions.
//@ edition: 2024
//@ run-pass
#![feature(coroutine_trait, coroutines, if_let_guard, stmt_expr_attributes, yield_expr)]
#![allow(unused)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::{Pin, pin};
use support::*;
fn all<C: Coroutine<u64>>(n: &str, c: C, stop: usize)
where
    C::Yield: std::fmt::Debug,
    C::Return: std::fmt::Debug,
{
    let mut c = pin!(c);
    println!("{n} stop {stop}");
    let mut i = 0;
    loop {
        if i == stop {
            println!("  cancel");
            return;
        }
        match c.as_mut().resume(i as u64) {
            CoroutineState::Yielded(v) => println!("  y {v:?}"),
            CoroutineState::Complete(v) => {
                println!("  r {v:?}");
                return;
            }
        }
        i += 1;
    }
}
struct Pt {
    x: u64,
    l: Loud,
    y: [u64; 3],
}
fn g3(a: Loud, b: u64, c: Loud) -> u64 {
    println!("  g3 {} {b} {}", a.name(), c.name());
    b
}
fn mk(n: &str) -> Loud {
    loud(n)
}
impl std::ops::AddAssign<u64> for Pt {
    fn add_assign(&mut self, o: u64) {
        self.x += o;
    }
}
impl std::ops::Add<u64> for Loud {
    type Output = Loud;
    fn add(self, o: u64) -> Loud {
        loud(&format!("{}+{o}", self.name()))
    }
}
fn main() {
    quiet();
    for stop in 0..8 {
        let (a, b, c) = (loud("a"), loud("b"), loud("c"));
        all(
            "args",
            #[coroutine]
            static move |r: u64| {
                let r2 = g3(
                    a,
                    {
                        let q: u64 = yield r;
                        q + 1
                    },
                    b + {
                        let z: u64 = yield 5;
                        z
                    },
                );
                let t = (c, yield r2, mk("d"), yield 9);
                t.1 + t.3
            },
            stop,
        );
        let (a, v) = (loud("a"), Some(loud("v")));
        all(
            "guards",
            #[coroutine]
            static move |r: u64| match v {
                Some(ref l)
                    if {
                        let k: u64 = yield 1;
                        k == 100
                    } =>
                {
                    println!("no {}", l.name());
                    0
                }
                Some(l) if (yield 2u64) > 1 => {
                    println!("took {}", l.name());
                    drop(a);
                    yield 3;
                    4
                }
                ref x if let Some(y) = x.as_ref() => {
                    println!("iflet {}", y.name());
                    yield 8;
                    5
                }
                _ => {
                    yield 7;
                    6
                }
            },
            stop,
        );
        let p = Pt { x: 3, l: loud("pl"), y: [1, 2, 3] };
        all(
            "places",
            #[coroutine]
            static move |r: u64| {
                let mut p = p;
                p.y[{
                    let i: u64 = yield 1;
                    (i as usize) % 3
                }] = yield 2;
                p += {
                    yield 3;
                    4
                };
                let q = Pt { x: yield 11, ..p };
                let Pt { l, y: [_, m, ..], .. } = q;
                yield m;
                let s = [yield 1, yield 2];
                drop(l);
                s[0] + s[1] + m
            },
            stop,
        );
        let (s, t) = (loud("s"), loud("t"));
        all(
            "loops",
            #[coroutine]
            static move |mut r: u64| {
                let mut s = s;
                let o = 'o: loop {
                    let h = loud("h");
                    while {
                        r = yield r;
                        r < 3
                    } {
                        s = loud("s2");
                        if r == 1 {
                            continue;
                        }
                        let k = loud("k");
                        if (yield 10u64) == 2 {
                            break;
                        }
                    }
                    drop(h);
                    break 'o t;
                };
                yield 20;
                drop(s);
                println!("{}", o.name());
                r
            },
            stop,
        );
        let s = loud("s");
        let arr = [loud("0"), loud("1"), loud("2")];
        all(
            "arr",
            #[coroutine]
            static move |_: u64| {
                let [x, y, z] = arr;
                yield 1;
                let k = [z, {
                    yield 2;
                    x
                }];
                let c = move || k.len() + s.name().len();
                yield 3;
                let n = c();
                drop(y);
                yield 4;
                drop(c);
                n
            },
            stop,
        );
        let s = loud("s");
        let bx: Box<dyn Fn() -> u64> = {
            let q = loud("q");
            Box::new(move || q.name().len() as u64)
        };
        all(
            "panic",
            #[coroutine]
            static move |r: u64| {
                let s = s;
                let e = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    if bx() == 1 {
                        panic!("p")
                    }
                }));
                yield 1;
                drop(e);
                let s2 = s;
                let b2 = bx;
                yield b2();
                drop(s2);
                0
            },
            stop,
        );
        let (x, y): (Result<Loud, u64>, Result<Loud, u64>) = (Ok(loud("x")), Err(3));
        all(
            "try",
            #[coroutine]
            static move |_: u64| -> Result<u64, u64> {
                let r = (|| Ok::<_, u64>(1))()?;
                yield r;
                let l = x?;
                yield 2;
                let m = y?;
                yield 3;
                drop(m);
                drop(l);
                Ok(1)
            },
            stop,
        );
        let c = [1u64; 6];
        let l = loud("cc");
        all(
            "const",
            #[coroutine]
            static move |_: u64| {
                const N: usize = const { 2 + 1 };
                let d = [const { 5u64 }; N];
                yield d[1];
                let e = c;
                yield e[N];
                const { assert!(N == 3) };
                let f: [u64; const { 4 }] = [e[0]; 4];
                yield f[1];
                drop(l);
                d[0] + f[2]
            },
            stop,
        );
    }
}
