//! The compilers: stock rustc, and the same rustc with one of Snug's backends and layouts.

use std::fmt;
use std::process::Command;

use crate::toolchain::Toolchain;

/// What generates the machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Generator {
    /// Snug's LLVM twin.
    Llvm,
    /// Snug on Cranelift.
    Cranelift,
}

/// How coroutines are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Snug's pass is off.
    Classic,
    /// The layout of rust-lang/rust #135527.
    CapturesOnly,
    /// The default.
    Packed,
}

/// A compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compiler {
    /// rustc as it was released.
    Stock,
    /// rustc with a backend of Snug.
    Snug(Generator, Layout),
}

impl Generator {
    /// Both.
    pub const ALL: [Generator; 2] = [Generator::Llvm, Generator::Cranelift];
}

impl Layout {
    /// All three.
    pub const ALL: [Layout; 3] = [Layout::Classic, Layout::CapturesOnly, Layout::Packed];
}

impl Compiler {
    /// All of Snug's: every generator with every layout.
    pub fn all_of_snug() -> impl Iterator<Item = Compiler> {
        let both = Generator::ALL.into_iter();
        both.flat_map(|generator| Layout::ALL.map(|layout| Compiler::Snug(generator, layout)))
    }

    /// What tells rustc to use the compiler's backend; `None` for rustc's own.
    pub fn flag(self, toolchain: &Toolchain) -> Option<String> {
        let dylib = match self {
            Compiler::Stock => return None,
            Compiler::Snug(Generator::Llvm, _) => &toolchain.llvm,
            Compiler::Snug(Generator::Cranelift, _) => &toolchain.cranelift,
        };
        Some(format!("-Zcodegen-backend={}", dylib.display()))
    }

    /// How the compiler lays coroutines out; `None` for rustc's own way.
    pub fn layout(self) -> Option<Layout> {
        match self {
            Compiler::Stock => None,
            Compiler::Snug(_, layout) => Some(layout),
        }
    }

    /// The start of a command line.
    ///
    /// The environment is the same whoever runs the tests: nothing that changes a compiler's or a
    /// program's output is passed on.
    pub fn command(self, toolchain: &Toolchain) -> Command {
        let mut command = Command::new(&toolchain.rustc);
        clean_environment(&mut command);
        // The tests are full of unstable features.
        command.env("RUSTC_BOOTSTRAP", "1");
        command.args(self.flag(toolchain));
        if let Compiler::Snug(Generator::Cranelift, _) = self {
            command.arg(KEEPS_MARKERS);
        }
        if let Some(layout) = self.layout() {
            command.env("SNUG_LAYOUT", layout.to_string());
            command.env("SNUG_VALIDATE", "1");
        }
        command
    }
}

/// Locals share stack by their markers, which `cargo snug` keeps by itself in unoptimised builds.
const KEEPS_MARKERS: &str = "-Zmir-enable-passes=-RemoveStorageMarkers";

/// Lets a whole run of the tests have another liveness: `SNUG_TEST_LIVENESS=stock ./y.sh test run`.
pub(crate) const LIVENESS: &str = "SNUG_TEST_LIVENESS";

/// Takes out of a command's environment what would change its output.
pub fn clean_environment(command: &mut Command) {
    let ours = |name: &str| {
        ["SNUG_", "RUST_", "RUSTC_", "RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_ENCODED", "CARGO_BUILD_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(ours) {
            command.env_remove(&name);
        }
    }
    if let Some(liveness) = std::env::var_os(LIVENESS) {
        command.env("SNUG_LIVENESS", liveness);
    }
    // Cargo points the second one at the libraries of the toolchain that runs the tests.
    command.env_remove("RUSTC").env_remove("LD_LIBRARY_PATH").env("RUST_BACKTRACE", "0");
    // A compiler that panics would leave a file in the current folder.
    command.env("RUSTC_ICE", "0");
    command.env("LC_ALL", "C");
}

impl fmt::Display for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Generator::Llvm => "llvm",
            Generator::Cranelift => "cranelift",
        })
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layout::Classic => "classic",
            Layout::CapturesOnly => "captures-only",
            Layout::Packed => "packed",
        })
    }
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Compiler::Stock => f.write_str("stock"),
            Compiler::Snug(generator, layout) => write!(f, "{generator} {layout}"),
        }
    }
}
