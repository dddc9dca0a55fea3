//! Preparing and building: what each missing thing says, and that nothing is done twice.

mod common;

use std::fs;

use common::{CG_CLIF_LIB, World, make_clone, path_with, script, write};
use y::disk::MB;
use y::versions::Sources;

#[test]
fn patches_are_applied_in_order() {
    let world = World::new();
    write(
        &world.config.in_root("patches/0002-after.patch"),
        b"--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -3 +3,2 @@\n-3\n+three\n+and a half\n",
    );
    let (prepared, _) = world.prepare().unwrap();
    let patched = fs::read_to_string(prepared.cg_clif.join("src/lib.rs")).unwrap();
    assert_eq!(patched, CG_CLIF_LIB.replace("three\n", "three\nand a half\n"));
}

#[test]
fn a_hunk_applies_at_the_nearest_place_that_fits() {
    let world = World::new();
    write(
        &world.config.in_root("patches/0001-three.patch"),
        b"--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1,2 +1,1 @@\n-five\n six\n@@ -7 +6,2 @@\n+before\n seven\n",
    );
    let (prepared, _) = world.prepare().unwrap();
    let patched = fs::read_to_string(prepared.cg_clif.join("src/lib.rs")).unwrap();
    assert_eq!(patched, "one\ntwo\nthree\nfour\nsix\nbefore\nseven\n");
}

#[test]
fn a_patch_that_does_not_apply_names_file_and_hunk() {
    let world = World::new();
    write(
        &world.config.in_root("patches/0002-wrong.patch"),
        b"--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1 +1 @@\n-one\n+1\n@@ -4,2 +4,2 @@\n four\n-fife\n+5\n",
    );
    let error = world.prepare_error();
    for part in [
        "patches/0002-wrong.patch",
        "file src/lib.rs",
        "hunk 2 of 2",
        "fife",
        "line 5 is\n    five",
    ] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    assert!(!world.config.in_root("build/cg_clif").exists());
    fs::remove_file(world.config.in_root("patches/0002-wrong.patch")).unwrap();
    world.prepare().unwrap();
}

#[test]
fn a_patch_makes_a_file_and_no_file_twice() {
    let world = World::new();
    let patch = world.config.in_root("patches/0002-new.patch");
    write(&patch, b"--- /dev/null\n+++ b/src/new.rs\n@@ -0,0 +1,2 @@\n+one\n+two\n");
    let (prepared, _) = world.prepare().unwrap();
    let made = fs::read_to_string(prepared.cg_clif.join("src/new.rs")).unwrap();
    assert_eq!(made, "one\ntwo\n");
    write(&patch, b"--- /dev/null\n+++ b/src/lib.rs\n@@ -0,0 +1,1 @@\n+one\n");
    let error = world.prepare_error();
    assert!(error.contains("makes src/lib.rs, which is in the sources already"), "{error}");
}

#[test]
fn a_patch_of_a_missing_file_and_one_that_is_no_patch_are_named() {
    let world = World::new();
    let patch = world.config.in_root("patches/0002-wrong.patch");
    write(&patch, b"--- a/src/gone.rs\n+++ b/src/gone.rs\n@@ -1 +1 @@\n-one\n+1\n");
    assert!(world.prepare_error().contains("src/gone.rs, which is not in the sources"));
    write(&patch, b"just text\n");
    assert!(world.prepare_error().contains("changes no file"));
    write(&patch, b"--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1,3 +1,3 @@\n one\n");
    assert!(world.prepare_error().contains("cut short"));
}

#[test]
fn another_rustc_is_refused() {
    let world = World::new();
    script(
        &world.config.tools.rustc,
        "echo 'rustc 1.99.0 (ffff 2026-01-01)\ncommit-hash: ffff\nhost: x86_64-unknown-linux-gnu\nrelease: 1.99.0'",
    );
    let error = world.prepare_error();
    assert!(
        error.contains("this rustc is 1.99.0 (ffff 2026-01-01) (commit ffff)")
            && error.contains("Snug needs rustc 1.2.3 (01234567 2026-01-01)")
            && error.contains("--allow-unproven"),
        "{error}"
    );
}

