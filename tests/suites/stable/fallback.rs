//! What Cranelift cannot compile, LLVM compiles, and users are told.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::User;

/// A package that needs LLVM in parts: modules, so that there are several objects.
const FAST: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nmembers = [\"app\", \"store\", \"fast\"]\nresolver = \"3\"\n"),
    ("fast/Cargo.toml", "[package]\nname = \"fast\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    (
        "fast/src/lib.rs",
        "pub mod wide;\npub mod asm;\npub mod plain;\npub mod calls;\n\
         pub fn all() -> String { format!(\"{:?} {:?} {}\", wide::wide(), asm::asm(), plain::plain()) }\n",
    ),
    ("fast/src/plain.rs", PLAIN),
    ("fast/src/wide.rs", WIDE),
    ("fast/src/asm.rs", ASM),
    ("fast/src/calls.rs", CALLS),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nstore = { path = \"../store\" }\nfast = { path = \"../fast\" }\n",
    ),
    (
        "app/src/main.rs",
        "fn main() {
            std::hint::black_box(store::size());
            println!(\"{} {}\", fast::all(), fast::calls::wide_argument(\"a\", \"b\", 4 << 70, 5, 6, 7));
            println!(\"{}\", fast::calls::calls_back(|a, b, c, d, e| d << 64 | (a.0 + a.1 + b.0 + b.1 + c + e * 100) as u128));
        }\n",
    ),
];

