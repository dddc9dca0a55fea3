//! Which toolchain Snug works with: one that it was built for ([`compilers`] knows which those are).
//!
//! The name of `librustc_driver` has a hash of the build of rustc in it: a toolchain has that very
//! file, or is another compiler.

use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use same_file::is_same_file;

use crate::compilers::{self, Compiler};
use crate::error::{Error, Result};

/// The variable by which `cargo snug` says where the toolchain is: asking rustc each time takes time.
pub const SYSROOT: &str = "SNUG_SYSROOT";

/// A toolchain that Snug was built for, found on this machine.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Its folder.
    pub sysroot: PathBuf,
    /// The folder of its `librustc_driver`.
    libraries: PathBuf,
    /// Its compiler.
    pub compiler: Compiler,
}

impl Toolchain {
    /// The folder of its `librustc_driver`.
    pub fn libraries(&self) -> &Path {
        &self.libraries
    }

    /// The folder of the libraries of its targets.
    pub fn rustlib(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib")
    }

    /// One of its executables.
    pub fn executable(&self, name: &str) -> PathBuf {
        self.sysroot.join("bin").join(name)
    }
}

/// The toolchain that `cargo snug` has found, or else the one that `rustc` means here.
///
/// # Errors
///
/// Says what is there instead, and what to do.
pub fn find() -> Result<Toolchain> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(sysroot) = set(SYSROOT) {
        return check(PathBuf::from(sysroot));
    }
    let (path, rustup) = (set("PATH").unwrap_or_default(), Rustup::of(set));
    match look(&path, rustup.as_ref()).map(check) {
        Some(Ok(toolchain)) => Ok(toolchain),
        // Whoever is asked also says what is wrong.
        _ => check(ask_rustc(None)?),
    }
}

/// What rustup tells to whatever it starts.
struct Rustup {
    /// The toolchain's name or, for some, its folder.
    toolchain: OsString,
    /// The toolchain's cargo, if cargo was started.
    cargo: PathBuf,
}