#[test]
fn another_build_of_the_same_commit_is_refused() {
    let world = World::new();
    let rustc = fs::read_to_string(&world.config.tools.rustc).unwrap();
    let other = rustc.replace("2026-01-01)", "2026-01-01) (built from a source tarball)");
    assert_ne!(rustc, other);
    fs::write(&world.config.tools.rustc, other).unwrap();
    assert!(world.prepare_error().contains("this rustc is 1.2.3 (01234567 2026-01-01) (built"));
}

#[test]
fn without_a_recipe_the_component_must_be_there() {
    let mut world = World::new();
    world.config.pins.recipe = None;
    world.prepare().unwrap();
    world.reconstruct_with("exit 1");
    let error = world.prepare_error();
    assert!(
        error.contains("has no component rustc-dev") && error.contains("ask the tests"),
        "{error}"
    );
}

#[test]
fn sources_may_be_in_the_toolchain_and_a_version_may_have_patches_of_its_own() {
    let mut world = World::new();
    world.config.pins.sources = Sources::InSysroot("lib/rustlib/src/rust".into());
    let folder = world.at("toolchain/lib/rustlib/src/rust");
    assert!(world.prepare_error().contains("are not there"));
    for (name, text) in common::ordinary_files() {
        common::write(&folder.join(name), text.as_bytes());
    }
    assert!(world.prepare_error().contains("src/version does not say 1.2.3"));
    common::write(&folder.join("src/version"), b"1.2.3\n");
    let lib = |world: &World| {
        fs::read_to_string(world.prepare().unwrap().0.cg_clif.join("src/lib.rs")).unwrap()
    };
    assert!(lib(&world).contains("two\n3\nfour"));
    let own =
        "Why.\n\n--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -2,3 +2,3 @@\n two\n-three\n+own\n four\n";
    common::write(&world.config.pins.folder.join("patches/0001-three.patch"), own.as_bytes());
    assert!(lib(&world).contains("two\nown\nfour"));
}

/// The second compiler's files are beside those of the default one, and say what they are for.
#[test]
fn what_is_for_another_compiler_has_a_folder_of_its_own() {
    let mut world = World::new();
    world.build().unwrap();
    world.config.pins.is_default = false;
    world.build().unwrap();
    let folder = world.config.in_root("dist/lib/snug");
    for folder in [folder.clone(), folder.join("0")] {
        let compiler = fs::read_to_string(folder.join("COMPILER")).unwrap();
        assert_eq!(compiler, "0\n1.2.3 (01234567 2026-01-01)\n");
        for file in ["snug.so", "snug_llvm.so", "snug-rustc", "llvm/rustc", "clippy/cargo-clippy"] {
            assert!(folder.join(file).exists(), "{file}");
        }
        assert!(fs::read_dir(folder.join("snug.build")).unwrap().count() > 0);
    }
    assert!(!folder.join("0/librustc_codegen_snug.so").exists());
    assert!(world.config.in_root("build/1.2.3/cg_clif").exists());
}

#[test]
fn another_host_is_refused() {
    let world = World::new();
    let rustc = fs::read_to_string(&world.config.tools.rustc).unwrap();
    fs::write(
        &world.config.tools.rustc,
        rustc.replace("host: x86_64-unknown-linux-gnu", "host: riscv64gc-unknown-linux-gnu"),
    )
    .unwrap();
    assert!(world.prepare_error().contains("this rustc is for riscv64gc-unknown-linux-gnu"));
}

#[test]
fn no_rustc_is_said() {
    let mut world = World::new();
    world.config.tools.rustc = world.at("nothing");
    let error = world.prepare_error();
    assert!(error.contains("cannot be started") && error.contains("ask the tests"), "{error}");
}

