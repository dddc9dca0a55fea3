//! Installing, installing again, uninstalling, and the tarball, on a fake world.

mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use common::{World, snapshot, write};
use lzma_rust2::XzReader;
use sha2::{Digest, Sha256};
use y::cache::hex;
use y::dist;
use y::install::{self, Options};
use y::ui::Ui;

fn built() -> World {
    let world = World::new();
    world.build().unwrap();
    install::complete(&world.config).unwrap();
    world
}

fn prefix(world: &World) -> Options {
    Options { prefix: Some(world.at("prefix")) }
}

/// All files and links below a folder.
fn names(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| !entry.file_type().is_dir());
    files.map(|entry| entry.path().strip_prefix(folder).unwrap().to_owned()).collect()
}

#[test]
fn what_is_installed_is_what_was_built() {
    let world = built();
    install::install(&world.config, &Ui::quiet(), &prefix(&world)).unwrap();
    let mut installed = snapshot(&world.at("prefix"));
    installed.retain(|(path, _)| !path.ends_with("INSTALLED"));
    assert_eq!(installed, snapshot(&world.config.in_root("dist")));
    assert!(world.at("prefix/bin/cargo-snug").exists());
    let build = world.at("prefix/lib/snug/snug.build");
    assert!(fs::read_link(build).unwrap().is_relative());
}

#[test]
fn sums_are_those_of_the_files() {
    let world = built();
    let folder = world.config.in_root("dist/lib/snug");
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let content = fs::read(folder.join(name)).unwrap();
        assert_eq!(sum, hex(&Sha256::digest(content)), "{name}");
    }
    for name in ["  snug.so\n", "  llvm/rustc\n", "  ../../bin/cargo-snug\n"] {
        assert!(sums.contains(name), "{name}: {sums}");
    }
}

#[test]
fn installing_again_replaces_and_forgets_nothing() {
    let world = built();
    install::install(&world.config, &Ui::quiet(), &prefix(&world)).unwrap();
    let before = names(&world.at("prefix"));
    write(&world.config.in_root("src/lib.rs"), b"//! another build\n");
    world.build().unwrap();
    install::install(&world.config, &Ui::quiet(), &prefix(&world)).unwrap();
    let after = names(&world.at("prefix"));
    assert_ne!(before, after, "the builds' names are in the paths");
    assert_eq!(before.len(), after.len());
}

#[test]
fn uninstalling_leaves_what_is_not_ours() {
    let world = built();
    write(&world.at("prefix/bin/cargo"), b"not ours");
    install::install(&world.config, &Ui::quiet(), &prefix(&world)).unwrap();
    install::uninstall(&Ui::quiet(), &prefix(&world)).unwrap();
    assert_eq!(names(&world.at("prefix")), [Path::new("bin/cargo")]);
    assert!(!world.at("prefix/lib/snug").exists());
    let error = install::uninstall(&Ui::quiet(), &prefix(&world)).unwrap_err().to_string();
    assert!(error.contains("Nothing is installed") && error.contains("--prefix"), "{error}");
}

#[test]
fn the_tarball_has_everything_under_one_folder() {
    let world = built();
    dist::pack(&world.config, &Ui::quiet(), "a package: its licence\n").unwrap();
    let made = names(&world.config.in_root("build"));
    let tarball = made.iter().find(|path| path.to_string_lossy().ends_with(".tar.xz")).unwrap();
    let sum = fs::read_to_string(
        world.config.in_root("build").join(format!("{}.sha256", tarball.display())),
    );
    let tarball = world.config.in_root("build").join(tarball);
    assert!(sum.unwrap().starts_with(&hex(&Sha256::digest(fs::read(&tarball).unwrap()))));
    let unpacked = world.at("unpacked");
    let reader = XzReader::new(File::open(tarball).unwrap(), false);
    tar::Archive::new(reader).unpack(&unpacked).unwrap();
    let root = fs::read_dir(&unpacked).unwrap().next().unwrap().unwrap().path();
    let doc = root.join("share/doc/cargo-snug");
    assert_eq!(fs::read_to_string(doc.join("THIRD-PARTY")).unwrap(), "a package: its licence\n");
    for file in [doc.join("LICENSE-MIT"), doc.join("LICENSE-APACHE"), root.join("install.sh")] {
        assert!(file.exists(), "{}", file.display());
    }
    // All else is what was built.
    fs::remove_dir_all(root.join("share/doc")).unwrap();
    fs::remove_file(root.join("install.sh")).unwrap();
    assert_eq!(snapshot(&root), snapshot(&world.config.in_root("dist")));
}

/// The script of the tarball installs what `y install` does, over what was there, and no damaged file.
#[test]
fn the_script_installs_the_same() {
    let world = built();
    let unpacked = world.at("unpacked");
    let copy = |path: &PathBuf| {
        let (from, to) = (world.config.in_root("dist").join(path), unpacked.join(path));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        match fs::read_link(&from) {
            Ok(target) => std::os::unix::fs::symlink(target, &to).unwrap(),
            Err(_) => drop(fs::copy(&from, &to).unwrap()),
        }
    };
    names(&world.config.in_root("dist")).iter().for_each(copy);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../driver/dist/install.sh");
    fs::copy(script, unpacked.join("install.sh")).unwrap();
    // Without cargo: what is built here is no program.
    let tools = ["uname", "sha256sum", "mkdir", "find", "sort", "rm", "tar", "dirname"];
    let path = common::path_with(&world, &tools);
    let run = || {
        let mut sh = std::process::Command::new("/bin/sh");
        sh.arg(unpacked.join("install.sh")).arg(world.at("prefix"));
        sh.env("PATH", &path).output().unwrap()
    };
    write(&world.at("prefix/lib/snug/old"), b"of an earlier version");
    write(&world.at("prefix/lib/snug/INSTALLED"), b"lib/snug/old\n");
    write(&world.at("prefix/bin/cargo"), b"not ours");
    let output = run();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("into PATH"), "{output:?}");
    assert!(!world.at("prefix/lib/snug/old").exists() && world.at("prefix/bin/cargo").exists());
    let by_script = (snapshot(&world.at("prefix")), names(&world.at("prefix")));
    fs::remove_dir_all(world.at("prefix")).unwrap();
    write(&world.at("prefix/bin/cargo"), b"not ours");
    install::install(&world.config, &Ui::quiet(), &prefix(&world)).unwrap();
    assert_eq!(by_script, (snapshot(&world.at("prefix")), names(&world.at("prefix"))));

    write(&unpacked.join("lib/snug/snug.so"), b"damaged");
    let output = run();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("get the tarball again"), "{said}");
}
