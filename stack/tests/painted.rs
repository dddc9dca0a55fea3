//! What is computed is what painted stacks show: never less, and at most 1.3 times as much where nothing is called through pointers.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use snug_stack::{Format, Options};

/// What the painter's own frames may add to or take from a measurement, in bytes.
const SLACK: u64 = 768;

/// Paints the stack of a thread, does the work there, and prints how much of it was used.
const PAINTER: &str = r#"
mod painter {
    use std::hint::black_box;
    const STACK: usize = 16 << 20;
    const OWN: usize = 4096;

    #[inline(never)]
    fn here() -> usize {
        let local = 0_u8;
        black_box(&raw const local) as usize
    }

    #[inline(never)]
    unsafe fn paint(low: usize, high: usize) {
        let mut at = low;
        while at < high {
            unsafe { std::ptr::write_volatile(at as *mut u64, 0xa5a5_a5a5_a5a5_a5a5) };
            at += 8;
        }
    }

    #[inline(never)]
    unsafe fn unpainted(low: usize) -> usize {
        let mut at = low;
        while unsafe { std::ptr::read_volatile(at as *const u64) } == 0xa5a5_a5a5_a5a5_a5a5 {
            at += 8;
        }
        at
    }

    pub fn run() {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
            let top = here();
            let low = (top - STACK + (64 << 10)) & !7;
            unsafe { paint(low, top - OWN) };
            let result = black_box(super::work());
            (top - unsafe { unpainted(low) }, result)
        });
        let (used, result) = thread.unwrap().join().unwrap();
        println!("{used} {result}");
    }
}

#[allow(dead_code)]
fn poll<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

#[allow(dead_code)]
struct Yield(bool);

impl Future for Yield {
    type Output = ();
    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        if std::mem::replace(&mut self.0, true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    }
}

fn main() {
    painter::run();
}
"#;

struct Built {
    program: PathBuf,
    used: u64,
}

/// Compiles a program, runs it, and says how much stack it used.
fn build(source: &Path, folder: &Path, flags: &[&str]) -> Built {
    let name = source.file_stem().unwrap().to_string_lossy().into_owned();
    let whole = folder.join(format!("{name}.rs"));
    let work = std::fs::read_to_string(source).unwrap();
    std::fs::write(&whole, format!("{work}\n{PAINTER}")).unwrap();
    let program = folder.join(&name);
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition=2024", "-g", "--cap-lints=allow"]).args(flags);
    let status = command.arg(&whole).arg("-o").arg(&program).status().unwrap();
    assert!(status.success(), "{name}");
    let output = Command::new(&program).output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let used = printed.split_whitespace().next().unwrap().parse().unwrap();
    Built { program, used }
}

/// The chain below `work`.
fn chain(program: PathBuf) -> Value {
    let root = Some("::work$".to_owned());
    let options = Options { limit: None, top: 0, root, format: Format::Json };
    let (text, _) = snug_stack::answer(&options, &[program]).unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let chains = answer["programs"][0]["chains"].as_array().unwrap().clone();
    let is_work = |chain: &Value| chain["links"][0]["name"].as_str().unwrap().ends_with("::work");
    chains.into_iter().find(is_work).unwrap_or_else(|| panic!("no chain below `work`: {answer:#}"))
}

#[test]
fn painted_stacks_are_never_deeper() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let folder = tempfile::tempdir().unwrap();
    let mut sources: Vec<PathBuf> =
        std::fs::read_dir(programs).unwrap().map(|entry| entry.unwrap().path()).collect();
    sources.sort();
    assert!(sources.len() >= 10, "{}", sources.len());
    // Compilers of two programs at a time.
    let half = sources.len().div_ceil(2);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let halves =
            sources.chunks(half).map(|sources| scope.spawn(|| wrong(sources, folder.path())));
        let halves: Vec<_> = halves.collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with what is computed of programs.
fn wrong(sources: &[PathBuf], folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        for flags in [&[][..], &["-O"]] {
            let Built { program, used } = build(source, folder, flags);
            let chain = chain(program);
            let bytes = chain["bytes"].as_u64().unwrap();
            let is_open = !chain["pointers"].as_array().unwrap().is_empty()
                || chain["recursive"].as_bool().unwrap();
            let name = source.file_stem().unwrap().to_string_lossy();
            let line = format!("{name} {flags:?}: {bytes} computed, {used} used, open: {is_open}");
            println!("{line}");
            let is_enough = is_open || bytes + SLACK >= used;
            let is_near = is_open || bytes * 10 <= used * 13 + SLACK * 10;
            if !is_enough || !is_near || is_open != name.ends_with("_open") {
                wrong.push(format!("{line} {}", chain["pointers"]));
            }
        }
    }
    wrong
}
