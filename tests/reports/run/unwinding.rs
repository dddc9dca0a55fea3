//! Unwinding through C, out of destructors, while unwinding; caught in destructors; with results of all sizes.

//@ edition: 2024
//@ run-pass

#![allow(unused)]
use std::hint::black_box as bb;
use std::panic::*;
struct Loud(u32);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drop {}", self.0);
    }
}
struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() { panic!("bomb") } else { println!("no bomb") }
    }
}
struct Catches(u32);
impl Drop for Catches {
    fn drop(&mut self) {
        let n = self.0;
        let r = catch_unwind(|| {
            let _l = Loud(n);
            panic!("inner {n}")
        });
        println!("caught {:?} {}", r.is_err(), std::thread::panicking());
    }
}
extern "C-unwind" fn through(f: extern "C-unwind" fn(u32) -> u128, x: u32) -> u128 {
    let _l = Loud(x);
    f(x) + 1
}
extern "C-unwind" fn thrower(x: u32) -> u128 {
    let _l = Loud(100 + x);
    if x > 2 {
        panic!("through C {x}")
    }
    x as u128
}
unsafe extern "C-unwind" {
    fn qsort(
        base: *mut u32,
        n: usize,
        size: usize,
        compare: extern "C-unwind" fn(&u32, &u32) -> i32,
    );
}
extern "C-unwind" fn compare(a: &u32, b: &u32) -> i32 {
    if *a == 13 {
        panic!("thirteen")
    }
    *a as i32 - *b as i32
}
fn big(x: u32) -> [u64; 40] {
    let _l = Loud(x);
    if x == 7 {
        panic!("big")
    }
    [x as u64; 40]
}
fn pair(x: u32) -> (u64, Loud) {
    let l = Loud(x);
    if x == 7 {
        panic!("pair")
    }
    (1, l)
}
fn loops() -> u32 {
    let mut n = 0;
    for i in 0..3 {
        let r = catch_unwind(AssertUnwindSafe(|| {
            let _l = Loud(i);
            n += 1;
            if i == 1 {
                panic!("loop")
            }
            i
        }));
        n += r.unwrap_or(50);
    }
    n
}
fn nested() {
    let _a = Loud(1);
    let r = catch_unwind(|| {
        let _b = Loud(2);
        let r = catch_unwind(|| {
            let _c = Loud(3);
            panic!("deep")
        });
        let _d = Loud(4);
        resume_unwind(r.unwrap_err())
    });
    println!("{:?}", r.unwrap_err().downcast_ref::<&str>());
}
fn vector() {
    let mut v = vec![Loud(1), Loud(2), Loud(3)];
    v.retain(|l| {
        if l.0 == 2 {
            panic!("retain")
        }
        true
    });
}
fn arrays() {
    let a = [0, 1, 2, 3].map(|i| {
        if i == 2 {
            panic!("map")
        }
        Loud(i)
    });
}
fn boxed() {
    let b: Box<dyn Fn(u32) -> Loud> = Box::new(|x| {
        let l = Loud(x);
        if x == 5 {
            panic!("boxed")
        }
        l
    });
    let _x = b(4);
    let _y = b(5);
}
fn replaced() {
    let mut l = Loud(1);
    l = if bb(true) { panic!("assign") } else { Loud(2) };
}
fn arguments() {
    fn f(_: Loud, _: Loud, _: u32) {}
    f(Loud(1), Loud(2), if bb(true) { panic!("argument") } else { 3 });
}
fn thread() {
    let r = std::thread::spawn(|| {
        let _l = Loud(1);
        std::panic::panic_any(42u128)
    })
    .join();
    println!("{:?}", r.unwrap_err().downcast_ref::<u128>());
}
fn locals() {
    thread_local!(static T: Loud = Loud(77));
    std::thread::spawn(|| T.with(|t| println!("{}", t.0))).join().unwrap();
}
fn main() {
    set_hook(Box::new(|i| println!("hook {:?} {}", i.payload_as_str(), i.location().unwrap())));
    let all: [(&str, fn()); 20] = [
        ("C", || println!("{}", through(thrower, 1))),
        ("C throws", || {
            through(thrower, 3);
        }),
        ("qsort", || unsafe {
            let mut l = [5, 1, 4];
            qsort(l.as_mut_ptr(), 3, 4, compare);
            println!("{l:?}")
        }),
        ("qsort throws", || unsafe {
            let _l = Loud(9);
            let mut l = [5, 13, 4];
            qsort(l.as_mut_ptr(), 3, 4, compare);
        }),
        ("bomb", || {
            let _l = Loud(1);
            let _b = Bomb;
            let _m = Loud(2);
        }),
        ("bomb while unwinding", || {
            let _b = Bomb;
            panic!("x")
        }),
        ("catches", || {
            let _c = Catches(1);
        }),
        ("catches while unwinding", || {
            let _c = Catches(2);
            let _d = Catches(3);
            panic!("outer")
        }),
        ("big", || {
            println!("{}", big(1)[39]);
            big(7);
        }),
        ("pair", || {
            let p = pair(1);
            pair(7);
        }),
        ("loops", || println!("{}", loops())),
        ("nested", nested),
        ("vector", vector),
        ("arrays", arrays),
        ("boxed", boxed),
        ("replaced", replaced),
        ("arguments", arguments),
        ("thread", thread),
        ("locals", locals),
        ("main", || {
            let _a = (Loud(1), Loud(2));
            let (x, _) = (Loud(3), Loud(4));
            panic!("end")
        }),
    ];
    for (name, f) in all {
        println!("{name}");
        match catch_unwind(f) {
            Ok(()) => println!("  ok"),
            Err(e) => println!("  {:?} {:?}", e.downcast_ref::<&str>(), e.downcast_ref::<String>()),
        }
    }
}
