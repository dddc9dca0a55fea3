//! A workspace with tasks like embassy's, for `ram.rs`: a program of the host, and a firmware.
//!
//! A crate that is like `embassy_executor` in what matters (`TaskPool`, what its macro makes of a task) takes its place, so nothing is
//! downloaded.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::Workshop;

const EXECUTOR: &str = "#![no_std]
pub mod raw {
    use core::cell::UnsafeCell;
    use core::mem::MaybeUninit;

    #[repr(align(8))]
    pub struct TaskHeader([usize; 5]);
    pub struct TaskStorage<F: Future + 'static> {
        raw: TaskHeader,
        future: UnsafeCell<MaybeUninit<F>>,
    }
    pub struct TaskPool<F: Future + 'static, const N: usize> {
        pool: [TaskStorage<F>; N],
    }
    unsafe impl<F: Future + 'static, const N: usize> Sync for TaskPool<F, N> {}
    impl<F: Future + 'static> TaskStorage<F> {
        const NEW: Self =
            TaskStorage { raw: TaskHeader([0; 5]), future: UnsafeCell::new(MaybeUninit::uninit()) };
    }
    impl<F: Future + 'static, const N: usize> TaskPool<F, N> {
        pub const fn new() -> Self {
            TaskPool { pool: [TaskStorage::NEW; N] }
        }
        fn spawn_impl<T>(&'static self, future: impl FnOnce() -> F) -> usize {
            let free = &self.pool[N - 1];
            unsafe { (*free.future.get()).write(future()) };
            free.raw.0.as_ptr() as usize
        }
        pub fn spawn(&'static self, future: impl FnOnce() -> F) -> usize {
            self.spawn_impl::<F>(future)
        }
        pub fn _spawn_async_fn<FutFn: FnOnce() -> F>(&'static self, future: FutFn) -> usize {
            self.spawn_impl::<FutFn>(future)
        }
    }
}
pub mod _export {
    use core::cell::UnsafeCell;
    use core::mem::MaybeUninit;
    use crate::raw::TaskPool;

    #[repr(C, align(8))]
    pub struct TaskPoolHolder<const SIZE: usize, const ALIGN: usize> {
        data: UnsafeCell<[MaybeUninit<u8>; SIZE]>,
    }
    unsafe impl<const SIZE: usize, const ALIGN: usize> Sync for TaskPoolHolder<SIZE, ALIGN> {}
    impl<const SIZE: usize, const ALIGN: usize> TaskPoolHolder<SIZE, ALIGN> {
        pub const fn get(&self) -> *const u8 {
            self.data.get().cast()
        }
    }
    pub const fn task_pool_size<F, Fut, const N: usize>(_: F) -> usize
    where
        F: Copy + FnOnce() -> Fut,
        Fut: Future + 'static,
    {
        size_of::<TaskPool<Fut, N>>()
    }
    pub const fn task_pool_new<F, Fut, const N: usize>(_: F) -> TaskPool<Fut, N>
    where
        F: Copy + FnOnce() -> Fut,
        Fut: Future + 'static,
    {
        TaskPool::new()
    }
}
";

/// Of both programs. Each has statics as big as its futures are, so their symbols say that.
const TASKS: &str = "
use core::pin::Pin;
use core::sync::atomic::{AtomicU8, Ordering};
use core::task::{Context, Poll};

use embassy_executor::_export::{TaskPoolHolder, task_pool_new, task_pool_size};
use embassy_executor::raw::TaskPool;

pub struct Wait(bool);
impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

fn look(bytes: &[u8]) {
    core::hint::black_box(bytes);
}

async fn blink_inner() {
    let first = [1; 301];
    Wait(false).await;
    look(&first);
    let second = [2; 307];
    Wait(false).await;
    look(&second);
}
async fn embassy_main_inner() {
    inner(core::hint::black_box([3; 501])).await
}
async fn inner(bytes: [u8; 501]) {
    Wait(false).await;
    look(&bytes);
}
/// No `async fn`: embassy takes these as well.
fn plain_inner() -> impl Future<Output = ()> {
    inner([4; 501])
}

pub const fn future<F: Copy + FnOnce() -> Fut, Fut>(_: F) -> usize {
    size_of::<Fut>()
}

