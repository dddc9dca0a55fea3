//! Two workspaces with the same dependencies have one target folder.

use std::collections::{BTreeMap, BTreeSet};

use snug_tests::Result;
use snug_tests::cargo::{self, Cargo};
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::workshop::same;

use super::fleet::{Suite, fleet};

/// What is the same crate to both workspaces; `store` has another id in its own workspace.
const COMMON: [&str; 2] = ["ledger lib", "parcel lib"];

/// Who builds with which layout; whether the other's crates can be used.
const BUILDS: [(&str, Layout, bool); 6] = [
    ("fleet", Layout::Packed, false),
    ("tender", Layout::Classic, false),
    ("fleet", Layout::Packed, false),
    ("tender", Layout::Packed, true),
    ("tender", Layout::CapturesOnly, false),
    ("fleet", Layout::CapturesOnly, true),
];

pub(super) fn target_folder(suite: &Suite, generator: Generator) -> Result<()> {
    let workspaces = fleet(suite.tools)?;
    let mut clean = BTreeMap::new();
    for (workspace, layout, usable) in BUILDS {
        let compiler = Compiler::Snug(generator, layout);
        let cargo = Cargo::new(suite.tools, &workspaces.path(workspace), compiler);
        let run = cargo.clone().env("CARGO_TARGET_DIR", workspaces.path("shared"));
        let run = run.succeed("run")?;
        let compiled = cargo::compiled(&run);
        let again = COMMON.map(|name| compiled.contains(name));
        same("what was compiled again", again, [!usable; 2])?;
        let key = (workspace, layout.to_string());
        if !clean.contains_key(&key) {
            let folder = workspaces.path(&format!("alone-{workspace}-{layout}"));
            let alone = cargo.env("CARGO_TARGET_DIR", folder).succeed("run")?;
            clean.insert(key.clone(), alone.stdout);
        }
        same("sizes", &run.stdout, &clean[&key])?;
    }
    let sizes: BTreeSet<_> = clean.values().collect();
    same("different sizes", sizes.len(), clean.len())
}
