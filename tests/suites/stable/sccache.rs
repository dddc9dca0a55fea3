//! `cargo snug` under sccache (`docs/teams.md`): what was compiled once is not compiled again, and what was
//! compiled by anything else (another layout, backend, build of Snug, or stock) is never taken for it.
//!
//! The workspaces are those of the suite `rebuilds`: every crate has a future and says how big it is, so that
//! a foreign crate shows in what the program prints. Each test has a cache of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use snug_tests::Result;
use snug_tests::command::Finished;
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::version::ANOTHER;
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::sccache_server::{Counts, Server};
use snug_tests::user::User;

/// What sccache can cache of the workspace `fleet`: it leaves out whatever the linker makes.
const CACHEABLE: [&str; 7] = ["app", "glue", "ledger", "parcel", "scripted", "store", "words"];

/// Everything was compiled.
const ALL_MISSED: Counts = Counts { hits: 0, misses: CACHEABLE.len() as u64 };
/// Nothing was.
const ALL_HIT: Counts = Counts { hits: CACHEABLE.len() as u64, misses: 0 };

/// A user with sccache.
struct Site {
    // Ends before its folder goes.
    server: Server,
    user: User,
}

/// A clean build, and a run.
#[derive(Debug, PartialEq, Eq)]
struct Built {
    counts: Counts,
    /// What the program prints.
    sizes: String,
}

impl Site {
    fn new(tools: Tools) -> Result<Site> {
        let mut user = user(tools)?;
        let server = Server::start(tools, &user.workspace)?;
        for (name, value) in server.variables() {
            user = user.env(name, value);
        }
        Ok(Site { server, user })
    }

    /// With `cargo snug`, from nothing but what cargo knows of the compiler: that it asks only of one that it
    /// does not know, as sccache does.
    fn snug(&self, arguments: &str) -> Result<Built> {
        // A report is of one build: the packages that it is for are compiled for it.
        let is_repeated = arguments.contains("--report");
        self.build("target/snug/debug", is_repeated, |command| {
            self.user.snug(&format!("{command} {arguments}"))
        })
    }

    /// With stock cargo.
    fn stock(&self) -> Result<Built> {
        self.build("target/debug", false, |command| self.user.cargo(command))
    }

    fn build(
        &self,
        target: &str,
        is_repeated: bool,
        cargo: impl Fn(&str) -> Result<Finished>,
    ) -> Result<Built> {
        let target = self.user.here(target);
        if target.exists() {
            std::fs::remove_dir_all(&target).map_err(|error| error.to_string())?;
        }
        // What an earlier build compiled again is not counted.
        self.server.counts()?;
        let build = "build --lib --bins --examples";
        cargo(build)?.expect_success(build)?;
        let counts = self.server.counts()?;
        // What comes out of the cache is as up to date as what was compiled.
        let again = cargo(build)?.expect_success(build)?;
        same("compiled again", again.stderr.contains("Compiling"), is_repeated)?;
        let run = cargo("run --example tour")?.expect_success("the program")?;
        same("compiled to run", run.stderr.contains("Compiling"), is_repeated)?;
        Ok(Built { counts, sizes: run.stdout })
    }

    /// Which code generator made each crate of the last build.
    fn generators(&self) -> Result<Vec<(&'static str, &'static str)>> {
        let folder = self.user.here("target/snug/debug/deps");
        let files = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let files: Vec<_> = files.flatten().map(|file| file.path()).collect();
        let of = |name: &'static str| {
            let is_it = |file: &&PathBuf| {
                let file = file.file_name().unwrap_or_default().to_string_lossy();
                file.starts_with(&format!("lib{name}-")) && file.ends_with(".rlib")
            };
            let file = files.iter().find(is_it).ok_or_else(|| format!("no rlib of {name}"))?;
            Ok((name, self.user.generator(&file.to_string_lossy())?))
        };
        CACHEABLE.into_iter().map(of).collect()
    }
}

/// A user without sccache, in the workspace `fleet`.
fn user(tools: Tools) -> Result<User> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("rebuilds"), ".")?;
    let mut user = User::of(tools, workshop);
    user.go_to("fleet");
    Ok(user)
}

