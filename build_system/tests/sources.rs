//! Where the sources come from, and what happens when they are not what they should be.

mod common;

use std::fs;
use std::path::Path;

use common::{World, ordinary_files, snapshot, tarball, write};

fn cached(world: &World, kind: &str) -> usize {
    fs::read_dir(world.config.cache.join(kind)).map_or(0, |entries| entries.count())
}

#[test]
fn the_needed_part_is_unpacked_and_made_ready_for_cargo() {
    let world = World::new();
    let (prepared, _) = world.prepare().unwrap();
    let has = |name: &str| prepared.sources.join(name).exists();
    assert!(
        has("compiler/rustc/Cargo.toml")
            && has("library/core/src/lib.rs")
            && has("tests/ui/async-await/a.rs")
    );
    assert!(!has("vendor") && !has("tests/rustdoc") && !has(".cargo"));
    let manifest = fs::read_to_string(prepared.sources.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("compiler/rustc") && !manifest.contains("src/tools/clippy"));
    assert!(has("Cargo.lock.pristine"));
}

#[test]
fn a_truncated_tarball_is_refused_and_leaves_nothing() {
    let world = World::new();
    let whole = fs::read(world.config.neighbour().unwrap()).unwrap();
    for length in [0, 1, 20, whole.len() / 2, whole.len() - 1] {
        fs::write(world.config.neighbour().unwrap(), &whole[..length]).unwrap();
        let error = world.prepare_error();
        assert!(error.contains("damaged, cut short or another version"), "{error}");
        assert_eq!(cached(&world, "sources"), 0);
    }
}

#[test]
fn a_corrupted_tarball_is_refused_and_leaves_nothing() {
    let world = World::new();
    let whole = fs::read(world.config.neighbour().unwrap()).unwrap();
    for at in [0, 30, whole.len() / 2, whole.len() - 5] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(world.config.neighbour().unwrap(), damaged).unwrap();
        let error = world.prepare_error();
        assert!(
            error.contains("its sha256 is")
                && error.contains(&world.config.pins.tarball().unwrap().sha256),
            "{error}"
        );
        assert_eq!(cached(&world, "sources"), 0);
    }
}

#[test]
fn a_tarball_without_cg_clif_is_refused() {
    let mut world = World::new();
    let mut files = ordinary_files();
    files.retain(|(name, _)| !name.contains("cranelift"));
    world.set_tarball(&files);
    assert!(world.prepare_error().contains("lack compiler/rustc_codegen_cranelift"));
    assert_eq!(cached(&world, "sources"), 0);
}

#[test]
fn the_sources_of_another_version_are_refused() {
    let mut world = World::new();
    let mut files = ordinary_files();
    files[0].1 = "another commit";
    world.set_tarball(&files);
    assert!(world.prepare_error().contains("not the sources of rustc 1.2.3"));
}

#[test]
fn a_path_out_of_the_folder_is_not_followed() {
    let mut world = World::new();
    let mut files = ordinary_files();
    files.push(("compiler/./a", "fine"));
    world.set_tarball(&files);
    world.prepare().unwrap();
    assert!(!world.at("cache/sources/a").exists());
}

#[test]
fn with_no_source_at_all_the_error_lists_what_was_tried() {
    let mut world = World::new();
    fs::remove_file(world.config.neighbour().unwrap()).unwrap();
    world.add_apt(Path::new("/nonexistent"));
    let error = world.prepare_error();
    for part in [
        "an earlier download",
        "through apt",
        "fake://first: E: not there",
        "fake://second",
        "beside the clone",
        "--sources",
    ] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
}

#[test]
fn without_apt_the_copy_beside_the_clone_is_used() {
    let world = World::new();
    let (_, steps) = world.prepare().unwrap();
    assert!(steps.iter().any(|step| step.contains("unpack the sources")));
    assert!(!steps.iter().any(|step| step.contains("download")));
}

#[test]
fn apt_is_tried_before_the_copy_beside_the_clone() {
    let mut world = World::new();
    fs::rename(world.config.neighbour().unwrap(), world.at("in-the-archive")).unwrap();
    world.add_apt(&world.at("in-the-archive"));
    let (_, steps) = world.prepare().unwrap();
    assert!(steps.iter().any(|step| step.contains("download")));
    assert_eq!(cached(&world, "downloads"), 1);
}

#[test]
fn a_bad_download_is_removed_and_the_next_source_is_used() {
    let mut world = World::new();
    write(&world.at("bad"), b"half a file");
    world.add_apt(&world.at("bad"));
    world.prepare().unwrap();
    assert_eq!(cached(&world, "downloads"), 0);
}

#[test]
fn a_named_tarball_goes_first_and_is_not_passed_over() {
    let mut world = World::new();
    let named = world.at("named.tar.xz");
    fs::rename(world.config.neighbour().unwrap(), &named).unwrap();
    world.config.sources = Some(named.clone());
    world.prepare().unwrap();

    let mut world = World::new();
    write(&named, &tarball(&[]));
    world.config.sources = Some(named);
    let error = world.prepare_error();
    assert!(error.contains("The sources in") && error.contains("sha256"), "{error}");
}

#[test]
fn a_named_thing_that_is_not_there_is_an_error() {
    let mut world = World::new();
    world.config.sources = Some(world.at("nothing"));
    assert!(world.prepare_error().contains("are not there"));
}

#[test]
fn a_named_folder_is_copied_and_not_touched() {
    let mut world = World::new();
    let folder = world.at("unpacked");
    for (name, content) in ordinary_files() {
        write(&folder.join(name), content.as_bytes());
    }
    let before = snapshot(&folder);
    world.config.sources = Some(folder.clone());
    let (prepared, _) = world.prepare().unwrap();
    assert!(prepared.sources.starts_with(&world.config.cache));
    assert!(
        prepared.sources.join("compiler/rustc/Cargo.toml").exists()
            && !prepared.sources.join("vendor").exists()
    );
    assert_eq!(snapshot(&folder), before);
    let (_, steps) = world.prepare().unwrap();
    assert_eq!(steps, [""; 0], "nothing is copied twice");

    write(&folder.join("git-commit-hash"), b"another");
    assert!(world.prepare_error().contains("not the sources of rustc"));
}
