//! LLVM's intrinsics.
//!
//! Every intrinsic that `core::arch` declares for this processor is called in one program. Snug says which of them it
//! leaves to LLVM. Cranelift alone (`SNUG_FALLBACK=off`) warns of those that it replaces with traps: they must be the
//! same, neither more (Cranelift would compile a trap) nor fewer (LLVM would compile for nothing). Then the others are
//! called, as far as this machine has their instructions, and must come back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use snug_tests::Result;
use snug_tests::command::run;
use snug_tests::harness::Tools;
use snug_tests::workshop::Workshop;

use crate::{CRANELIFT, LEFT_TO_LLVM};

/// A function that `core::arch` declares.
struct Declaration {
    /// The intrinsic's name.
    name: String,
    /// The file of `core_arch` in which it is, without `.rs`: mostly a feature's name.
    module: String,
    arguments: Vec<String>,
    result: String,
}

pub(crate) fn check(tools: Tools) -> Result<()> {
    let mut declarations = Vec::new();
    let mut structs = BTreeMap::new();
    for folder in ["x86", "x86_64"] {
        let path = tools.sources.join("library/stdarch/crates/core_arch/src").join(folder);
        read(&path, &mut declarations, &mut structs)?;
    }
    declarations.sort_by(|one, other| one.name.cmp(&other.name));
    declarations.dedup_by(|one, other| one.name == other.name);
    if declarations.len() < 500 {
        return Err(format!("`core::arch` declares only {} intrinsics", declarations.len()));
    }
    let all: Vec<&Declaration> = declarations.iter().collect();
    let workshop = Workshop::new(tools, &[("all.rs", &program(&all, &structs))])?;

    // What LLVM makes of it does not matter: it wants to know which instructions it may use.
    let noted = run(&mut workshop.rustc(CRANELIFT, "all.rs -Awarnings"))?;
    let note = noted.stderr.lines().find(|line| line.contains("it needs what Cranelift lacks"));
    let note = note.ok_or_else(|| format!("nothing is left to LLVM: {}", noted.describe()))?;
    let believed: BTreeSet<&str> =
        note.split('`').filter(|name| name.starts_with("llvm.")).collect();

    let mut alone = workshop.rustc(CRANELIFT, "all.rs");
    let warned = run(alone.env("SNUG_FALLBACK", "off"))?.expect_success("Cranelift alone")?;
    let lines = warned.stderr.lines().filter(|line| line.contains("replacing with trap"));
    let trapped: BTreeSet<&str> = lines
        .filter_map(|line| line.split([' ', ';']).find(|word| word.starts_with("llvm.")))
        .collect();

    let unnoticed: Vec<_> = trapped.difference(&believed).collect();
    let needless: Vec<_> = believed.difference(&trapped).collect();
    if !unnoticed.is_empty() || !needless.is_empty() {
        return Err(format!(
            "Cranelift makes traps of {unnoticed:?}, which Snug believes it has; \
             it has {needless:?}, which Snug leaves to LLVM"
        ));
    }

    let known = all.into_iter().filter(|declared| !believed.contains(declared.name.as_str()));
    let known: Vec<&Declaration> = known.collect();
    if known.len() < 50 {
        return Err(format!("only {} intrinsics are Cranelift's", known.len()));
    }
    workshop.write("known.rs", &program(&known, &structs))?;
    let compiled = run(&mut workshop.rustc(CRANELIFT, "known.rs -Awarnings"))?;
    let compiled = compiled.expect_success("what Cranelift has")?;
    if compiled.stderr.contains(LEFT_TO_LLVM) {
        return Err(format!("LLVM compiles what Cranelift has: {}", compiled.stderr));
    }
    run(&mut std::process::Command::new(workshop.path("known")))?.expect_success("calling them")?;
    Ok(())
}

/// Reads what the files in a folder declare.
fn read(
    folder: &Path,
    declarations: &mut Vec<Declaration>,
    structs: &mut BTreeMap<String, String>,
) -> Result<()> {
    let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(complaint)? {
        let path = entry.map_err(complaint)?.path();
        let Some(module) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if path.is_dir() {
            continue;
        }
        let source = std::fs::read_to_string(&path).map_err(complaint)?;
        let file =
            syn::parse_file(&source).map_err(|error| format!("{}: {error}", path.display()))?;
        for item in &file.items {
            if let syn::Item::Struct(item) = item {
                let mut item = item.clone();
                item.attrs.retain(|attribute| attribute.path().is_ident("repr"));
                structs.insert(item.ident.to_string(), text(&item));
            }
        }
        let blocks = file.items.iter().filter_map(|item| match item {
            syn::Item::ForeignMod(block) => Some(block),
            _ => None,
        });
        for item in blocks.flat_map(|block| &block.items) {
            let syn::ForeignItem::Fn(function) = item else { continue };
            let name = function.attrs.iter().find_map(link_name);
            let name = name.filter(|name| name.starts_with("llvm."));
            declarations.extend(name.map(|name| declaration(name, module, &function.sig)));
        }
    }
    Ok(())
}