impl Rustup {
    fn of(variable: impl Fn(&'static str) -> Option<OsString>) -> Option<Rustup> {
        let (toolchain, cargo) = (variable("RUSTUP_TOOLCHAIN")?, variable("CARGO")?);
        Some(Rustup { toolchain, cargo: cargo.into() })
    }

    /// The toolchain's folder: every `rustc` that rustup starts below this process is in there.
    fn folder(&self) -> Option<&Path> {
        let folder = self.cargo.ancestors().nth(2)?;
        let is_it = folder.file_name() == Some(&*self.toolchain) || folder == self.toolchain;
        is_it.then_some(folder)
    }
}

/// Where the toolchain of the `rustc` in `PATH` must be, if its place tells. To ask rustc takes as long as all else that
/// `cargo snug` does.
fn look(path: &OsStr, rustup: Option<&Rustup>) -> Option<PathBuf> {
    let rustc = first_rustc(path)?;
    let real = rustc.canonicalize().ok()?;
    // One program with many names: links of either kind.
    let is_rustup = real.file_name().is_some_and(|name| name == "rustup")
        || is_same_file(&rustc, rustc.with_file_name("rustup")).unwrap_or(false);
    let folder = if is_rustup { rustup?.folder()? } else { real.ancestors().nth(2)? };
    folder.canonicalize().ok()
}

/// The `rustc` that the system finds.
fn first_rustc(path: &OsStr) -> Option<PathBuf> {
    let mut files = std::env::split_paths(path).map(|folder| folder.join("rustc"));
    files.find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The toolchain that rustup has under a name.
///
/// # Errors
///
/// Says what is there instead, and what to do.
pub fn of_rustup(name: &OsStr) -> Result<Toolchain> {
    let sysroot = ask_rustc(Some(name))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    if is_without_rustup(&path, &sysroot) {
        let name = name.display();
        return Err(Error::new(format!(
            "`+{name}` needs rustup, and the `rustc` in PATH is that of the toolchain in `{}`",
            sysroot.display()
        ))
        .help(format!("leave out `+{name}`, or put rustup's folder first in PATH")));
    }
    check(sysroot)
}

/// Whether the `rustc` in `PATH` is that of the toolchain that it names: rustup's is another file.
fn is_without_rustup(path: &OsStr, sysroot: &Path) -> bool {
    first_rustc(path)
        .is_some_and(|rustc| is_same_file(rustc, sysroot.join("bin/rustc")).unwrap_or(false))
}

/// The toolchain in a folder.
///
/// # Errors
///
/// Says what is there instead, and what to do.
pub fn check(sysroot: PathBuf) -> Result<Toolchain> {
    let compilers = compilers::installed()?;
    let folders = library_folders(&sysroot);
    let found = compilers.iter().find_map(|compiler| {
        let libraries = folders.iter().find(|folder| folder.join(compiler.driver()).exists())?;
        Some((compiler.clone(), libraries.clone()))
    });
    if let Some((compiler, libraries)) = found {
        return Ok(Toolchain { sysroot, libraries, compiler });
    }
    let reason = if folders[0].is_dir() { "is another one" } else { "is none" };
    Err(wrong(&compilers, &format!("the toolchain in `{}` {reason}", sysroot.display())))
}

/// Where a toolchain may have its `librustc_driver`: rustup's in `lib`, a distribution's in the folder for libraries of one
/// architecture.
fn library_folders(sysroot: &Path) -> [PathBuf; 2] {
    let multiarch = format!("lib/{}-linux-gnu", std::env::consts::ARCH);
    [sysroot.join("lib"), sysroot.join(multiarch)]
}

/// The folder of the toolchain that `rustc` means here: rustup knows of `+1.95.0` and of
/// rust-toolchain.toml.
fn ask_rustc(toolchain: Option<&OsStr>) -> Result<PathBuf> {
    let mut rustc = Command::new("rustc");
    // Rustup's errors would carry a backtrace.
    rustc.args(["--print", "sysroot"]).env("RUST_BACKTRACE", "0").env_remove("RUST_LIB_BACKTRACE");
    if let Some(toolchain) = toolchain {
        rustc.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    match rustc.output() {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(Path::new(text.trim_end_matches('\n')).to_owned())
        }
        Ok(output) => Err(wrong(
            &compilers::installed()?,
            &format!(
                "`rustc --print sysroot` says: {}",
                String::from_utf8_lossy(&output.stderr).trim_end()
            ),
        )),
        Err(error) => {
            Err(wrong(&compilers::installed()?, &format!("`rustc` cannot be started: {error}")))
        }
    }
}

fn wrong(compilers: &[Compiler], reason: &str) -> Error {
    let versions: Vec<&str> = compilers.iter().map(|compiler| compiler.version.as_str()).collect();
    let message = format!(
        "this Snug works with rustc {} and no other, and {reason}",
        versions.join(" and rustc ")
    );
    Error::new(message).help(how_to_have(&versions))
}

/// How to have one of these compilers: rustup installs only those of the Rust project.
fn how_to_have(versions: &[&str]) -> String {
    // Whoever else builds rustc puts a description of its own after commit and date.
    let official = versions.iter().find(|version| !version.contains(") ("));
    let number = official.and_then(|version| version.split(' ').next());
    match number {
        Some(number) => format!(
            "`rustup toolchain install {number}`, then `cargo +{number} snug ..`, or a \
             rust-toolchain.toml that names it"
        ),
        None => "put that compiler's `bin` first in PATH, or give it a name, \
                 `rustup toolchain link NAME FOLDER`, then `cargo +NAME snug ..`"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn write(file: &Path) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "").unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A folder with toolchains `a` and `b`, and rustup in `bin` by both kinds of links.
    fn world() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for file in ["a/bin/rustc", "a/bin/cargo", "b/bin/rustc", "soft/rustup", "hard/rustup"] {
            write(&root.join(file));
        }
        symlink("rustup", root.join("soft/rustc")).unwrap();
        fs::hard_link(root.join("hard/rustup"), root.join("hard/rustc")).unwrap();
        fs::create_dir_all(root.join("none/rustc")).unwrap();
        fs::create_dir_all(root.join("plain")).unwrap();
        fs::write(root.join("plain/rustc"), "not executable").unwrap();
        symlink(root.join("b/bin/rustc"), root.join("none/linked")).unwrap();
        (folder, root)
    }

    fn look_in(root: &Path, path: &[&str], rustup: Option<(&OsStr, &str)>) -> Option<PathBuf> {
        let path = std::env::join_paths(path.iter().map(|folder| root.join(folder))).unwrap();
        let rustup = rustup.map(|(toolchain, cargo)| Rustup {
            toolchain: toolchain.to_owned(),
            cargo: root.join(cargo),
        });
        look(&path, rustup.as_ref())
    }

    #[test]
    fn a_toolchain_in_the_path_is_found() {
        let (_folder, root) = world();
        let find = |path: &[&str]| look_in(&root, path, None);
        assert_eq!(find(&["a/bin", "b/bin"]), Some(root.join("a")));
        assert_eq!(find(&["none", "plain", "b/bin", "a/bin"]), Some(root.join("b")));
        assert_eq!(find(&["none", "plain"]), None);
        fs::remove_dir(root.join("none/rustc")).unwrap();
        fs::rename(root.join("none/linked"), root.join("none/rustc")).unwrap();
        assert_eq!(find(&["none", "a/bin"]), Some(root.join("b")));
    }

    #[test]
    fn what_rustup_means_is_found_where_it_has_said_so() {
        let (_folder, root) = world();
        let name = OsStr::new("a");
        for links in ["soft", "hard"] {
            let find = |rustup| look_in(&root, &[links, "b/bin"], rustup);
            assert_eq!(find(Some((name, "a/bin/cargo"))), Some(root.join("a")));
            let folder = root.join("a");
            assert_eq!(find(Some((folder.as_os_str(), "a/bin/cargo"))), Some(root.join("a")));
            // Another cargo than rustup's.
            assert_eq!(find(Some((name, "b/bin/cargo"))), None);
            assert_eq!(find(None), None);
        }
        // Rustup has nothing to say about a toolchain before it in the path.
        assert_eq!(
            look_in(&root, &["b/bin", "soft"], Some((name, "a/bin/cargo"))),
            Some(root.join("b"))
        );
    }

    #[test]
    fn a_name_needs_rustup() {
        let (_folder, root) = world();
        for (folder, is_without) in [("a/bin", true), ("soft", false), ("hard", false)] {
            let path = root.join(folder).into_os_string();
            assert_eq!(is_without_rustup(&path, &root.join("a")), is_without, "{folder}");
        }
    }

    #[test]
    fn only_official_compilers_are_installed_by_rustup() {
        let (official, other) =
            ("1.95.0 (c 2026)", "1.96.0 (d 2026) (built from a source tarball)");
        for versions in [&[official, other][..], &[other, official]] {
            assert!(how_to_have(versions).starts_with("`rustup toolchain install 1.95.0`"));
        }
        let help = how_to_have(&[other]);
        assert!(!help.contains("install") && help.contains("rustup toolchain link"), "{help}");
    }
}
