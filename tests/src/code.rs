//! Reads the code that generators emit before they optimise it: CLIF and LLVM IR, function by
//! function, and finds copies of values in it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Result;
use crate::compiler::Generator;

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// A value so large that a function is called: memcpy or memmove.
    Large,
    /// An `f64`: it is loaded. In a program without arithmetic, nothing else loads one.
    Float,
}

/// Functions by name, as Rust writes it: `function::{closure#0}`, without the crate's name.
pub type Functions = BTreeMap<String, String>;

/// The functions of a crate that was compiled with [`arguments`] in a folder.
pub fn functions(folder: &Path, generator: Generator) -> Result<Functions> {
    match generator {
        Generator::Llvm => {
            let path = folder.join("code.ll");
            let text = std::fs::read_to_string(&path).map_err(|e| complain(&path, &e))?;
            Ok(llvm_functions(&text))
        }
        Generator::Cranelift => clif_functions(&folder.join("code.clif")),
    }
}

/// Arguments that make a compiler write its code. Symbols of the old scheme do not name closures'
/// bodies apart.
pub const ARGUMENTS: &str = "--crate-name=code --emit=llvm-ir -Csymbol-mangling-version=v0 \
                             -Copt-level=0 -Cdebuginfo=0 -Ccodegen-units=1";

fn complain(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// A file per function. `.unopt.clif` is what was made of MIR.
fn clif_functions(folder: &Path) -> Result<Functions> {
    let mut functions = Functions::new();
    for entry in std::fs::read_dir(folder).map_err(|e| complain(folder, &e))? {
        let path = entry.map_err(|e| complain(folder, &e))?.path();
        if !path.to_string_lossy().ends_with(".unopt.clif") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|e| complain(&path, &e))?;
        // Shims around `main` have no such line.
        let symbol = text.lines().find_map(|line| line.strip_prefix("; symbol "));
        if let Some(name) = symbol.and_then(name) {
            functions.insert(name, text);
        }
    }
    Ok(functions)
}

fn llvm_functions(text: &str) -> Functions {
    let mut functions = Functions::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("define ") {
            let symbol = rest.split('@').nth(1).and_then(|rest| rest.split('(').next());
            // Functions that are exported have the name that they are given.
            let symbol = symbol.map(|symbol| symbol.trim_matches('"'));
            let name = symbol.map(|symbol| name(symbol).unwrap_or_else(|| symbol.to_owned()));
            open = name.map(|name| (name, String::new()));
        }
        if let Some((_, body)) = &mut open {
            body.push_str(line);
            body.push('\n');
        }
        if line == "}" {
            functions.extend(open.take());
        }
    }
    functions
}

/// The name behind a symbol, if Rust made it.
pub fn name(symbol: &str) -> Option<String> {
    let name = rustc_demangle::try_demangle(symbol).ok()?;
    let name = format!("{name:#}").replace("code::", "");
    // The body that an async closure has for being called once: a name of its own kind (`s`), and
    // an empty one, so that it would read like the closure.
    Some(if symbol.starts_with("_RNs") { name + "::{by-move}" } else { name })
}

/// The lines of a function that copy values of a kind.
pub fn copies(function: &str, generator: Generator, copied: Copied) -> Vec<&str> {
    let code = || function.lines().map(str::trim).filter(|line| !line.starts_with(';'));
    match (generator, copied) {
        (Generator::Llvm, Copied::Large) => {
            let copies = ["@llvm.memcpy.", "@llvm.memmove."];
            code().filter(|line| copies.iter().any(|copy| line.contains(copy))).collect()
        }
        (Generator::Llvm, Copied::Float) => {
            code().filter(|l| l.contains("= load double,")).collect()
        }
        (Generator::Cranelift, Copied::Large) => {
            // `fn3 = %Memcpy sig0` declares what `call fn3(` then calls.
            let declared = code().filter_map(|line| line.split_once(" = %Mem"));
            let calls: Vec<String> =
                declared.map(|(function, _)| format!("call {function}(")).collect();
            code().filter(|line| calls.iter().any(|call| line.contains(call))).collect()
        }
        (Generator::Cranelift, Copied::Float) => {
            code().filter(|l| l.contains("= load.f64 ")).collect()
        }
    }
}

/// How many bytes a line of LLVM IR copies that [`copies`] found, if that is known.
pub fn copied_bytes(copy: &str) -> Option<u64> {
    let (rest, _) = copy.rsplit_once(", i1 ")?;
    rest.rsplit_once("i64 ")?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn llvm_is_split_into_functions() {
        let text = "define internal void @_RNCNvCs1_4code8function0B3_(ptr align 8 %_1) #0 {\n  \
                    call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %b, i64 4096, i1 false)\n  \
                    %1 = load double, ptr %c, align 8\n}\n\ndefine i32 @main() {\n}\n";
        let functions = llvm_functions(text);
        let body = &functions["function::{closure#0}"];
        assert_eq!(functions.keys().collect::<Vec<_>>(), ["function::{closure#0}", "main"]);
        assert_eq!(copies(body, Generator::Llvm, Copied::Large).len(), 1);
        assert_eq!(copies(body, Generator::Llvm, Copied::Float).len(), 1);
        assert_eq!(copied_bytes(copies(body, Generator::Llvm, Copied::Large)[0]), Some(4096));
        assert!(copies("  call void @other()\n", Generator::Llvm, Copied::Large).is_empty());
    }

    #[test]
    fn copies_in_clif() {
        let text = "    fn0 = colocated u0:5 sig0 ; Memcpy\n    fn1 = %Memcpy sig1\n\nblock0:\n    \
                    v1 = call fn0(v0)\n; _4 = load.f64 \n    v2 = call fn1(v3, v4, v5)\n    \
                    v6 = load.f64 notrap v3+8\n    call fn10(v6)\n";
        let large = copies(text, Generator::Cranelift, Copied::Large);
        assert_eq!(large, ["v2 = call fn1(v3, v4, v5)"]);
        let floats = copies(text, Generator::Cranelift, Copied::Float);
        assert_eq!(floats, ["v6 = load.f64 notrap v3+8"]);
    }
}