/// 128 bits where one register is left, from one generator's code to the other's and back.
const CALLS: &str = "
#[inline(never)]
pub fn wide_argument(a: &str, b: &str, d: u128, e: u16, f: u128, g: u8) -> String {
    format!(\"{a} {b} {d} {e} {f} {g}\")
}
#[inline(never)]
pub fn calls_back(called: fn((u64, u64), (u64, u64), u64, u128, u64) -> u128) -> u128 {
    called((1, 2), (3, 4), 5, 6, 7)
}
";

const PLAIN: &str = "pub fn plain() -> u32 { std::hint::black_box(40) + 2 }\n";

/// LLVM's `llvm.x86.pclmulqdq.256`, where the machine has it.
const WIDE: &str = "
use std::arch::x86_64::*;
#[target_feature(enable = \"vpclmulqdq,avx2\")]
fn multiply(a: __m256i, b: __m256i) -> [u64; 4] {
    let mut product = [0; 4];
    let result = _mm256_clmulepi64_epi128::<0x10>(a, b);
    unsafe { _mm256_storeu_si256(product.as_mut_ptr().cast(), result) };
    product
}
pub fn wide() -> [u64; 4] {
    if !is_x86_feature_detected!(\"vpclmulqdq\") { return [0x1c, 0, 0xa, 0] }
    unsafe { multiply(_mm256_set_epi64x(1, 2, 3, 4), _mm256_set_epi64x(5, 6, 7, 8)) }
}
";

/// Operands that cg_clif refuses, and some that it compiles wrongly.
const ASM: &str = "
use std::arch::{asm, global_asm};
static SEVEN: u64 = 7;
extern \"C\" fn answer() -> u64 { 42 }
global_asm!(\"asked_by_assembly:\", \"jmp {}\", sym answer);
unsafe extern \"C\" { fn asked_by_assembly() -> u64; }
unsafe extern \"C\" { fn snprintf(to: *mut u8, size: usize, format: *const i8, ...) -> i32; }
fn printed(x: f64) -> String {
    let mut text = [0; 32];
    let size = unsafe { snprintf(text.as_mut_ptr(), 32, c\"%d %.2f\".as_ptr(), 3i32, x) };
    String::from_utf8(text[..size as usize].to_vec()).unwrap()
}
#[target_feature(enable = \"avx\")]
extern \"C\" fn by_value(x: std::arch::x86_64::__m256) -> std::arch::x86_64::__m256 { x }
pub fn named() -> unsafe extern \"C\" fn(std::arch::x86_64::__m256) -> std::arch::x86_64::__m256 { by_value }
fn jump(x: u64) -> bool {
    unsafe { asm!(\"test {0}, {0}\", \"jnz {1}\", in(reg) x, label { return true }) }
    false
}
pub fn asm() -> (u8, u8, u64, u64, bool, u64, String) {
    let (a, b): (u8, u8);
    let (c, d): (u64, u64);
    unsafe {
        asm!(\"mov {0}, 1\", \"mov {1}, 2\", out(reg_byte) a, out(reg_byte) b);
        asm!(\"mov {0}, qword ptr [rip + {1}]\", out(reg) c, sym SEVEN);
        asm!(\"call {}\", sym answer, out(\"rax\") d, clobber_abi(\"C\"));
        (a, b, c, d, jump(5), asked_by_assembly(), printed(1.25))
    }
}
";

/// With an incremental cache, and without one as dependencies are compiled.
pub(crate) fn crates(tools: Tools) -> Result<()> {
    for incremental in ["0", "1"] {
        let user = User::new(tools, FAST)?.env("CARGO_INCREMENTAL", incremental);
        let expected = user.cargo("run -q")?.expect_success("stock")?.stdout;
        let snug = user.succeed("run")?;
        same("what it computes", &snug.stdout, &expected)?;
        contains_all(
            &snug.stderr,
            &[
                "LLVM compiles `fast`",
                "`llvm.x86.pclmulqdq.256`",
                "`sym` operands",
                "`label` operands",
                "registers of one byte",
                "C-variadic functions",
                "vectors of more than 16 bytes",
            ],
        )?;
        same("told once", snug.stderr.matches("LLVM compiles").count(), 1)?;
        same("fast", user.generator("target/snug/debug/libfast.rlib")?, "llvm")?;
        same("store", user.generator("target/snug/debug/libstore.rlib")?, "cranelift")?;
    }
    Ok(())
}

const NO_ASM: &str = "pub fn asm() -> u32 { 3 }\n";
const NO_WIDE: &str = "pub fn wide() -> u32 { 4 }\n";

/// Another text for a module of the package, and whether LLVM has to compile the package then.
type Edit = (&'static str, &'static str, bool);

/// Edits one part of the package after the other.
fn edit(user: &User, edits: &[Edit]) -> Result<()> {
    user.succeed("build")?;
    for (module, text, by_llvm) in edits {
        user.workspace.write(&format!("fast/src/{module}.rs"), text)?;
        let stock = user.cargo("run -q")?.expect_success("stock")?.stdout;
        let snug = user.succeed("run")?;
        let about = format!("with another `{module}`");
        same(&about, &snug.stdout, &stock)?;
        same(&about, snug.stderr.contains("LLVM compiles `fast`"), *by_llvm)?;
    }
    Ok(())
}

/// A package goes over to LLVM and back as it is edited, and keeps the parts that did not change.
pub(crate) fn edits(tools: Tools) -> Result<()> {
    let user = User::new(tools, FAST)?.env("CARGO_INCREMENTAL", "1");
    let plain_asm = "pub fn asm() -> u64 {
        let mut x = 4;
        unsafe { std::arch::asm!(\"add {0}, 5\", inout(reg) x) };
        x
    }\n";
    let edits = [
        ("wide", NO_WIDE, true),
        ("asm", NO_ASM, false),
        ("plain", "pub fn plain() -> u32 { 43 }\n", false),
        ("asm", plain_asm, true),
        ("wide", WIDE, true),
        ("asm", NO_ASM, true),
        ("plain", "pub fn plain() -> u32 { 44 }\n", true),
        ("wide", NO_WIDE, false),
        ("asm", ASM, true),
    ];
    edit(&user, &edits)
}

/// The same of packages that are optimised. LLVM would do ThinLTO among their parts, and has no bitcode of those that
/// Cranelift made.
pub(crate) fn optimised(tools: Tools) -> Result<()> {
    let profile = "[workspace]\nmembers = [\"app\", \"store\", \"fast\"]\nresolver = \"3\"\n\
                   [profile.dev]\nopt-level = 1\n";
    let user = User::new(tools, FAST)?.env("CARGO_INCREMENTAL", "1");
    user.workspace.write("Cargo.toml", profile)?;
    let edits = [("asm", NO_ASM, true), ("wide", NO_WIDE, false), ("wide", WIDE, true)];
    edit(&user, &edits)
}

/// Options about processors: crates see what they see under stock, and Cranelift need not know the name.
pub(crate) fn processors(tools: Tools) -> Result<()> {
    for flags in
        ["", "-Ctarget-cpu=x86-64-v3", "-Ctarget-cpu=haswell", "-Ctarget-feature=+sse3,+aes"]
    {
        let user = User::new(tools, &[])?.env("RUSTFLAGS", flags);
        let asked = "rustc -q -p store -- --print cfg";
        let stock = user.cargo(asked)?.expect_success("stock")?.stdout;
        same(flags, user.succeed(asked)?.stdout, stock)?;
        // Whose names of processors are known.
        let asked = "rustc -q -p store -- --print target-cpus";
        let stock = user.cargo(asked)?.expect_success("stock")?.stdout;
        same(flags, user.succeed(asked)?.stdout, stock)?;
        user.succeed("build")?;
        same(flags, user.generator("target/snug/debug/libstore.rlib")?, "cranelift")?;
    }
    Ok(())
}

/// What a whole build asks for, and only LLVM can do.
pub(crate) fn sessions(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let small = user.succeed("run -q")?.stdout;
    let covered = User::new(tools, &[])?
        .env("RUSTFLAGS", "-Cinstrument-coverage")
        .env("LLVM_PROFILE_FILE", "coverage.profraw");
    let run = covered.succeed("run")?;
    same("layouts", &run.stdout, &small)?;
    same("told once", run.stderr.matches("LLVM compiles this").count(), 1)?;
    contains_all(&run.stderr, &["-Cinstrument-coverage"])?;
    same("coverage", covered.workspace.path("coverage.profraw").exists(), true)?;
    user.workspace.edit(
        "Cargo.toml",
        "[profile.release]",
        "[profile.dev]\nlto = true\n[profile.release]",
    )?;
    let optimised = user.succeed("run")?;
    same("LTO", &optimised.stdout, &small)?;
    contains_all(&optimised.stderr, &["LLVM compiles everything", "profile `dev` has `lto`"])?;
    let tree = user.succeed("tree --offline")?;
    same("told to those who compile nothing", tree.stderr.contains("LLVM"), false)?;
    user.succeed("rustc -p store -- --emit=asm=store.s")?;
    contains_all(&user.workspace.read("store.s")?, &[".text", "keep"])
}

/// A target that Cranelift does not know, with nothing of std's, which would have to be installed.
pub(crate) fn targets(tools: Tools) -> Result<()> {
    let bare = "#![feature(no_core, lang_items)]\n#![no_core]\n\
                #[lang = \"pointee_sized\"] pub trait PointeeSized {}\n\
                #[lang = \"meta_sized\"] pub trait MetaSized: PointeeSized {}\n\
                #[lang = \"sized\"] pub trait Sized: MetaSized {}\n\
                #[unsafe(no_mangle)] pub extern \"C\" fn nothing() {}\n";
    let user = User::new(tools, &[("bare.rs", bare)])?.env("RUSTC_BOOTSTRAP", "1");
    let compile = |target: &str| {
        let line = format!("--crate-type=lib --emit=obj -o {target}.o --target {target} bare.rs");
        user.snug_rustc(&line)?.expect_success(&line)
    };
    // ELF's number of the machine.
    let machine = |target: &str| -> Result<u8> {
        let path = user.workspace.path(&format!("{target}.o"));
        let object = std::fs::read(path).map_err(|error| error.to_string())?;
        object.get(18).copied().ok_or_else(|| "the object is empty".to_owned())
    };
    for (target, number) in [("thumbv7em-none-eabihf", 40), ("riscv32imac-unknown-none-elf", 243)] {
        compile(target)?;
        same(target, machine(target)?, number)?;
    }
    Ok(())
}
