//! What stops stock rustc from putting a crate of Snug into a staticlib.
//!
//! A staticlib is not linked: rustc only packs the members of all rlibs into one archive, and lists the
//! native libraries for the one who links it, who has no reason to look. But rustc also unpacks the
//! *bundled* libraries of each rlib, and reads the symbols of their members for the archive's index.
//! So each rlib of Snug has one bundled library with one member, an object file of WebAssembly in
//! which a symbol is declared twice, and the symbol's name is what there is to say:
//!
//! ```text
//! libstore.rlib ─► member SECTION ".bundled_lib" ─► archive ─► object: symbol "...", symbol "..."
//! error: failed to build archive at `libapp.a`: LLVM error: duplicate symbol name ...
//! ```
//!
//! No other format that LLVM reads gives an error that quotes the file. Linkers never see any of it: the
//! member's only section is one that they are told to leave out, as rustc does with its own.
//!
//! Mirrors `link_rlib` (which writes bundled libraries) and `link_staticlib` (which unpacks them) in
//! `rustc_codegen_ssa/src/back/link.rs`, and `search_for_section` in `back/metadata.rs`.

use std::io;
use std::path::{Path, PathBuf};

use object::write::{Object, StandardSegment};
use object::{Architecture, BinaryFormat, Endianness, SectionFlags, SectionKind, elf};
use rustc_codegen_ssa::{CompiledModule, CrateInfo, ModuleKind};
use rustc_session::Session;
use rustc_session::config::{CrateType, OutputFilenames, OutputType};
use rustc_span::Symbol;
use tempfile::TempDir;

use super::marker::{Marker, is_marker};

/// The section in which rustc looks for a bundled library.
const SECTION: &str = ".bundled_lib";

/// The processors for which rlibs get the member; rustc's own list is not public.
fn architecture(sess: &Session) -> Option<Architecture> {
    if sess.target.is_like_darwin || sess.target.is_like_windows || sess.target.is_like_wasm {
        return None;
    }
    match sess.target.arch.desc() {
        "x86_64" => Some(Architecture::X86_64),
        "aarch64" => Some(Architecture::Aarch64),
        _ => None,
    }
}

/// The name of an rlib's member, if it gets one: all rlibs of a program are unpacked into one folder.
pub(crate) fn member_name(sess: &Session, id: u64) -> Option<Symbol> {
    architecture(sess)?;
    // Not the crate's name, which may be longer than a file's.
    Some(Symbol::intern(&format!("snug-{id:016x}")))
}

/// Adds the member to the rlib that is about to be written. It is in the returned folder until then.
pub(crate) fn add_member(
    sess: &Session,
    modules: &mut Vec<CompiledModule>,
    info: &CrateInfo,
    outputs: &OutputFilenames,
) -> Option<TempDir> {
    let makes_rlib = info.crate_types.contains(&CrateType::Rlib);
    if !makes_rlib || !sess.opts.output_types.should_link() {
        return None;
    }
    let architecture = architecture(sess)?;
    let library = info.used_libraries.iter().find(|library| is_marker(library.name))?;
    let marker = Marker::read(library.name.as_str())?;
    let member = library.filename?;
    let name = info.local_crate_name;
    let place = place(outputs);
    let written = write_member(&place, &sentence(name, &marker), architecture, member.as_str());
    let folder = written.unwrap_or_else(|error| {
        sess.dcx().fatal(format!("cannot write a temporary file to {}: {error}", place.display()))
    });
    modules.push(CompiledModule {
        name: member.to_string(),
        kind: ModuleKind::Regular,
        object: Some(folder.path().join(member.as_str())),
        dwarf_object: None,
        bytecode: None,
        assembly: None,
        llvm_ir: None,
        links_from_incr_cache: Vec::new(),
    });
    Some(folder)
}

/// Where the crate's object files are, so that it can be written to.
fn place(outputs: &OutputFilenames) -> PathBuf {
    let object = outputs.temp_path_for_cgu(OutputType::Object, "snug", None);
    match object.parent() {
        Some(place) if !place.as_os_str().is_empty() => place.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// What LLVM prints after `duplicate symbol name `.
fn sentence(name: Symbol, marker: &Marker) -> String {
    let Marker { layout, version } = marker;
    format!(
        "(this is how Snug can tell you:) crate `{name}` was compiled by the codegen backend Snug \
         (coroutine layout {layout}-v{version}): compile the whole program with Snug, or `{name}` \
         without it"
    )
}

fn write_member(
    place: &Path,
    sentence: &str,
    architecture: Architecture,
    name: &str,
) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("snug").tempdir_in(place)?;
    let library = archive(&twice_declared(sentence.as_bytes()));
    let member = wrap(&library, architecture).map_err(io::Error::other)?;
    std::fs::write(folder.path().join(name), member)?;
    Ok(folder)
}

/// An ELF object with nothing but a section that linkers leave out.
fn wrap(contents: &[u8], architecture: Architecture) -> object::write::Result<Vec<u8>> {
    let mut file = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
    let segment = file.segment_name(StandardSegment::Debug).to_vec();
    let section = file.add_section(segment, SECTION.into(), SectionKind::Debug);
    file.section_mut(section).flags = SectionFlags::Elf { sh_flags: u64::from(elf::SHF_EXCLUDE) };
    file.append_section_data(section, contents, 1);
    // Linkers take an object that does not say so for one that needs an executable stack.
    file.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Metadata);
    file.write()
}

/// An archive with one member.
fn archive(member: &[u8]) -> Vec<u8> {
    let mut archive = Vec::from(*b"!<arch>\n");
    let header =
        format!("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", "snug/", 0, 0, 0, 644, member.len());
    archive.extend(header.bytes());
    archive.extend(member);
    if member.len() % 2 == 1 {
        archive.push(b'\n');
    }
    archive
}

/// A WebAssembly object that declares a symbol two times, which LLVM refuses.
///
/// The format: "Linking" in WebAssembly's tool conventions; checked by `parseLinkingSectionSymtab` in
/// LLVM's `lib/Object/WasmObjectFile.cpp`.
fn twice_declared(symbol: &[u8]) -> Vec<u8> {
    const CUSTOM_SECTION: u8 = 0;
    const LINKING_VERSION: u8 = 2;
    const SYMBOL_TABLE: u8 = 8;
    const DATA: u8 = 1;
    const UNDEFINED: u8 = 0x10;
    let declaration = [&[DATA, UNDEFINED], &*counted(symbol)].concat();
    let table = [&[2], &*declaration, &*declaration].concat();
    let linking =
        [&*counted(b"linking"), &[LINKING_VERSION, SYMBOL_TABLE], &*counted(&table)].concat();
    [b"\0asm\x01\0\0\0", &[CUSTOM_SECTION][..], &*counted(&linking)].concat()
}

/// Bytes with their count before them, as WebAssembly writes it: seven bits per byte, low ones first.
fn counted(bytes: &[u8]) -> Vec<u8> {
    let mut counted = Vec::new();
    let mut count = bytes.len();
    while count >= 0x80 {
        counted.push((count & 0x7f) as u8 | 0x80);
        count >>= 7;
    }
    counted.push(count as u8);
    counted.extend(bytes);
    counted
}
