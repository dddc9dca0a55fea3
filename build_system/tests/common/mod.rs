//! A small fake world for the tests: a clone, a toolchain made of shell scripts, and a tarball with
//! a few files.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;
use lzma_rust2::{XzOptions, XzWriter};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use y::build;
use y::cache::{Cache, hex};
use y::config::{Config, Pins, Tools};
use y::prepare::{Prepared, prepare};
use y::ui::Ui;
use y::versions::{Recipe, Sources, Tarball, Versions};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const PRINTS: &str = "1.2.3 (01234567 2026-01-01)";
const HOST: &str = "x86_64-unknown-linux-gnu";
pub const CG_CLIF_LIB: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

/// All of it lies in one temporary folder.
pub struct World {
    pub folder: TempDir,
    pub config: Config,
}

impl World {
    /// A world in which `prepare` and `build` work: the tarball lies beside the clone, rustc-dev is
    /// installed.
    pub fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let tarball = tarball(&ordinary_files());
        write(&at("shared/fake.tar.xz"), &tarball);
        make_clone(&at("clone"));
        make_toolchain(&at("toolchain"));
        let config = config(folder.path());
        World { folder, config }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Prepares, and says which steps that took.
    pub fn prepare(&self) -> Result<(Prepared, Vec<String>)> {
        let ui = Ui::quiet();
        let prepared = prepare(&self.config, &Cache::open(&self.config.cache)?, &ui)?;
        Ok((prepared, ui.steps_done()))
    }

    /// Prepares and builds, and says which steps that took.
    pub fn build(&self) -> Result<Vec<String>> {
        let ui = Ui::quiet();
        let cache = Cache::open(&self.config.cache)?;
        let prepared = prepare(&self.config, &cache, &ui)?;
        build::build(&self.config, &cache, &ui, &prepared)?;
        Ok(ui.steps_done())
    }

    /// The error of `prepare`, as `y` prints it.
    pub fn prepare_error(&self) -> String {
        format!("{:#}", self.prepare().err().expect("prepare should fail"))
    }

    /// The tarball becomes another, and the right one.
    pub fn set_tarball(&mut self, files: &[(&str, &str)]) {
        let bytes = tarball(files);
        let Sources::Tarball(tarball) = &mut self.config.pins.sources else { unreachable!() };
        tarball.sha256 = sha256(&bytes);
        write(&self.at("shared/fake.tar.xz"), &bytes);
    }

    /// apt that knows two archives, of which the second has the file `from`.
    pub fn add_apt(&mut self, from: &Path) {
        script(&self.at("apt-get"), "echo fake://first/\necho fake://second\necho fake://second/");
        script(
            &self.at("apt-helper"),
            &format!(
                "for last; do before2=$before; before=$current; current=$last; done\ncase \
                 $before2 in fake://second/pool/fake/*) cp '{}' \"$before\";; *) echo 'E: not \
                 there' >&2; exit 100;; esac",
                from.display()
            ),
        );
        self.config.tools.apt_get = Some(self.at("apt-get"));
        self.config.tools.apt_helper = self.at("apt-helper");
    }

    /// The toolchain has no rustc-dev component any more, and its cargo does this instead of
    /// reconstructing it.
    pub fn reconstruct_with(&self, cargo: &str) {
        fs::remove_file(
            self.at("toolchain/lib/rustlib").join(HOST).join("lib/librustc_middle-1.rmeta"),
        )
        .unwrap();
        script(&self.at("toolchain/bin/cargo"), cargo);
    }

    /// How often the fake cargo of the toolchain was called to build.
    pub fn cargo_calls(&self) -> usize {
        fs::read_to_string(self.at("toolchain/calls")).map_or(0, |calls| calls.lines().count())
    }
}

/// What a run in a world's folder works with.
pub fn config(folder: &Path) -> Config {
    let at = |name: &str| folder.join(name);
    Config {
        default_rustc: None,
        root: at("clone"),
        cache: at("cache"),
        sources: None,
        neighbours: at("shared"),
        versions: Versions::default(),
        pins: Pins {
            release: "1.2.3".into(),
            commit: COMMIT.into(),
            prints: PRINTS.into(),
            host: HOST.into(),
            sources: Sources::Tarball(Tarball {
                file: "fake.tar.xz".into(),
                archive_path: "pool/fake".into(),
                sha256: sha256(&fs::read(at("shared/fake.tar.xz")).unwrap()),
            }),
            recipe: Some(Recipe::default()),
            get: "ask the tests".into(),
            cfgs: Vec::new(),
            folder: at("clone/versions/1.2.3"),
            is_default: true,
        },
        tools: Tools {
            rustc: at("toolchain/bin/rustc"),
            cc: "cc".into(),
            apt_get: None,
            apt_helper: at("no-apt-helper"),
        },
        free_space: |_| Ok(u64::MAX),
        dev: false,
    }
}

