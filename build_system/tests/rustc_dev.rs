//! The reconstruction of rustc-dev, with a fake cargo: what is kept, and what is refused.

mod common;

use std::fs;
use std::process::Command;

use common::World;
use y::rustc_dev::elf;

/// What a successful reconstruction leaves: an exports list with the symbols of the official
/// driver, metadata, a driver.
fn cargo_that_exports(world: &World, symbols: &str) -> String {
    fs::write(world.at("exports"), symbols).unwrap();
    format!(
        "for target; do case $before in --target-dir) dir=$target;; esac; before=$target; \
         done\nmkdir -p \"$dir/x86_64-unknown-linux-gnu/release/deps\" \"$dir/release/deps\"\ncd \
         \"$dir/x86_64-unknown-linux-gnu/release/deps\"\necho metadata > librustc_middle-2.rmeta; \
         echo driver > librustc_driver-2.so; echo object > other.o\necho macros > \
         \"$dir/release/deps/librustc_macros-2.so\"\ncp '{}' \"$SNUG_RECONSTRUCTION/exports.list\"",
        world.at("exports").display()
    )
}

/// Gives the toolchain a driver that exports symbols; the result is the list that a right
/// reconstruction exports.
fn official_exports(world: &World) -> String {
    let source = world.at("driver.c");
    fs::write(&source, "int _RNvCs0_5right1f(void) { return 1; }\n").unwrap();
    let cc = Command::new("cc")
        .arg("-shared")
        .arg(&source)
        .arg("-o")
        .arg(world.at("toolchain/lib/librustc_driver-0.so"))
        .status();
    assert!(cc.unwrap().success());
    let driver = fs::read(world.at("toolchain/lib/librustc_driver-0.so")).unwrap();
    let symbols = elf::exported_symbols(&driver).unwrap();
    symbols.iter().map(|symbol| format!("    {symbol};\n")).collect()
}

#[test]
fn a_proven_reconstruction_becomes_a_sysroot() {
    let world = World::new();
    world.reconstruct_with(&cargo_that_exports(&world, &official_exports(&world)));
    let (prepared, steps) = world.prepare().unwrap();
    assert!(steps.iter().any(|step| step.contains("prove")));
    let libraries = prepared.toolchain.libraries(&prepared.sysroot);
    for name in ["librustc_middle-2.rmeta", "librustc_driver-2.so", "librustc_macros-2.so"] {
        assert!(fs::read(libraries.join(name)).is_ok(), "{name} is missing");
    }
    assert!(!libraries.join("other.o").exists());
    assert!(prepared.sysroot.join("lib/librustc_driver-0.so").exists());
    assert_eq!(
        fs::read_dir(world.config.cache.join("work")).unwrap().count(),
        0,
        "the work folder is gone"
    );
    assert_eq!(world.prepare().unwrap().1, [""; 0]);
}

#[test]
fn a_wrong_reconstruction_is_refused() {
    let world = World::new();
    let exports = official_exports(&world) + "    _RNvCs0_5wrong1f;\n";
    world.reconstruct_with(&cargo_that_exports(&world, &exports));
    let error = world.prepare_error();
    assert!(
        error.contains("does not match the installed rustc") && error.contains("_RNvCs0_5wrong1f"),
        "{error}"
    );
    assert!(!world.config.in_root("build/sysroot").exists());
}

#[test]
fn a_full_disk_and_a_missing_network_are_recognised_in_cargos_output() {
    let world = World::new();
    world.reconstruct_with("echo 'error: No space left on device (os error 28)' >&2; exit 101");
    assert!(world.prepare_error().contains("The disk is full"));
    common::script(
        &world.at("toolchain/bin/cargo"),
        "echo 'error: failed to download from registry' >&2; exit 101",
    );
    assert!(world.prepare_error().contains("registry could not be reached"));
}

#[test]
fn an_interrupted_reconstruction_resumes_from_a_whole_lock_file() {
    let world = World::new();
    world.reconstruct_with(
        "for a; do case $before in --manifest-path) m=$a;; esac; before=$a; done; : > \"$(dirname \
         \"$m\")/../../Cargo.lock\"; exit 1",
    );
    world.prepare_error();
    let good = cargo_that_exports(&world, &official_exports(&world));
    common::script(&world.at("toolchain/bin/cargo"), &good);
    let (prepared, _) = world.prepare().unwrap();
    assert_eq!(fs::read_to_string(prepared.sources.join("Cargo.lock")).unwrap(), "version = 4\n");
}