macro_rules! task {
    ($name:ident, $inner:ident, $size:expr, $spawn:ident, $as_big:ident) => {
        pub fn $name() -> usize {
            const fn __task_pool_get<F, Fut>(_: F) -> &'static TaskPool<Fut, POOL_SIZE>
            where
                F: Copy + FnOnce() -> Fut,
                Fut: Future + 'static,
            {
                unsafe { &*POOL.get().cast() }
            }
            const POOL_SIZE: usize = $size;
            static POOL: TaskPoolHolder<{ task_pool_size::<_, _, POOL_SIZE>($inner) }, 8> =
                unsafe { core::mem::transmute(task_pool_new::<_, _, POOL_SIZE>($inner)) };
            __task_pool_get($inner).$spawn(move || $inner())
        }
        pub static $as_big: [AtomicU8; future($inner)] = [const { AtomicU8::new(0) }; future($inner)];
    };
}
task!(blink, blink_inner, 3, _spawn_async_fn, BLINK);
task!(__embassy_main, embassy_main_inner, 1, _spawn_async_fn, MAIN);
task!(plain, plain_inner, 2, spawn, PLAIN);

pub static BUFFER: [AtomicU8; 5000] = [const { AtomicU8::new(0) }; 5000];
pub static TABLE: [AtomicU8; 77] = [const { AtomicU8::new(7) }; 77];
/// It is called like a task's, and is none.
pub static POOL: [AtomicU8; 19] = [const { AtomicU8::new(0) }; 19];

pub fn touch(at: usize) -> u8 {
    let all: [&[AtomicU8]; 6] = [&BLINK, &MAIN, &PLAIN, &BUFFER, &TABLE, &POOL];
    all.iter().fold(0, |sum, bytes| sum ^ bytes[at % bytes.len()].fetch_add(1, Ordering::Relaxed))
}
";

const HOST: &str = "
#[path = \"../../tasks.rs\"]
mod tasks;

fn main() {
    let spawned = [tasks::blink(), tasks::__embassy_main(), tasks::plain()];
    std::hint::black_box(spawned);
    println!(\"blink {}\", tasks::BLINK.len());
    println!(\"main {}\", tasks::MAIN.len());
    println!(\"plain {}\", tasks::PLAIN.len());
    tasks::touch(std::env::args().count());
}
";

const FIRMWARE: &str = "#![no_std]
#![no_main]

#[path = \"../../tasks.rs\"]
mod tasks;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
pub extern \"C\" fn Reset() -> ! {
    let spawned = [tasks::blink(), tasks::__embassy_main(), tasks::plain()];
    loop {
        tasks::touch(core::hint::black_box(spawned)[0]);
    }
}
";

const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"executor\", \"host\", \"firmware\"]\nresolver = \"3\"\n\
         [profile.dev]\npanic = \"abort\"\n[profile.release]\npanic = \"abort\"\nstrip = true\n",
    ),
    (
        ".cargo/config.toml",
        "[target.thumbv7em-none-eabihf]\nrustflags = [\"-Clink-arg=-Tlink.x\"]\n",
    ),
    (
        "executor/Cargo.toml",
        "[package]\nname = \"embassy-executor\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    ("executor/src/lib.rs", EXECUTOR),
    ("tasks.rs", TASKS),
    (
        "host/Cargo.toml",
        "[package]\nname = \"host\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nembassy-executor = { path = \"../executor\" }\n",
    ),
    ("host/src/main.rs", HOST),
    (
        "firmware/Cargo.toml",
        "[package]\nname = \"firmware\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nembassy-executor = { path = \"../executor\" }\n",
    ),
    ("firmware/src/main.rs", FIRMWARE),
    // As firmwares do: the scripts are copied to where the linker looks.
    (
        "firmware/build.rs",
        "fn main() {\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
         for script in [\"memory.x\", \"link.x\"] {\n        \
         std::fs::copy(script, format!(\"{out}/{script}\")).unwrap();\n    }\n    \
         println!(\"cargo::rustc-link-search={out}\");\n}\n",
    ),
    (
        "firmware/memory.x",
        "/* RAM : LENGTH = 1K */\nMEMORY {\n  FLASH (rx) : ORIGIN = 0, LENGTH = 4M\n  \
         RAM : ORIGIN = 0x20000000, LENGTH = 32K + 32K\n}\n",
    ),
    (
        "firmware/link.x",
        "INCLUDE memory.x\nENTRY(Reset)\nSECTIONS {\n  .text : { *(.text .text.*) } > FLASH\n  \
         .rodata : { *(.rodata .rodata.*) } > FLASH\n  .data : { *(.data .data.*) } > RAM AT > FLASH\n  \
         .bss (NOLOAD) : { *(.bss .bss.*) } > RAM\n  /DISCARD/ : { *(.ARM.exidx .ARM.exidx.*) }\n}\n",
    ),
];

/// The user who has it.
pub(crate) fn user(tools: Tools) -> Result<User> {
    Ok(User::of(tools, Workshop::new(tools, FILES)?))
}