/// All was compiled, or all was taken out of the cache.
fn expect(what: &str, built: &Built, counts: Counts, sizes: &str) -> Result<()> {
    same(what, built.counts, counts)?;
    same(what, built.sizes.as_str(), sizes)
}

/// In the same folder, nothing is compiled that can be cached, and the program is the same as without
/// sccache.
pub(crate) fn same_folder(tools: Tools) -> Result<()> {
    let alone = user(tools)?;
    alone.succeed("build --lib --bins --examples")?;
    let sizes = alone.succeed("run --example tour")?.stdout;

    let site = Site::new(tools)?;
    expect("first", &site.snug("")?, ALL_MISSED, &sizes)?;
    expect("second", &site.snug("")?, ALL_HIT, &sizes)
}

/// In another folder, dependencies are not compiled again, just as under stock; a workspace's own crates have
/// its path in them.
pub(crate) fn other_folder(tools: Tools) -> Result<()> {
    let mut site = Site::new(tools)?;
    let (stock, snug) = (site.stock()?, site.snug("")?);
    same("first builds", [stock.counts, snug.counts], [ALL_MISSED; 2])?;
    site.user.workspace.copy(&package().join("rebuilds/fleet"), "another")?;
    site.user.go_to("another");
    let (other_stock, other_snug) = (site.stock()?, site.snug("")?);
    // `ledger`, from a registry as far as cargo knows, and `parcel`, which is in neither workspace.
    let expected = Counts { hits: 2, misses: ALL_MISSED.misses - 2 };
    expect("stock", &other_stock, expected, &stock.sizes)?;
    expect("Snug", &other_snug, expected, &snug.sizes)
}

/// Each layout has crates of its own.
pub(crate) fn layouts(tools: Tools) -> Result<()> {
    let site = Site::new(tools)?;
    let each = ["", "--layout captures-only", "--layout classic"];
    let mut sizes = BTreeSet::new();
    for layout in each {
        let first = site.snug(layout)?;
        same(layout, first.counts, ALL_MISSED)?;
        expect(layout, &site.snug(layout)?, ALL_HIT, &first.sizes)?;
        sizes.insert(first.sizes);
    }
    same("different sizes", sizes.len(), each.len())
}

/// So has each backend, for everything and for one package alone.
pub(crate) fn backends(tools: Tools) -> Result<()> {
    let mut site = Site::new(tools)?;
    // It says who compiled a crate.
    site.user = site.user.env("CARGO_PROFILE_DEV_DEBUG", "1");
    let all = |generator| CACHEABLE.map(|name| (name, generator)).to_vec();
    let one = CACHEABLE.map(|name| (name, if name == "store" { "llvm" } else { "cranelift" }));

    let first = site.snug("")?;
    same("cranelift", (first.counts, site.generators()?), (ALL_MISSED, all("cranelift")))?;
    let llvm = site.snug("--backend llvm")?;
    same("llvm", (llvm.counts, site.generators()?), (ALL_MISSED, all("llvm")))?;
    let store = site.snug("--llvm store")?;
    same("store", site.generators()?, one.to_vec())?;
    same("what `store` uses is shared", store.counts.hits > 0, true)?;
    same("`store` is not", store.counts.misses > 0, true)?;

    for (arguments, expected) in
        [("", all("cranelift")), ("--backend llvm", all("llvm")), ("--llvm store", one.to_vec())]
    {
        expect(arguments, &site.snug(arguments)?, ALL_HIT, &first.sizes)?;
        same(arguments, site.generators()?, expected)?;
    }
    Ok(())
}

/// Nothing but the backend's file is another one, so neither cargo nor sccache's server asks for the version
/// again.
pub(crate) fn other_build(tools: Tools) -> Result<()> {
    let mut site = Site::new(tools)?;
    copy_dist(tools, &mut site.user, "snug")?;
    site.user = site.user.env("SNUG_LAYOUT_VERSION", ANOTHER);
    let arguments = "--backend llvm";
    let first = site.snug(arguments)?;
    same("first", first.counts, ALL_MISSED)?;
    let file = format!("snug/{}/snug_llvm.so", tools.snug_folder()?);
    let genuine = site.user.workspace.path(&file);
    for (build, counts) in
        [(&tools.damaged()?.with_faults, ALL_MISSED), (&backend(tools)?, ALL_HIT)]
    {
        std::fs::remove_file(&genuine).map_err(|error| error.to_string())?;
        site.user.workspace.copy(build, &file)?;
        expect("the other build", &site.snug(arguments)?, counts, &first.sizes)?;
    }
    Ok(())
}