#[test]
fn no_linker_is_said() {
    let mut world = World::new();
    world.config.tools.cc = path_with(&world, &["sh"]).join("cc").into();
    let error = world.prepare_error();
    assert!(
        error.contains("cannot be started") && error.contains("Install a C toolchain"),
        "{error}"
    );

    script(&world.at("cc"), "echo 'cannot find crt1.o' >&2; exit 1");
    world.config.tools.cc = world.at("cc").into();
    let error = world.prepare_error();
    assert!(error.contains("cannot make a trivial program") && error.contains("crt1.o"), "{error}");
}

#[test]
fn a_disk_with_too_little_space_is_said_before_anything_is_written() {
    let mut world = World::new();
    world.config.free_space = |_| Ok(12 * MB);
    let error = world.prepare_error();
    assert!(
        error.contains("too little disk space to unpack the sources")
            && error.contains("12 MB are free"),
        "{error}"
    );
    assert!(!world.config.cache.join("sources").exists());
}

#[test]
fn the_second_run_does_nothing() {
    let world = World::new();
    assert_eq!(world.build().unwrap().len(), 12);
    assert_eq!(world.cargo_calls(), 10);
    assert_eq!(world.build().unwrap(), [""; 0]);
    assert_eq!(world.cargo_calls(), 10);
}

#[test]
fn each_dylib_is_built_with_its_feature() {
    let world = World::new();
    world.build().unwrap();
    let dylib =
        |name: &str| fs::read_to_string(world.config.in_root("dist/lib").join(name)).unwrap();
    assert!(dylib("snug/snug.so").contains("--features cranelift"));
    assert!(dylib("snug/snug_llvm.so").contains("--features llvm"));
    assert!(!dylib("librustc_codegen_snug.so").contains("--features"));
    assert!(!dylib("librustc_codegen_snug_llvm.so").contains("--features"));
}

#[test]
fn a_second_clone_with_the_same_content_needs_no_cargo() {
    let mut world = World::new();
    world.build().unwrap();
    world.config.root = world.at("second");
    make_clone(&world.config.root);
    assert_eq!(world.build().unwrap(), [""; 0]);
    assert!(world.config.in_root("dist/lib/librustc_codegen_snug.so").exists());
    assert!(world.config.in_root("build/rustc/compiler").exists());
    assert_eq!(world.cargo_calls(), 10);
}

#[test]
fn an_edit_builds_again_and_undoing_it_does_not() {
    let world = World::new();
    world.build().unwrap();
    write(&world.config.in_root("src/lib.rs"), b"//! edited\n");
    world.build().unwrap();
    assert_eq!(world.cargo_calls(), 12);
    write(&world.config.in_root("packing/src/lib.rs"), b"//! new\n");
    // Both backends, and `cargo snug`.
    world.build().unwrap();
    assert_eq!(world.cargo_calls(), 15);
    fs::remove_dir_all(world.config.in_root("packing")).unwrap();
    write(&world.config.in_root("src/lib.rs"), b"//! the backend\n");
    assert_eq!(world.build().unwrap(), [""; 0]);
}

#[test]
fn a_changed_dylib_in_dist_is_put_right() {
    let world = World::new();
    world.build().unwrap();
    let dylib = world.config.in_root("dist/lib/librustc_codegen_snug.so");
    let right = fs::read(&dylib).unwrap();
    write(&dylib, b"damaged");
    world.build().unwrap();
    assert_eq!(fs::read(&dylib).unwrap(), right);
    assert_eq!(world.cargo_calls(), 10);
}

#[test]
fn a_failing_cargo_shows_the_end_of_its_output() {
    let world = World::new();
    script(
        &world.at("toolchain/bin/cargo"),
        "echo 'error: the borrow checker is unhappy' >&2; exit 101",
    );
    let error = format!("{:#}", world.build().unwrap_err());
    assert!(
        error.contains("failed to compile the Cranelift backend") && error.contains("unhappy"),
        "{error}"
    );
}
