//! Unoptimised, what the user has written keeps its variables on the stack; what cargo has downloaded does not, wherever it is
//! compiled (`debuginfo/src/kept.rs`).

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, contains_all};

use crate::sessions::CRANELIFT;

/// The user's: a crate from a path, and the program.
const NEAR: &str =
    "pub fn near<T: Copy>(near_argument: T) -> T { std::hint::black_box(near_argument) }";
/// Cargo's: generic functions are compiled in the user's crates, others in theirs.
const FAR: &str = "
    pub fn far<T: Copy>(far_argument: T) -> T { std::hint::black_box(far_argument) }
    pub fn plain(plain_argument: u32) -> u32 { std::hint::black_box(plain_argument) }";
const PROGRAM: &str = "fn main() { own(near::near(1_u32) + far::far(2_u32) + far::plain(3)); }
    fn own(own_argument: u32) { assert_eq!(own_argument, 6); }";

/// Where downloaded crates are, after whatever CARGO_HOME is.
const DOWNLOADED: &str = "registry/src/index-0123/far-1.0.0/lib.rs";

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let test = harness::test("kept: what the user has written", move || kept(tools));
    vec![harness::needs("llvm-dwarfdump", "llvm", test)]
}

fn kept(tools: Tools) -> Result<()> {
    let workshop =
        Workshop::new(tools, &[(DOWNLOADED, FAR), ("near.rs", NEAR), ("program.rs", PROGRAM)])?;
    let flags = "-g -Ccodegen-units=1";
    let library = format!("{flags} --crate-type=lib");
    workshop.compile(
        CRANELIFT,
        &format!("{DOWNLOADED} --crate-name=far --cap-lints=allow {library}"),
    )?;
    workshop.compile(CRANELIFT, &format!("near.rs {library}"))?;
    workshop.compile(CRANELIFT, &format!("program.rs --extern=near --extern=far {flags}"))?;
    workshop.run("program")?;
    let place = |name: &str| -> Result<String> {
        let found = workshop.tool("llvm-dwarfdump", &format!("--name={name} program"))?;
        Ok(found.expect_success("llvm-dwarfdump")?.stdout)
    };
    for name in ["own_argument", "near_argument"] {
        contains_all(&place(name)?, &["DW_AT_location\t(DW_OP_fbreg"])?;
    }
    for name in ["far_argument", "plain_argument"] {
        contains_all(&place(name)?, &["DW_AT_location\t(0x"])?;
    }
    Ok(())
}