pub fn ordinary_files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("git-commit-hash", COMMIT),
        ("version", "1.2.3 (01234567 2026-01-01)"),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\n  \"compiler/rustc\",\n  \"src/tools/clippy\",\n]\n",
        ),
        ("Cargo.lock", "version = 4\n"),
        (".cargo/config.toml", "vendored"),
        ("compiler/rustc/Cargo.toml", "[package]\n"),
        ("compiler/rustc_codegen_cranelift/Cargo.toml", "[package]\n"),
        ("compiler/rustc_codegen_cranelift/src/lib.rs", CG_CLIF_LIB),
        ("library/core/src/lib.rs", "//! core\n"),
        ("tests/ui/async-await/a.rs", "fn main() {}\n"),
        ("tests/rustdoc/a.rs", "not needed\n"),
        ("vendor/a/lib.rs", "not needed\n"),
    ]
}

pub fn tarball(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(XzWriter::new(Vec::new(), XzOptions::with_preset(0)).unwrap());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("fake-1.2.3-src/{name}"), content.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

pub fn make_clone(folder: &Path) {
    write(&folder.join("Cargo.toml"), b"[package]\n");
    write(&folder.join("src/lib.rs"), b"//! the backend\n");
    write(&folder.join("loader/src/lib.rs"), b"//! the loader\n");
    write(&folder.join("driver/src/lib.rs"), b"//! the driver\n");
    write(&folder.join("driver/cargo-snug.1"), b".TH cargo-snug 1\n");
    write(&folder.join("driver/dist/install.sh"), b"#!/bin/sh\n");
    write(&folder.join("LICENSE-MIT"), b"MIT\n");
    write(&folder.join("LICENSE-APACHE"), b"Apache\n");
    write(&folder.join("clippy/src/lib.rs"), b"//! what clippy loads\n");
    let patch =
        "Why.\n\n--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -2,3 +2,3 @@\n two\n-three\n+3\n four\n";
    write(&folder.join("patches/0001-three.patch"), patch.as_bytes());
}

/// `cargo` makes dylibs and executables and counts its calls; `rustc` knows its version and sysroot.
fn make_toolchain(folder: &Path) {
    let version = format!(
        "rustc {PRINTS}\ncommit-hash: {COMMIT}\ncommit-date: 2026-01-01\nhost: {HOST}\nrelease: 1.2.3"
    );
    script(
        &folder.join("bin/rustc"),
        &format!("case $1 in -vV) echo '{version}';; --print) echo '{}';; esac", folder.display()),
    );
    script(
        &folder.join("bin/cargo"),
        &format!(
            "echo \"$@\" >> '{}/calls'\ncd \"$CARGO_TARGET_DIR\" && mkdir -p release && cd release\n\
             for made in libsnug.so libsnug_loader.so libsnug_clippy.so snug-rustc rustc rustdoc clippy-driver cargo-clippy \
             cargo-snug; do\n\
             echo \"$@\" > $made; done",
            folder.display()
        ),
    );
    write(&folder.join("lib/librustc_driver-0.so"), driver());
    write(&folder.join("lib/rustlib").join(HOST).join("lib/librustc_middle-1.rmeta"), b"metadata");
}

/// A dylib that exports what `clippy/` takes the place of.
fn driver() -> &'static [u8] {
    static DRIVER: OnceLock<Vec<u8>> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("snug-y-driver-{}", std::process::id()));
        let (source, made) = (folder.join("driver.c"), folder.join("driver.so"));
        write(
            &source,
            b"void run(void) __asm__(\"_RNvC17rustc_driver_impl12run_compiler\"); void run(void) {}\n",
        );
        let status = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&made).arg(&source).status();
        assert!(status.unwrap().success());
        let bytes = fs::read(made).unwrap();
        fs::remove_dir_all(folder).unwrap();
        bytes
    })
}

pub fn script(path: &Path, text: &str) {
    write(path, format!("#!/bin/sh\n{text}\n").as_bytes());
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

pub fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::File::create(path).unwrap().write_all(content).unwrap();
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// All files below a folder with their contents, for comparing.
pub fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            (
                entry.path().strip_prefix(folder).unwrap().to_path_buf(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

/// A folder in which only the named programs can be found.
pub fn path_with(world: &World, programs: &[&str]) -> PathBuf {
    let folder = world.at("path");
    fs::create_dir_all(&folder).unwrap();
    for program in programs {
        symlink(format!("/usr/bin/{program}"), folder.join(program)).unwrap();
    }
    folder
}
