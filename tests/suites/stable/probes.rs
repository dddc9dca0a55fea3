//! Crates from the registry whose build scripts find out what the compiler can do find the same as under
//! stock: `tests/probes` has them, in the versions of its lock file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use snug_tests::Result;
use snug_tests::command::Finished;
use snug_tests::harness::{self, Tools};
use snug_tests::toolchain;
use snug_tests::workshop::same;

use snug_tests::user::User;

/// What cargo says when a build script has run.
#[derive(Debug, Deserialize)]
struct Executed {
    package_id: String,
    #[serde(default)]
    cfgs: Vec<String>,
    #[serde(default)]
    env: Vec<(String, String)>,
    #[serde(default)]
    linked_libs: Vec<String>,
    #[serde(default)]
    out_dir: PathBuf,
}

/// What a build script has found out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Findings {
    cfgs: Vec<String>,
    variables: Vec<(String, String)>,
    libraries: Vec<String>,
    /// The files that it has made, without the target folder's path.
    files: BTreeMap<PathBuf, String>,
}

/// By package.
fn findings(checked: &Finished) -> Result<BTreeMap<String, Findings>> {
    let mut all = BTreeMap::new();
    for line in checked.stdout.lines() {
        let message: serde_json::Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
        if message["reason"] != "build-script-executed" {
            continue;
        }
        let executed: Executed = serde_json::from_value(message).map_err(|e| e.to_string())?;
        let Executed { package_id, cfgs, env, linked_libs, out_dir, .. } = executed;
        let mut files = BTreeMap::new();
        read_files(&out_dir, &out_dir, &mut files)?;
        let found = Findings { cfgs, variables: env, libraries: linked_libs, files };
        let package = package_name(&package_id);
        all.insert(package, found);
    }
    Ok(all)
}

/// `NAME@VERSION` of cargo's `SOURCE#NAME@VERSION`, which is `SOURCE/NAME#VERSION` where the folder has the package's name.
fn package_name(id: &str) -> String {
    let (source, package) = id.rsplit_once('#').unwrap_or(("", id));
    match package.contains('@') {
        true => package.to_owned(),
        false => format!("{}@{package}", source.rsplit('/').next().unwrap_or_default()),
    }
}

fn read_files(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    let describe = |error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(describe)? {
        let path = entry.map_err(describe)?.path();
        if path.is_dir() {
            read_files(root, &path, files)?;
        } else {
            let content = std::fs::read(&path).map_err(describe)?;
            let text = String::from_utf8_lossy(&content).replace(&*root.to_string_lossy(), "");
            files.insert(path.strip_prefix(root).unwrap_or(&path).to_owned(), text);
        }
    }
    Ok(())
}

/// Stock and both backends, crate for crate.
pub(crate) fn registry(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.workspace.copy(&toolchain::package().join("probes"), "probes")?;
    let user = user.in_folder("probes").env("CARGO_NET_OFFLINE", "false");
    user.cargo("fetch --locked")?.expect_success("cargo fetch")?;
    let check = "check --locked --offline --message-format=json";
    let stock = findings(&user.cargo(check)?.expect_success("stock")?)?;
    for name in [
        "anyhow",
        "bare-metal",
        "probes",
        "proc-macro2",
        "rustix",
        "rustversion",
        "serde_core",
        "thiserror",
    ] {
        let probes = stock.keys().any(|package| package.starts_with(&format!("{name}@")));
        same(&format!("{name} has a build script"), probes, true)?;
    }
    // Which code generator it is, build scripts hardly notice: they see one compiler.
    let backends: &[&str] = if harness::long() { &["cranelift", "llvm"] } else { &["cranelift"] };
    for backend in backends {
        let snug = findings(&user.succeed(&format!("{check} --backend {backend}"))?)?;
        same("crates", snug.keys().collect::<Vec<_>>(), stock.keys().collect())?;
        for (package, stock) in &stock {
            same(&format!("{package} with {backend}"), &snug[package], stock)?;
        }
    }
    // Where a compiler is, or says that it is, another one, these notice.
    let user = user.env("RUSTC_BOOTSTRAP", "1");
    let check = "check --locked --offline --message-format=json -p anyhow -p proc-macro2 --target-dir nightly";
    let nightly = findings(&user.cargo(check)?.expect_success("unstable")?)?;
    for (package, nightly) in &nightly {
        same(&format!("{package} notices nothing"), nightly == &stock[package], false)?;
    }
    same("of them", nightly.len(), 2)
}