/// Where Snug is installed is no part of it, before or behind the sources in order of paths.
pub(crate) fn same_build_elsewhere(tools: Tools) -> Result<()> {
    let mut site = Site::new(tools)?;
    let first = site.snug("")?;
    same("first", first.counts, ALL_MISSED)?;
    for place in ["a", "z"] {
        copy_dist(tools, &mut site.user, place)?;
        expect(place, &site.snug("")?, ALL_HIT, &first.sizes)?;
    }
    Ok(())
}

/// Stock and Snug have a cache in common, and no crate.
pub(crate) fn stock(tools: Tools) -> Result<()> {
    let site = Site::new(tools)?;
    let snug = site.snug("--layout classic")?;
    let stock = site.stock()?;
    same("first builds", [snug.counts, stock.counts], [ALL_MISSED; 2])?;
    same("sizes of the same layout", &snug.sizes, &stock.sizes)?;
    expect("Snug", &site.snug("--layout classic")?, ALL_HIT, &snug.sizes)?;
    expect("stock", &site.stock()?, ALL_HIT, &stock.sizes)
}

/// Whoever asks for a report gets one of everything, and shares what was compiled without one.
pub(crate) fn report(tools: Tools) -> Result<()> {
    let site = Site::new(tools)?;
    let without = site.snug("")?;
    same("without", without.counts, ALL_MISSED)?;
    let mut reports = BTreeSet::new();
    for _ in 0..2 {
        expect("with a report", &site.snug("--report report")?, ALL_MISSED, &without.sizes)?;
        reports.insert(take_report(&site.user)?);
    }
    same("reports that differ", reports.len(), 1)?;
    let names: Vec<_> = reports.into_iter().flatten().collect();
    for name in CACHEABLE {
        let is_there = names.iter().any(|file| file.starts_with(&format!("{name}-")));
        same(&format!("a report on {name}"), is_there, true)?;
    }
    expect("without, again", &site.snug("")?, ALL_HIT, &without.sizes)
}

/// The doctor knows what gets in the way of sharing: sccache's other trade is to have crates compiled elsewhere,
/// by the compiler of the toolchain.
pub(crate) fn doctor(tools: Tools) -> Result<()> {
    let site = Site::new(tools)?;
    let doctor = site.user.succeed("doctor")?;
    contains_all(&doctor.stdout, &["    ok  sccache: sccache ", "All is well."])?;
    let distributes = "#!/bin/sh\necho '{\"NotConnected\":[\"http://scheduler\",\"later\"]}'\n";
    site.user.workspace.write("fake/sccache", distributes)?;
    site.user.workspace.tool("chmod", "+x fake/sccache")?.expect_success("chmod")?;
    let fake = site.user.workspace.path("fake/sccache");
    let doctor = site.user.env("RUSTC_WRAPPER", fake).snug("doctor")?.expect_failure("doctor")?;
    contains_all(&doctor.stdout, &["WRONG   sccache: ", "stock rustc", "take `[dist]` out"])
}

/// The names of a report's files, which are removed.
fn take_report(user: &User) -> Result<BTreeSet<String>> {
    let folder = user.here("report");
    let files = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let name = |file: std::fs::DirEntry| file.file_name().to_string_lossy().into_owned();
    let names = files.flatten().map(name).collect();
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    Ok(names)
}

/// Installs a copy of Snug, with the times of its files, in a folder of the workspace.
fn copy_dist(tools: Tools, user: &mut User, folder: &str) -> Result<()> {
    let dist = tools.cargo_snug();
    user.workspace.copy(dist.ancestors().nth(2).unwrap_or(Path::new("/")), folder)?;
    let prefix = user.workspace.path(folder);
    user.install(&prefix);
    Ok(())
}

/// The file of the LLVM backend.
fn backend(tools: Tools) -> Result<PathBuf> {
    Ok(tools.built()?.join("snug_llvm.so"))
}