fn link_name(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
    let syn::Expr::Lit(literal) = &meta.value else { return None };
    let syn::Lit::Str(name) = &literal.lit else { return None };
    meta.path.is_ident("link_name").then(|| name.value())
}

fn declaration(name: String, module: &str, signature: &syn::Signature) -> Declaration {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        syn::FnArg::Typed(argument) => text(&argument.ty),
        syn::FnArg::Receiver(_) => "()".to_owned(),
    });
    let arguments = arguments.collect();
    let result = match &signature.output {
        syn::ReturnType::Default => "()".to_owned(),
        syn::ReturnType::Type(_, ty) => text(ty),
    };
    Declaration { name, module: module.to_owned(), arguments, result }
}

fn text(node: &impl quote::ToTokens) -> String {
    node.to_token_stream().to_string()
}

/// A program that calls intrinsics, each where the machine has its instructions.
fn program(declarations: &[&Declaration], structs: &BTreeMap<String, String>) -> String {
    let mut vectors = BTreeSet::new();
    let mut declared = String::new();
    let mut functions = String::new();
    let mut calls = String::new();
    for (index, Declaration { name, module, arguments, result }) in declarations.iter().enumerate()
    {
        for word in
            arguments.iter().chain([result]).flat_map(|ty| ty.split(|c: char| !c.is_alphanumeric()))
        {
            let definition = vector(word).or_else(|| structs.get(word).cloned());
            vectors.extend(definition.map(|definition| (word.to_owned(), definition)));
        }
        let parameters: String =
            arguments.iter().enumerate().map(|(index, ty)| format!("a{index}: {ty}, ")).collect();
        let values: Vec<String> = arguments.iter().map(|ty| value(ty)).collect();
        let values = values.join(", ");
        declared += &format!(
            "    #[link_name = \"{name}\"] fn intrinsic{index}({parameters}) -> {result};\n"
        );
        functions += &format!(
            "#[target_feature(enable = \"avx512f\")] unsafe fn call{index}() {{ unsafe {{ std::hint::black_box(intrinsic{index}({values})); }} }}\n"
        );
        let feature = feature(module).unwrap_or_default();
        calls += &format!("    ({feature:?}, {name:?}, call{index}),\n");
    }
    let vectors: String = vectors.into_iter().map(|(_, definition)| definition).collect();
    let detect: String = FEATURES
        .iter()
        .map(|feature| format!("        {feature:?} => is_x86_feature_detected!({feature:?}),\n"))
        .collect();
    format!(
        "#![feature(abi_unadjusted, f16, link_llvm_intrinsics, repr_simd, simd_ffi, stdarch_x86_avx512_bf16, stdarch_x86_avx512_f16)]\n\
         #![allow(internal_features, improper_ctypes, non_camel_case_types, unused, clashing_extern_declarations)]\n\
         use std::arch::x86_64::*;\n{vectors}\n\
         #[repr(align(64))] struct Memory([u8; 4096]);\n\
         static mut MEMORY: Memory = Memory([0; 4096]);\nunsafe extern \"unadjusted\" {{\n{declared}}}\n{functions}\n\
         static CALLS: &[(&str, &str, unsafe fn())] = &[\n{calls}];\n\
         fn has(feature: &str) -> bool {{\n    match feature {{\n{detect}        _ => false,\n    }}\n}}\n\
         fn main() {{\n    for (feature, name, call) in CALLS {{\n        if has(feature) {{\n            \
         eprintln!(\"{{name}}\");\n            unsafe {{ call() }}\n        }}\n    }}\n}}\n"
    )
}

/// The definition of a vector type that `core_arch` has for itself: `i8x16`.
fn vector(name: &str) -> Option<String> {
    let (element, count) = name.split_once('x')?;
    let is_element = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f16", "f32", "f64"];
    let count: usize = count.parse().ok()?;
    is_element.contains(&element).then(|| {
        format!("#[repr(simd)] #[derive(Clone, Copy)] pub struct {name}([{element}; {count}]);\n")
    })
}

/// A value of a type: constants where instructions want them, zeroes, and memory that may be written.
fn value(ty: &str) -> String {
    match ty {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" => {
            "0".to_owned()
        }
        "f32" | "f64" | "f16" => "0.0".to_owned(),
        _ if ty.starts_with('*') => format!("(&raw mut MEMORY).cast_const().cast_mut() as {ty}"),
        _ => "std::mem::zeroed()".to_owned(),
    }
}

/// Features whose intrinsics are called.
const FEATURES: [&str; 14] = [
    "adx",
    "aes",
    "avx",
    "avx2",
    "bmi1",
    "bmi2",
    "fma",
    "pclmulqdq",
    "rdrand",
    "sha",
    "sse2",
    "sse3",
    "sse4.1",
    "sse4.2",
];

/// The feature that the instructions of a file of `core_arch` need; `None` where they need several, or privileges.
fn feature(module: &str) -> Option<&str> {
    let feature = match module {
        "sse41" => "sse4.1",
        "sse42" => "sse4.2",
        "sse" => "sse2",
        other => other,
    };
    FEATURES.contains(&feature).then_some(feature)
}
