//! Where statics are put: what is zero at the start takes nothing in files. (What it takes to compile them is measured by `y bench statics`.)

use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator};
use snug_tests::harness::Tools;
use snug_tests::workshop::{Workshop, same};

use crate::Tests;
use crate::sides::{TWINS, as_stock, without_notes, workshop};

pub(crate) const SHORT: Tests =
    &[("sections", sections), ("special sections", special_sections), ("sizes of programs", sizes)];

/// The letters that `nm` has for statics: `B` is without contents, `D` and `R` are not.
fn sections(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "statics")?;
    for flags in ["", "-Copt-level=2"] {
        as_stock(|compiler| {
            let line = "--crate-type=lib --emit=obj -Ccodegen-units=1 -Awarnings sections.rs";
            folder.compile(compiler, &format!("{line} {flags} -o object.o"))?;
            let nm = folder.tool("nm", "object.o")?.expect_success("nm")?.stdout;
            let named = |line: &&str| line.contains(" S_") || line.contains(" C_");
            let letters = nm.lines().filter(named).filter_map(|line| line.get(17..));
            let letters: Vec<&str> = letters.collect();
            same("there are many", letters.len() > 40, true)?;
            Ok(letters.join("\n"))
        })?;
    }
    Ok(())
}

/// What `readelf` says of sections whose names have a meaning, and who compiles them.
fn special_sections(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "statics")?;
    for special in ["bss", "note", "local", "text"] {
        as_stock(|compiler| {
            let line = "--crate-type=lib --emit=obj -Awarnings special.rs -o object.o";
            let messages = folder.compile(compiler, &format!("{line} --cfg {special}"))?.stderr;
            let is_told = without_notes(&messages).1.contains("`#[link_section]`");
            let is_cranelift = matches!(compiler, Compiler::Snug(Generator::Cranelift, _));
            same(special, is_told, is_cranelift)?;
            let sections = folder.tool("readelf", "-S -W object.o")?.expect_success("readelf")?;
            let line = sections.stdout.lines().find(|line| line.contains(".mine"));
            let words = line.unwrap_or("no such section").split_whitespace();
            // Without numbers of sections and where they are.
            let words: Vec<&str> = words.skip_while(|word| !word.starts_with('.')).collect();
            let offset = 3;
            let kept = words.iter().enumerate().filter(|(i, _)| *i != offset);
            Ok(format!("{special} {:?}", kept.map(|(_, word)| *word).collect::<Vec<_>>()))
        })?;
    }
    Ok(())
}

const LARGE: &str = "
use std::cell::Cell;
use std::mem::MaybeUninit;
static mut ARENA: [u8; 64 << 20] = [0; 64 << 20];
static mut UNINIT: MaybeUninit<[u64; 2 << 20]> = MaybeUninit::uninit();
static mut PAIRS: [(u8, u32); 1 << 20] = [(0, 0); 1 << 20];
thread_local! { static TLS: Cell<[u64; 1 << 17]> = const { Cell::new([0; 1 << 17]) }; }
fn main() {
    unsafe {
        let arena = &raw mut ARENA as *mut u8;
        *arena.add(100) = 3;
        let uninit = &raw mut UNINIT as *mut u64;
        *uninit.add(7) = 4;
        let pairs = &raw mut PAIRS as *mut (u8, u32);
        println!(\"{} {} {:?}\", *arena.add(100), *uninit.add(7), *pairs.add(5));
        println!(\"{}\", TLS.with(|local| local.as_ptr().cast::<u64>().read()));
    }
}
";

/// Programs with large statics.
fn sizes(tools: Tools) -> Result<()> {
    let folder = Workshop::new(tools, &[("large.rs", LARGE)])?;
    let size = |compiler: Compiler| -> Result<u64> {
        folder.compile(compiler, "large.rs -o large.exe")?;
        same("what it prints", folder.run("large.exe")?.as_str(), "3 4 (0, 0)\n0\n")?;
        let file = std::fs::metadata(folder.path("large.exe"));
        file.map(|file| file.len()).map_err(|error| error.to_string())
    };
    let stock = size(Compiler::Stock)?;
    for twin in TWINS {
        let snug = size(twin)?;
        if snug * 10 > stock * 11 {
            return Err(format!("{twin}: {snug} bytes, stock has {stock}"));
        }
    }
    Ok(())
}
