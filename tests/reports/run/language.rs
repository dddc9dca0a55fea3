//! cg_clif#1325, #1436, #1323, #1403, wasmtime#12949 and what lies near: discriminants and niches of 128 bits, statics with relocations and odd sizes,
//! upcasting, dynamically sized fields, unaligned and volatile accesses, atomics, thread-locals, callers' locations, closures, drop flags.

//@ edition: 2024
//@ run-pass

#![feature(
    core_intrinsics,
    arbitrary_enum_discriminant,
    extern_types,
    ptr_metadata,
    unsized_fn_params,
    const_eval_select,
    variant_count,
    repr128,
    explicit_tail_calls,
    c_variadic,
    portable_simd,
    closure_track_caller,
    const_index,
    const_trait_impl
)]
#![allow(unused, internal_features, incomplete_features, static_mut_refs)]
use std::fmt::Debug;
use std::hint::black_box as bb;
use std::sync::atomic::Ordering::*;
use std::sync::atomic::*;

#[repr(i128)]
#[derive(Clone, Copy, Debug, PartialEq)]
enum Huge {
    A = i128::MIN,
    B = -1,
    C = 0,
    D = i128::MAX,
    E = 1 << 100,
}
#[repr(u128)]
#[derive(Debug)]
enum HugeData {
    A(u8) = 1 << 127,
    B { x: u64 } = 3,
}
#[derive(Debug, Clone, Copy)]
enum Niche {
    A(bool),
    B,
    C,
    D(Option<char>),
}
#[derive(Debug)]
enum Multi {
    X(&'static str, u32),
    Y(String),
    Z,
    W(Box<u8>),
}
fn niches() {
    for h in [Huge::A, Huge::B, Huge::C, Huge::D, Huge::E] {
        println!(
            "{h:?} {} {}",
            bb(h) as i128,
            match bb(h) {
                Huge::A => 1,
                Huge::B => 2,
                Huge::E => 5,
                _ => 9,
            }
        );
    }
    println!(
        "{:?} {:?} {:?}",
        bb(HugeData::A(3)),
        bb(HugeData::B { x: 4 }),
        std::mem::discriminant(&bb(HugeData::A(1))) == std::mem::discriminant(&HugeData::A(2))
    );
    for n in
        [Niche::A(true), Niche::A(false), Niche::B, Niche::C, Niche::D(None), Niche::D(Some('x'))]
    {
        println!("{:?} {}", bb(n), size_of::<Niche>());
    }
    for m in [Multi::X("a", 1), Multi::Y("b".into()), Multi::Z, Multi::W(Box::new(3))] {
        println!("{:?} {}", bb(m), size_of::<Multi>());
    }
    println!(
        "{:?} {:?} {:?}",
        bb(Some(Some(None::<bool>))),
        bb(Some(std::num::NonZero::<u128>::new(5))),
        bb(None::<std::num::NonZero<i128>>)
    );
    let x: Result<u128, Option<u128>> = bb(Err(Some(1 << 90)));
    println!("{x:?} {:?}", bb(Ok::<i128, u8>(-1)));
    println!(
        "{:?} {:?}",
        bb(std::cmp::Ordering::Less) as i8,
        bb(Some(std::cmp::Ordering::Greater))
    );
}
static mut COUNTER: [u8; 7] = [1, 2, 3, 4, 5, 6, 7];
static NAMES: [&str; 3] = ["one", "two", "three"];
static NESTED: &[&[&(dyn Debug + Sync)]] = &[&[&1u8, &"x"], &[], &[&NAMES]];
static SELF: &&&u32 = &&&77;
static FUNCTIONS: [fn(u32) -> u32; 2] = [|x| x + 1, |x| x * 2];
struct Odd {
    a: [u8; 3],
    b: &'static str,
    c: u128,
    d: Option<&'static Odd>,
}
static ODD: Odd = Odd {
    a: *b"abc",
    b: "d",
    c: u128::MAX / 3,
    d: Some(&Odd { a: *b"xyz", b: "hello".split_at(1).1, c: 4, d: None }),
};
static POINTER: &u8 = unsafe { &*(&raw const BYTES as *const u8).add(2) };
static BYTES: [u8; 5] = *b"hello";
const SLICE: &[u16] = &[1, 2, 3];
static EMPTY: [u64; 0] = [];
static UNIT: &() = &();
static TUPLE: (u8, u32, u8) = (1, 2, 3);
unsafe impl Sync for Odd {}
struct NotSync(*const u8);
unsafe impl Sync for NotSync {}
static END: NotSync = NotSync(unsafe { (&raw const BYTES as *const u8).add(5) });
#[repr(align(4096))]
struct Page(u8);
static PAGE: Page = Page(9);
fn statics() {
    unsafe {
        COUNTER[bb(3)] += 100;
        println!(
            "{:?} {:?} {NESTED:?} {SELF} {} {}",
            COUNTER,
            NAMES,
            FUNCTIONS[bb(0)](4),
            FUNCTIONS[bb(1)](4)
        );
    }
    println!("{} {} {} {} {}", ODD.b, ODD.c, ODD.d.unwrap().b, *POINTER as char, unsafe {
        *END.0.sub(1)
    } as char);
    println!("{:?} {:?} {:?} {}", SLICE, EMPTY, TUPLE, (&raw const PAGE).addr() % 4096);
}
trait A {
    fn a(&self) -> u32;
    fn by_box(self: Box<Self>) -> u128;
    fn generic(&self) -> u32
    where
        Self: Sized,
    {
        1
    }
}
trait B: A {
    fn b(&self) -> u32 {
        self.a() + 1
    }
}
trait C: B + Debug {
    fn c(&self, x: u128, y: [u8; 20]) -> [u8; 20];
}
#[derive(Debug)]
struct S(u32, u128);
impl A for S {
    fn a(&self) -> u32 {
        self.0
    }
    fn by_box(self: Box<Self>) -> u128 {
        self.1
    }
}
impl B for S {}
impl C for S {
    fn c(&self, x: u128, mut y: [u8; 20]) -> [u8; 20] {
        y[3] = x as u8;
        y
    }
}
fn upcasts() {
    let c: Box<dyn C> = bb(Box::new(S(5, 1 << 90)));
    println!("{} {} {:?} {:?}", c.a(), c.b(), c.c(300, [1; 20]), c);
    let b: &dyn B = &*c;
    let a: &dyn A = b;
    println!("{} {}", a.a(), size_of_val(a));
    let d: &dyn Debug = &*c;
    println!("{d:?}");
    let b: Box<dyn B> = c;
    let a: Box<dyn A> = b;
    println!("{}", a.by_box());
    let rc: std::rc::Rc<dyn C> = std::rc::Rc::new(S(1, 2));
    let rc: std::rc::Rc<dyn A> = rc;
    println!("{}", rc.a());
}
struct Tail<T: ?Sized> {
    a: u8,
    t: T,
}
#[repr(C, packed)]
struct PackedTail {
    a: u8,
    b: u128,
    c: [u16; 3],
    d: f64,
}
fn unsized_() {
    let t: &Tail<[u64]> = bb(&Tail { a: 1, t: [1, 2, 3] });
    println!("{} {:?} {}", t.a, &t.t, size_of_val(t));
    let t: &Tail<dyn Debug> = bb(&Tail { a: 2, t: 5u128 });
    println!("{} {:?} {} {}", t.a, &t.t, size_of_val(t), align_of_val(t));
    let s: Box<str> = bb("boxed".into());
    println!("{s} {}", s.len());
    let p = bb(PackedTail { a: 1, b: u128::MAX - 1, c: [1, 2, 3], d: 2.5 });
    println!("{} {:?} {}", { p.b }, { p.c }, { p.d });
    let q = PackedTail { c: [9; 3], ..p };
    println!("{:?} {}", { q.c }, { q.b });
}
fn memory() {
    unsafe {
        let mut bytes = [0u8; 64];
        let p = bytes.as_mut_ptr();
        p.add(1).cast::<u128>().write_unaligned(0x0123456789abcdef0011223344556677);
        println!(
            "{:x} {:x}",
            p.add(1).cast::<u128>().read_unaligned(),
            p.add(3).cast::<u64>().read_unaligned()
        );
        p.cast::<u32>().write_volatile(7);
        println!("{}", p.cast::<u32>().read_volatile());
        p.cast::<[u64; 3]>().write_volatile([1, 2, 3]);
        println!("{:?}", p.cast::<[u64; 3]>().read_volatile());
        std::ptr::copy(p, p.add(3), 40);
        println!("{:?}", bytes);
        std::ptr::swap(p.cast::<[u8; 5]>(), p.add(8).cast());
        std::ptr::write_bytes(p.add(20), 0xaa, 9);
        println!("{:?} {:?}", bytes, bytes[..20].cmp(&bytes[1..21]));
        let a = bb([1u8, 2, 3]);
        println!("{} {}", a == bb([1, 2, 3]), bb([1u16; 40]) == bb([1; 40]));
        println!(
            "{:?} {:?}",
            std::intrinsics::compare_bytes(p, p.add(1), bb(9)).signum(),
            std::intrinsics::raw_eq(&bb([1u128, 2]), &bb([1, 2]))
        );
        println!(
            "{:?} {:?}",
            p.align_offset(bb(16)) < 16,
            std::intrinsics::ptr_mask(bb(0xfff7usize as *const u8), bb(!15)).addr()
        );
        println!("{:?}", std::intrinsics::saturating_add(bb(250u8), bb(10)));
    }
}
macro_rules! atomics { ($($atomic:ident $int:ident)*) => { $( { let a = $atomic::new(bb(5)); let mut r = vec![]; r.push(a.swap(7, AcqRel)); r.push(a.fetch_add(bb($int::MAX), SeqCst)); r.push(a.fetch_sub(3, Relaxed)); r.push(a.fetch_and(0x5f, SeqCst)); r.push(a.fetch_or(0x20, SeqCst)); r.push(a.fetch_xor(0x7f, SeqCst)); r.push(a.fetch_nand(0x3c, SeqCst)); r.push(a.fetch_max(bb(9), SeqCst)); r.push(a.fetch_min(bb(4), SeqCst)); r.push(a.compare_exchange(bb(4), 90, SeqCst, Relaxed).unwrap_or(33)); r.push(a.compare_exchange_weak(0, 1, SeqCst, Relaxed).unwrap_err()); r.push(a.load(Acquire)); a.store(1, Release); fence(SeqCst); compiler_fence(SeqCst); println!("{} {r:?} {:?}", stringify!($atomic), a); } )* } }
fn atomic() {
    atomics!(AtomicU8 u8 AtomicI8 i8 AtomicU16 u16 AtomicI16 i16 AtomicU32 u32 AtomicI32 i32 AtomicU64 u64 AtomicI64 i64 AtomicUsize usize AtomicIsize isize);
    let b = AtomicBool::new(true);
    println!(
        "{} {} {} {:?}",
        b.fetch_and(false, SeqCst),
        b.fetch_nand(true, SeqCst),
        b.fetch_xor(true, SeqCst),
        b
    );
    let mut x = 3;
    let p = AtomicPtr::new(&mut x);
    println!("{}", unsafe { *p.load(SeqCst) });
}
#[track_caller]
fn caller() -> String {
    let l = std::panic::Location::caller();
    format!("{}:{}", l.line(), l.column())
}
#[track_caller]
fn two() -> String {
    caller()
}
struct Op;
impl std::ops::Add for Op {
    type Output = String;
    #[track_caller]
    fn add(self, _: Op) -> String {
        caller()
    }
}
impl std::ops::Index<u8> for Op {
    type Output = str;
    #[track_caller]
    fn index(&self, _: u8) -> &str {
        Box::leak(caller().into_boxed_str())
    }
}
trait Tc {
    #[track_caller]
    fn tc(&self) -> String;
}
impl Tc for Op {
    #[track_caller]
    fn tc(&self) -> String {
        caller()
    }
}
macro_rules! located {
    () => {
        caller()
    };
}
fn locations() {
    println!("{} {} {} {} {}", caller(), two(), Op + Op, &Op[1], located!());
    let f: fn() -> String = caller;
    println!("{}", f() != two());
    let d: &dyn Tc = &Op;
    println!("{} {}", d.tc().is_empty(), Op.tc());
    let c = || two();
    println!(
        "{} {:?}",
        c(),
        [1].map(
            #[track_caller]
            |_| caller()
        )
        .len()
    );
    println!("{}", {
        fn inner() -> String {
            two()
        }
        inner()
    });
}
thread_local! { static T: std::cell::RefCell<Vec<u32>> = const { std::cell::RefCell::new(vec![]) }; static U: String = "u".to_owned(); }
fn locals() {
    T.with_borrow_mut(|t| t.push(1));
    let h: Vec<_> = (0..3)
        .map(|i| {
            std::thread::spawn(move || {
                T.with_borrow_mut(|t| {
                    t.push(i);
                    t.len()
                }) + U.with(|u| u.len())
            })
        })
        .collect();
    println!("{:?} {:?}", h.into_iter().map(|h| h.join().unwrap()).collect::<Vec<_>>(), T.take());
}
const fn selected(x: u32) -> u32 {
    const fn c(x: u32) -> u32 {
        x + 1
    }
    fn r(x: u32) -> u32 {
        x + 2
    }
    std::intrinsics::const_eval_select((x,), c, r)
}
const SELECTED: u32 = selected(1);
fn intrinsics() {
    println!("{} {}", SELECTED, selected(bb(1)));
    println!(
        "{:?} {:?}",
        std::any::type_name::<Option<[Niche; 3]>>(),
        std::any::TypeId::of::<u8>() == std::any::TypeId::of::<i8>()
    );
    unsafe {
        println!(
            "{} {} {}",
            std::intrinsics::exact_div(bb(-20i128), bb(5)),
            std::intrinsics::unchecked_shl(bb(1u128), bb(100u8)),
            std::intrinsics::unchecked_rem(bb(-7i64), bb(3))
        );
        println!(
            "{:?} {}",
            std::intrinsics::mul_with_overflow(bb(i128::MIN), bb(-1)),
            std::intrinsics::ctpop(bb(u128::MAX - 6))
        );
        println!(
            "{} {} {}",
            std::intrinsics::float_to_int_unchecked::<f64, i128>(bb(-1e20)),
            std::intrinsics::fadd_fast(bb(1.5f32), bb(2.0)),
            std::intrinsics::frem_algebraic(bb(7.5f64), bb(2.0))
        );
    }
    println!(
        "{} {} {} {}",
        bb(2.5f32).round(),
        bb(-2.5f64).round_ties_even(),
        bb(3.7f64).mul_add(bb(2.0), bb(0.5)),
        bb(0.1f32).sin_cos().0.to_bits()
    );
    println!("{:?} {:?}", bb(f64::NAN).max(1.0), bb(1.0f32).min(f32::NAN));
    println!(
        "{} {} {} {}",
        bb(300.7f32) as u8,
        bb(-300.7f64) as i8,
        bb(f32::NAN) as i32,
        bb(1e40f64) as u128
    );
}
#[inline(never)]
fn large(x: u8) -> u64 {
    let mut a = [x; 100_000];
    a[bb(99_999)] = 3;
    let b = bb(a);
    b.iter().map(|&x| x as u64).sum::<u64>() + b[bb(500)] as u64
}
#[repr(align(256))]
struct Aligned([u8; 300]);
#[inline(never)]
fn aligned(n: u32) -> usize {
    let a = bb(Aligned([n as u8; 300]));
    if n == 0 { 0 } else { (&raw const a).addr() % 256 + a.0[bb(7)] as usize + aligned(n - 1) }
}
fn recursive(n: u64, a: u128, f: &dyn Fn(u64) -> u64) -> u128 {
    if n == 0 { a } else { recursive(n - 1, a.wrapping_mul(3).wrapping_add(f(n) as u128), f) }
}
fn closures() {
    let mut v = vec![1];
    let mut push = |x| {
        v.push(x);
        v.len()
    };
    push(2);
    println!("{}", push(3));
    let s = String::from("s");
    let f: Box<dyn FnOnce(u128, (u8, u64)) -> String> =
        Box::new(move |a, (b, c)| format!("{s}{a}{b}{c}"));
    println!("{}", f(1 << 70, (2, 3)));
    println!("{}", recursive(50, 1, &|n| n * n));
    fn apply<F: Fn(&str) -> R, R>(f: F) -> R {
        f("x")
    }
    println!("{:?} {:?}", apply(str::len), apply(|s| [s.len() as u8; 3]));
    println!("{:?}", (0..5u128).map(|x| x << 70).rev().step_by(2).collect::<Vec<_>>());
}
fn flags(x: u32) {
    struct D(u32);
    impl Drop for D {
        fn drop(&mut self) {
            print!("d{} ", self.0)
        }
    }
    let a = D(1);
    let b;
    if x > 1 {
        drop(a);
        b = D(2);
        if x > 2 {
            drop(b)
        }
    }
    let c = if x == 3 { Some(D(3)) } else { None };
    let t = (D(4), D(5));
    if x == 0 {
        let (y, _) = t;
    }
    match c {
        Some(D(_)) if x > 5 => {}
        Some(d) => print!("{} ", d.0),
        None => {}
    }
    println!();
}
fn main() {
    niches();
    statics();
    upcasts();
    unsized_();
    memory();
    atomic();
    locations();
    locals();
    intrinsics();
    println!("{} {}", large(1), aligned(4));
    closures();
    for x in 0..4 {
        flags(x)
    }
}
