//! Interrupts: whatever moment a run is killed at, the next one finishes the work; and runs do not
//! meet in a cache.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use common::{World, ordinary_files, snapshot, write};
use y::build;
use y::cache::Cache;
use y::prepare::prepare;
use y::ui::Ui;

const CHILD: &str = "SNUG_TEST_CHILD";

/// Not a test of its own: the part of `killed_at_any_moment` that is killed.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(CHILD) else {
        return;
    };
    let config = common::config(Path::new(&folder));
    let cache = Cache::open(&config.cache).unwrap();
    let prepared = prepare(&config, &cache, &Ui::quiet()).unwrap();
    build::build(&config, &cache, &Ui::quiet(), &prepared).unwrap();
}

/// A world with enough files that unpacking takes a while.
fn big_world() -> World {
    let mut world = World::new();
    let names: Vec<String> = (0..800).map(|number| format!("library/std/{number}.rs")).collect();
    let mut files = ordinary_files();
    files.extend(names.iter().map(|name| (name.as_str(), "pub fn f() {}\n")));
    world.set_tarball(&files);
    world
}

fn spawn_child(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child"])
        .env(CHILD, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_at_any_moment() {
    let whole = big_world();
    let (prepared, _) = whole.prepare().unwrap();
    let right = snapshot(&prepared.sources);
    for moment in 0..12 {
        let world = big_world();
        let mut child = spawn_child(world.folder.path());
        thread::sleep(Duration::from_millis(moment * 25));
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let (prepared, _) = world.prepare().unwrap();
        assert_eq!(snapshot(&prepared.sources), right, "killed after {} ms", moment * 25);
        world.build().unwrap();
    }
}

#[test]
fn leftovers_of_a_dead_run_are_removed() {
    let world = World::new();
    let leftover = world.config.cache.join("sources/.tmp-1-half");
    write(&leftover.join("compiler/half.rs"), b"fn");
    world.prepare().unwrap();
    assert!(!leftover.exists());
}

#[test]
fn a_failed_step_leaves_nothing_and_can_be_done_again() {
    let world = World::new();
    let cache = Cache::open(&world.config.cache).unwrap();
    let place = cache.place("sources", "thing");
    let failed = cache.once(&place, |temporary| {
        write(&temporary.join("half"), b"half");
        anyhow::bail!("no")
    });
    assert!(failed.is_err() && !place.exists());
    assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 0);
    cache
        .once(&place, |temporary| {
            write(&temporary.join("whole"), b"whole");
            Ok(())
        })
        .unwrap();
    cache.once(&place, |_| panic!("it is there already")).unwrap();
    assert!(place.join("whole").exists());
}

#[test]
fn a_second_run_waits_for_the_first() {
    let world = World::new();
    let first = Cache::open(&world.config.cache).unwrap();
    let (sender, receiver) = channel();
    let folder = world.config.cache.clone();
    let second = thread::spawn(move || {
        let cache = Cache::open(&folder).unwrap();
        sender.send(()).unwrap();
        drop(cache);
    });
    assert!(
        receiver.recv_timeout(Duration::from_millis(300)).is_err(),
        "the second run did not wait"
    );
    drop(first);
    receiver.recv_timeout(Duration::from_secs(10)).unwrap();
    second.join().unwrap();
}

#[test]
fn clearing_the_cache_keeps_the_lock_and_what_is_not_ours() {
    let world = World::new();
    world.build().unwrap();
    write(&world.config.cache.join("letters/to-my-aunt"), b"dear aunt");
    let cache = Cache::open(&world.config.cache).unwrap();
    cache.remove_all().unwrap();
    let mut left: Vec<_> = fs::read_dir(&world.config.cache)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["letters", "lock"]);
}

/// On a real file system that is full. Needs the right to mount one; without it there is nothing to
/// test.
#[test]
fn a_disk_that_fills_up_is_said_and_leaves_nothing() {
    let mut world = World::new();
    let mut files = ordinary_files();
    let big = "x".repeat(3_000_000);
    files.push(("compiler/big.rs", &big));
    world.set_tarball(&files);
    let disk = world.at("disk");
    fs::create_dir_all(&disk).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "snug-test"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        return;
    }
    world.config.cache = disk.join("cache");
    let error = world.prepare().err();
    let left = fs::read_dir(disk.join("cache/sources")).map_or(0, |entries| entries.count());
    assert!(Command::new("umount").arg("-l").arg(&disk).status().unwrap().success());
    assert!(y::disk::is_full(&error.expect("the disk is full")));
    assert_eq!(left, 0);
}
