//! Finds what is under test and what it is compared with.
//!
//! | what | where | instead |
//! |---|---|---|
//! | rustc | what `rustc` is in this folder (rust-toolchain.toml) | `RUSTC`, and its commit in `SNUG_RUSTC_COMMIT` |
//! | the two backends | `../dist/lib` | `SNUG_DIST` |
//! | the backend with faults | `../build/faults` | `SNUG_FAULTS` |
//! | rustc's sources | `../build/rustc` | `SNUG_RUSTC_SRC` |
//! | layouts that only this rustc has | nowhere | `SNUG_VERSION_SNAPSHOT` |
//! | a rustc of the default version, if this one is not | nowhere | `SNUG_DEFAULT_RUSTC` |
//! | sccache | `../build/sccache/sccache` | `SNUG_SCCACHE` |
//!
//! Whatever is missing is reported once, before the first test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::harness;

/// The commit of the rustc under test: `./y.sh test` says it, and otherwise it is that of the default version
/// (`versions/`).
pub(crate) fn commit() -> Result<String> {
    if let Ok(commit) = std::env::var("SNUG_RUSTC_COMMIT") {
        return Ok(commit);
    }
    let root = package().join("..");
    let field = |file: &Path, name: &str| -> Result<String> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?;
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
        let value = value.ok_or_else(|| format!("`{}` has no {name}", file.display()))?;
        Ok(value.trim_matches('"').to_owned())
    };
    let version = field(&root.join("rust-toolchain.toml"), "channel")?;
    field(&root.join("versions").join(version).join("version.toml"), "commit")
}

/// The layouts that only the rustc under test has, if it is not of the default version. `./y.sh test` says it.
pub fn layouts_of_version() -> Option<PathBuf> {
    std::env::var_os("SNUG_VERSION_SNAPSHOT").map(PathBuf::from)
}

/// A compiler of the default version, if the one under test is of another. `./y.sh test` says it.
pub fn default_rustc() -> Option<PathBuf> {
    std::env::var_os("SNUG_DEFAULT_RUSTC").map(PathBuf::from)
}

/// Everything that tests call.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler itself, not rustup's proxy, which would cost 30 ms per call.
    pub rustc: PathBuf,
    /// The Cargo of the same toolchain.
    pub cargo: PathBuf,
    /// Snug's backend on Cranelift.
    pub cranelift: PathBuf,
    /// Snug's backend on LLVM.
    pub llvm: PathBuf,
    /// Snug's backend on LLVM, built to damage layouts. Only `y test` makes it.
    pub with_faults: PathBuf,
    /// Snug's backend on Cranelift, built to fill what is dead with rubbish. Only `y test --long` makes it.
    pub cranelift_with_faults: PathBuf,
    /// The root of rustc's sources.
    pub sources: PathBuf,
    /// A compiler cache that is not ours. Only `y test` makes it.
    pub sccache: PathBuf,
}

/// The folder of this package: `tests/` in Snug's repository.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Toolchain {
    /// The same tools, with the backends that have faults. That on Cranelift is there in the long run alone.
    pub fn damaged(&self) -> Result<Toolchain> {
        if !self.with_faults.exists() && !harness::listing() {
            let place = self.with_faults.display();
            return Err(format!("`{place}` does not exist: run ./y.sh test, which makes it"));
        }
        Ok(Toolchain {
            llvm: self.with_faults.clone(),
            cranelift: self.cranelift_with_faults.clone(),
            ..self.clone()
        })
    }

    /// The folder that the compiler and its libraries are in.
    pub fn sysroot(&self) -> &Path {
        self.rustc.ancestors().nth(2).unwrap_or(Path::new("/"))
    }

    /// `cargo snug`, where `y build` put it.
    pub fn cargo_snug(&self) -> PathBuf {
        let dist = self.llvm.ancestors().nth(2).unwrap_or(Path::new("/"));
        dist.join("bin/cargo-snug")
    }

    /// Where an installation has what is for this rustc: what is for another than the default one is in a folder of its own
    /// (`driver/src/compilers.rs`).
    pub fn snug_folder(&self) -> Result<String> {
        let libraries = self.sysroot().join("lib");
        let id = id_in(&libraries).or_else(|| {
            let folders = libraries.read_dir().ok()?.flatten().map(|entry| entry.path());
            folders.filter(|path| path.is_dir()).find_map(|folder| id_in(&folder))
        });
        let id = id.ok_or_else(|| format!("no librustc_driver in {}", libraries.display()))?;
        let default = self.llvm.with_file_name("snug").join("COMPILER");
        let default = std::fs::read_to_string(default).unwrap_or_default();
        let is_default = default.lines().next() == Some(&id);
        Ok(if is_default { "lib/snug".to_owned() } else { format!("lib/snug/{id}") })
    }

    /// Where `y build` put what is for this rustc.
    pub fn built(&self) -> Result<PathBuf> {
        let dist = self.llvm.ancestors().nth(2).unwrap_or(Path::new("/"));
        Ok(dist.join(self.snug_folder()?))
    }

    /// What `rustc --version` prints.
    pub fn version(&self) -> Result<String> {
        let output = Command::new(&self.rustc).arg("--version").output();
        let output = output.map_err(|e| format!("`{}`: {e}", self.rustc.display()))?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Finds all parts, or says which is missing and what to do.
    pub fn find() -> Result<Toolchain> {
        let sysroot = sysroot()?;
        let dist = folder("SNUG_DIST", "../dist/lib");
        let sources = folder("SNUG_RUSTC_SRC", "../build/rustc");
        let toolchain = Toolchain {
            rustc: sysroot.join("bin/rustc"),
            cargo: sysroot.join("bin/cargo"),
            cranelift: dist.join("librustc_codegen_snug.so"),
            llvm: dist.join("librustc_codegen_snug_llvm.so"),
            with_faults: folder("SNUG_FAULTS", "../build/faults").join("snug_llvm.so"),
            cranelift_with_faults: folder("SNUG_FAULTS", "../build/faults").join("snug.so"),
            sources,
            sccache: folder("SNUG_SCCACHE", "../build/sccache/sccache"),
        };
        let tests = toolchain.sources.join("tests/ui");
        for part in [&toolchain.rustc, &toolchain.cranelift, &toolchain.llvm, &tests] {
            if !part.exists() {
                return Err(format!("`{}` does not exist: run ./y.sh build first", part.display()));
            }
        }
        Ok(toolchain)
    }
}

/// The hash in the name of the `librustc_driver` in a folder.
fn id_in(folder: &Path) -> Option<String> {
    folder.read_dir().ok()?.flatten().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let id = name.strip_prefix("librustc_driver-")?.strip_suffix(".so")?;
        Some(id.to_owned())
    })
}

fn folder(variable: &str, default: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(|| package().join(default), PathBuf::from);
    // Diagnostics show the paths of sources: shorter ones read better.
    path.canonicalize().unwrap_or(path)
}

fn sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let ask = |arguments: &[&str]| -> Result<String> {
        let output = Command::new(&rustc)
            .args(arguments)
            .current_dir(package())
            .output()
            .map_err(|error| format!("`{}` cannot be run: {error}", rustc.to_string_lossy()))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let commit = commit()?;
    if !ask(&["-vV"])?.contains(&commit) {
        return Err(format!(
            "`{}` is not the rustc of commit {commit}: run the tests with ./y.sh test, which \
             picks the right toolchain",
            rustc.to_string_lossy()
        ));
    }
    Ok(PathBuf::from(ask(&["--print", "sysroot"])?.trim()))
}
