//! Values that only unsafe code can handle, captured and kept across suspensions: unions, packed structs,
//! `MaybeUninit`, `ManuallyDrop`, and pointers to captures that other threads use meanwhile.
//@ edition: 2024
//@ run-pass

mod support;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering::*};
use support::*;
union U {
    a: [u64; 8],
    b: ManuallyDrop<Loud>,
    c: (u8, u64),
}
async fn un(mut u: U) -> u64 {
    let r = unsafe { u.a[0] };
    u.a = [r + 1; 8];
    wait().await;
    let q = &raw mut u;
    unsafe {
        (*q).a[3] = 50;
    }
    wait().await;
    let v = unsafe { u.a };
    u.b = ManuallyDrop::new(loud("in union"));
    wait().await;
    unsafe {
        println!("{}", u.b.name());
        ManuallyDrop::drop(&mut u.b);
    }
    u = U { c: (1, 2) };
    wait().await;
    unsafe { u.c.1 + v[3] + v[1] }
}
#[repr(packed)]
struct P {
    a: u8,
    b: u64,
    c: Loud2,
    d: [u32; 5],
}
struct Loud2(u8, *const u8);
impl Drop for Loud2 {
    fn drop(&mut self) {
        println!("    drop L2 {}", self.0);
    }
}
async fn packed(P { a, b, c, d }: P, p2: P, mut p3: P) -> u64 {
    wait().await;
    let x = { p2.b } + { p3.d[2] } as u64;
    p3.b = x;
    let ptr = &raw mut p3.b;
    wait().await;
    unsafe {
        ptr.write_unaligned(ptr.read_unaligned() + 1);
    }
    let P { c: c2, .. } = p2;
    wait().await;
    drop(c2);
    a as u64 + b + d[4] as u64 + { p3.b } + c.0 as u64
}
async fn mu(mut buf: MaybeUninit<[u64; 16]>, mut arr: [MaybeUninit<Loud>; 3]) -> u64 {
    let p = buf.as_mut_ptr();
    let pa = arr.as_mut_ptr();
    unsafe {
        for i in 0..16 {
            (p as *mut u64).add(i).write(i as u64);
        }
    }
    wait().await;
    unsafe {
        (*pa.add(1)).write(loud("one"));
    }
    wait().await;
    let b = unsafe { buf.assume_init() };
    let scratch = [3u64; 16];
    wait().await;
    unsafe {
        (*pa.add(1)).assume_init_drop();
    }
    let s: u64 = b.iter().sum::<u64>() + unsafe { (*p)[5] } + scratch[3];
    wait().await;
    s
}
async fn readwrite(x: Loud, mut y: Loud, md: ManuallyDrop<Loud>) {
    let x2 = unsafe { std::ptr::read(&x) };
    wait().await;
    std::mem::forget(x2);
    let py: *mut Loud = &mut y;
    let old = unsafe { py.replace(loud("new y")) };
    wait().await;
    println!("old {}", old.name());
    drop(old);
    let t = std::mem::take(unsafe { &mut *(*py).0 });
    wait().await;
    println!("took {t} left {:?} x {} md {}", y.name(), x.name(), md.name());
    let inner = ManuallyDrop::into_inner(md);
    wait().await;
    println!("{}", inner.name());
}
static PTR: AtomicPtr<u64> = AtomicPtr::new(std::ptr::null_mut());
async fn escaping(mut v: u64, mut w: [u64; 12], extra: [u64; 12]) -> u64 {
    PTR.store(&raw mut v, SeqCst);
    wait().await;
    let e = extra[2];
    wait().await;
    let a = v;
    PTR.store(w[3..].as_mut_ptr(), SeqCst);
    let tmp = [a; 12];
    wait().await;
    std::hint::black_box(&tmp);
    wait().await;
    w[3] + a + e + tmp[0]
}
async fn cap_blk() -> u64 {
    let x = [1u64; 8];
    let y = AtomicU64::new(4);
    let b = async move {
        PTR.store(y.as_ptr(), SeqCst);
        wait().await;
        let k = x;
        wait().await;
        let m = [9u64; 8];
        wait().await;
        y.load(SeqCst) + k[2] + m[1]
    };
    b.await
}
fn run_escaping<F: Future<Output = u64>>(f: F) {
    let mut f = std::pin::pin!(f);
    loop {
        match poll(f.as_mut()) {
            std::task::Poll::Ready(v) => {
                println!("esc {v}");
                break;
            }
            _ => {
                std::thread::spawn(|| unsafe {
                    *PTR.load(SeqCst) += 10;
                })
                .join()
                .unwrap();
                println!("ptr {}", unsafe { *PTR.load(SeqCst) });
            }
        }
    }
}
fn main() {
    println!("{}", block_on(un(U { a: [4; 8] })));
    let p = |n| P { a: n, b: 7, c: Loud2(n, &0), d: [n as u32; 5] };
    println!("{}", block_on(packed(p(1), p(2), p(3))));
    drop_everywhere("packed", 4, || async move {
        packed(p(1), p(2), p(3)).await;
    });
    println!("{}", block_on(mu(MaybeUninit::uninit(), [const { MaybeUninit::uninit() }; 3])));
    block_on(readwrite(loud("x"), loud("y"), ManuallyDrop::new(loud("md"))));
    run_escaping(escaping(1, [2; 12], [3; 12]));
    run_escaping(cap_blk());
}
