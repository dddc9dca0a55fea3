//! Does Snug notice when its relocation changes what a coroutine does?
//!
//! A build of Snug that spoils bodies on demand (`SNUG_MIR_FAULT`), after the pass has run, compiles a program once per
//! wrong transformation. Every time, compilation must stop with the sentence for just that. Without a fault the same
//! compiler builds the program, and the program works; and the compilers that users get do not know of faults.

use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, same};

/// A coroutine for every fault. The faults find their victims by name.
const PROGRAM: &str = "
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Pending once.
struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

fn wait() -> Wait {
    Wait(false)
}

struct Loud(u64);

impl Drop for Loud {
    fn drop(&mut self) {
        println!(\"dropped {}\", self.0);
    }
}

fn make() -> [u64; 4] {
    [5, 6, 7, 8]
}

fn turn(array: [u64; 4]) -> [u64; 4] {
    let [a, b, c, d] = array;
    [d, c, b, a]
}

fn twice(number: u64) -> u64 {
    2 * number
}

async fn alive(left: [u64; 4], right: [u64; 4]) -> u64 {
    wait().await;
    left[0] + right[1]
}

async fn copies(source: [u64; 4]) -> u64 {
    let copied = source;
    wait().await;
    let (one, two) = (&source, &copied);
    one[0] + two[1]
}

async fn borrowed(held: [u64; 4]) -> u64 {
    let pointer = &held;
    let fresh = make();
    wait().await;
    pointer[0] + fresh[1]
}

fn ladder(first: Loud, second: Loud) -> impl Future<Output = u64> {
    async move {
        let sum = (&first).0 + (&second).0;
        wait().await;
        sum + (&first).0 + (&second).0
    }
}

async fn branches(flag: bool, kept: [u64; 4]) -> u64 {
    wait().await;
    let extra = if flag { 1 } else { 2 };
    kept[2] + extra
}

async fn variants(chosen: Option<u64>, spare: Option<u64>) -> u64 {
    wait().await;
    let number = match chosen {
        Some(found) => found,
        None => 0,
    };
    number + spare.unwrap_or(3)
}

async fn indexed(list: [u64; 4], wanted: usize, other: usize) -> u64 {
    wait().await;
    list[wanted] + other as u64
}

async fn parts((head, tail): (u64, u64)) -> u64 {
    wait().await;
    head * 10 + tail
}

async fn moved(amount: u64) -> u64 {
    let mut counter = 1;
    wait().await;
    counter += twice(amount);
    counter
}

async fn result(operand: [u64; 4]) -> u64 {
    wait().await;
    let outcome = turn(operand);
    outcome[0]
}

fn run(future: impl Future<Output = u64>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return println!(\"{result}\");
        }
    }
}

fn main() {
    run(alive([1, 2, 3, 4], [5, 6, 7, 8]));
    run(copies([1, 2, 3, 4]));
    run(borrowed([1, 2, 3, 4]));
    run(ladder(Loud(1), Loud(2)));
    run(branches(true, [1, 2, 3, 4]));
    run(variants(Some(1), None));
    run(indexed([1, 2, 3, 4], 1, 2));
    run(parts((1, 2)));
    run(moved(7));
    run(result([1, 2, 3, 4]));
}
";

const LLVM: Compiler = Compiler::Snug(Generator::Llvm, Layout::Packed);

const OUTPUT: &str = "7\n3\n7\ndropped 1\ndropped 2\n6\n4\n4\n4\n12\n15\n4\n";

