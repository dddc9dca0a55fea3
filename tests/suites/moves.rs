//! Creating a future, and putting it somewhere, takes no more stack and copies no more than with stock.
//!
//! `moves/shapes.rs` has functions that create futures of several kinds in all the usual ways (`Box::pin`, spawn,
//! join, select, an `Option`, an enum, ..). They are compiled optimised, by stock and by the LLVM twin, and two
//! figures of each function are compared: the bytes of its frame, and the bytes that its memcpys and memmoves copy.
//! All other functions of the program count, too, such as those that poll.
//!
//! A frame may have a few saved registers more: where there is less to do, more is inlined. A line
//! `//@ larger: LEVEL NAME..` lists what has a larger frame, or copies more, at a level; the file says why. Nothing
//! else may have, and all of these must have.

use std::collections::BTreeMap;
use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::code::{self, Copied, Functions};
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::harness::{self, Tools};
use snug_tests::program::Program;
use snug_tests::stack_sizes;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

/// Saved registers, and what keeps the frame aligned.
const REGISTERS: u64 = 56;

const LEVELS: [&str; 4] = ["1", "2", "3", "s"];

fn main() -> ExitCode {
    harness::main(|tools| {
        let root = package().join("moves");
        let mut tests = Vec::new();
        for program in corpus::programs(&root)? {
            for level in LEVELS {
                let name = format!("moves: {} -O{level}", corpus::name(&program, &root));
                let program = program.clone();
                tests.push(harness::test(name, move || check(tools, &program, level)));
            }
        }
        Ok(tests)
    })
}

fn check(tools: Tools, program: &Program, level: &str) -> Result<()> {
    let stock = Figures::of(tools, program, Compiler::Stock, level)?;
    let snug = Compiler::Snug(Generator::Llvm, Layout::Packed);
    let snug = Figures::of(tools, program, snug, level)?;
    let lines = program.directives.own("larger").filter_map(|line| line.split_once(' '));
    let of_level = lines.filter(|(of, _)| *of == level);
    let excused: Vec<&str> = of_level.flat_map(|(_, names)| names.split_whitespace()).collect();
    let created = stock.frames.keys().filter(|name| !name.contains("::")).count();
    if created < 100 || snug.frames.len() < 100 {
        return Err(format!("only {created} functions were found"));
    }
    let larger: Vec<(&String, String)> = larger(&stock, &snug).collect();
    let is_larger = |excuse: &&&str| larger.iter().any(|(name, _)| name.contains(**excuse));
    if let Some(excuse) = excused.iter().find(|excuse| !is_larger(excuse)) {
        return Err(format!(
            "`{excuse}` is not larger than stock's any more: take it out of the list"
        ));
    }
    let is_excused = |name: &str| excused.iter().any(|excuse| name.contains(excuse));
    let others = larger.iter().filter(|(name, _)| !is_excused(name));
    let others: Vec<String> = others.map(|(name, what)| format!("{name}: {what}")).collect();
    if others.is_empty() { Ok(()) } else { Err(others.join("\n")) }
}

/// What of a function is larger than stock's, function by function.
fn larger<'a>(stock: &'a Figures, snug: &'a Figures) -> impl Iterator<Item = (&'a String, String)> {
    let frames = stock.frames.iter().filter_map(|(name, &frame)| {
        let snug = *snug.frames.get(name)?;
        (snug > frame + REGISTERS).then(|| (name, format!("a frame of {snug}, stock {frame}")))
    });
    let copies = stock.copies.iter().filter_map(|(name, &bytes)| {
        let snug = *snug.copies.get(name)?;
        // Padding may be copied along, and what stock stores word by word.
        (snug > bytes + REGISTERS).then(|| (name, format!("copies {snug} bytes, stock {bytes}")))
    });
    frames.chain(copies)
}

/// The figures of all functions that one compiler made.
struct Figures {
    frames: BTreeMap<String, u64>,
    copies: BTreeMap<String, u64>,
}

impl Figures {
    fn of(tools: Tools, program: &Program, compiler: Compiler, level: &str) -> Result<Figures> {
        let folder = Workshop::new(tools, &[])?;
        let arguments = format!(
            "--crate-name=code --crate-type=lib --emit=llvm-ir=code.ll,obj=code.o \
             -Csymbol-mangling-version=v0 -Ccodegen-units=1 -Copt-level={level} -Zemit-stack-sizes {}",
            program.path.display()
        );
        folder.compile(compiler, &arguments)?;
        let functions = code::functions(&folder.path("."), Generator::Llvm)?;
        let frames = stack_sizes::read(&folder.path("code.o"))?;
        Ok(Figures { frames, copies: copies(&functions) })
    }
}

fn copies(functions: &Functions) -> BTreeMap<String, u64> {
    let bytes = |function: &String| {
        let copies = code::copies(function, Generator::Llvm, Copied::Large);
        copies.iter().filter_map(|copy| code::copied_bytes(copy)).sum()
    };
    functions.iter().map(|(name, function)| (name.clone(), bytes(function))).collect()
}