/// Faults, the coroutine that they are in, and what must be said about it; `*` stands for anything.
const FAULTS: &[(&str, &str, &str)] = &[
    // Two that are alive together become one.
    (
        "merge left right",
        "alive",
        "`left` (*) is read in `left` (*), which holds `right` (*) there (*",
    ),
    // One is borrowed, and the borrow used after the other has been written.
    (
        "merge held fresh",
        "borrowed",
        "`held` (*) is still borrowed in `held` (*), which holds `fresh` (*) there (*",
    ),
    // Two copies of one value: both are borrowed.
    (
        "merge-and-unlink source copied",
        "copies",
        "`source` (*) and `copied` (*) are both borrowed from `source` (*) (*",
    ),
    // A call's result is written where its argument is passed from.
    (
        "merge operand outcome",
        "result",
        "`outcome` (*) is computed into `operand` (*), where its operand * lies (*",
    ),
    (
        "overwrite right left",
        "alive",
        "`right` (*) is read in `right` (*), which does not hold it any more since * (*",
    ),
    // Parts of a pattern.
    (
        "merge head tail",
        "parts",
        "* is read in *, which holds `__arg0` (((_1.0: (u64, u64)).0: u64)) there (*",
    ),
    (
        "swap head tail",
        "parts",
        "* is read in *, which holds `__arg0` (((_1.0: (u64, u64)).1: u64)) there (*",
    ),
    // The prologue.
    (
        "swap-captures chosen spare",
        "variants",
        "`chosen` (*) is read in `chosen` (*), which holds `spare` (*",
    ),
    (
        "use-capture left",
        "alive",
        "`left` (*) is read in `(_1.0: [u64; 4])`, but lies in `left` (*) there (*",
    ),
    ("move-twice left", "alive", "`(_1.0: [u64; 4])` is moved from where it has no value (*"),
    // Moves and assignments.
    ("lose-move number", "variants", "* is read in *, but lies in `number` (*) there (*"),
    ("lose-store counter", "moved", "`* = const 1_u64` has become `* = wait() -> *"),
    // Drops.
    ("lose-drop second", "ladder", "the drop of `second` (*), which may have a value, is gone (*"),
    (
        "lose-cleanup-drop second",
        "ladder",
        "`second` (*), which may have a value, is no longer dropped on a way that ends with Resume (*",
    ),
    (
        "lose-unwind-edges first",
        "ladder",
        "`first` (*), which may have a value, is no longer dropped on a way that ends with Resume (*",
    ),
    (
        "drop-twice first",
        "ladder",
        "`first` (*) may have a value and is dropped, where nothing was dropped (*",
    ),
    (
        "swap-drops first second",
        "ladder",
        "`first` (*) is dropped in `second` (*), which holds `second` (*) there (*",
    ),
    // Storage.
    (
        "end-early left",
        "alive",
        "`left` (*) is used in `left` (*) where that may have no storage (*",
    ),
    (
        "end-on-branch kept",
        "branches",
        "`kept` (*) is read in `kept` (*), which has no storage there on some ways (*",
    ),
    (
        "begin-anew left",
        "alive",
        "`left` (*) is read in `left` (*), which does not hold it any more: its storage begins anew at * (*",
    ),
    // What is looked at.
    (
        "wrong-discriminant chosen spare",
        "variants",
        "`chosen` (*) is read in `spare` (*), which holds `spare` (*) there (*",
    ),
    (
        "wrong-index other",
        "indexed",
        "* is used as an index in `other` (*), which holds `other` (*) there (*",
    ),
    ("swap-targets flag", "branches", "`* = const 2_u64` has become `* = const 1_u64` (*"),
    ("circle flag", "branches", "one body goes in a circle where the other goes on (*"),
    // Debug info.
    (
        "swap-names left right",
        "alive",
        "debug info finds `left` in `left` (*), but it is used in `right` (*) (*",
    ),
    ("lose-name left", "alive", "debug info has another number of variables (*"),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let damaged: Tools = Box::leak(Box::new(tools.damaged()?));
        let mut tests =
            vec![harness::test("validator: no fault", move || works(damaged, LLVM, None))];
        for (fault, coroutine, message) in FAULTS {
            let name = format!("validator: {fault}");
            tests.push(harness::test(name, move || is_noticed(damaged, fault, coroutine, message)));
        }
        for generator in Generator::ALL {
            let compiler = Compiler::Snug(generator, Layout::Packed);
            let name = format!("validator: faults are ignored by users' {generator}");
            let fault = Some(FAULTS[0].0);
            tests.push(harness::test(name, move || works(tools, compiler, fault)));
        }
        Ok(tests)
    })
}

/// The compiler panics with one message, which says all of this.
fn is_noticed(tools: Tools, fault: &str, coroutine: &str, message: &str) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", PROGRAM)])?;
    let mut rustc = workshop.rustc(LLVM, "main.rs");
    let failed = command::run(rustc.env("SNUG_MIR_FAULT", fault))?;
    same("status", failed.status.as_str(), "exit status: 101")?;
    let message =
        format!("Snug's relocation has changed what `{coroutine}::{{closure#0}}` does: {message}");
    let is_bug = |line: &&str| line.starts_with("error: internal compiler error: ");
    match failed.stderr.lines().filter(is_bug).collect::<Vec<_>>()[..] {
        [bug] if harness::is_message(bug, &message) => {}
        [bug] => return Err(format!("`{message}` is not what it says: {bug}")),
        _ => return Err(format!("not one internal compiler error: {}", failed.describe())),
    }
    same("programs", workshop.path("main").exists(), false)
}

fn works(tools: Tools, compiler: Compiler, fault: Option<&str>) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", PROGRAM)])?;
    let mut rustc = workshop.rustc(compiler, "main.rs");
    rustc.envs(fault.map(|fault| ("SNUG_MIR_FAULT", fault)));
    command::run(&mut rustc)?.expect_success("rustc")?;
    same("output", workshop.run("main")?.as_str(), OUTPUT)
}
