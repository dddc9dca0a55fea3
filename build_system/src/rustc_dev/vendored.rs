//! Crates of the registry as the compiler's builder had them: with a distribution's patches.
//!
//! A patch of a crate's `Cargo.toml` changes its features, which are an input of `-Cmetadata`: of the crate, and of all
//! that use it. So cargo takes the crates from a folder (`cargo vendor`) in which those parts of the distribution's
//! patches are applied that change one of them. The source of a crate is an input as well, but one that is replaced
//! counts as what it replaces.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache::remove;
use crate::cargo::Run;
use crate::patch;
use crate::ui::Progress;

use super::recipe::Recipe;

/// The folder with crates, in the work folder; distributions' patches call it so, too.
const FOLDER: &str = "vendor";

/// Makes the folder with patched crates if it is not there. The result is cargo's configuration for it.
pub fn prepare(recipe: &Recipe<'_>, patches: &Path, progress: &Progress) -> Result<PathBuf> {
    let configuration = recipe.work.join("vendor.toml");
    let folder = recipe.work.join(FOLDER);
    if !folder.exists() {
        let temporary = recipe.work.join("vendor.part");
        remove(&temporary)?;
        fetch(recipe, &temporary.join(FOLDER), progress)?;
        let series = recipe.toolchain.sysroot.join(patches);
        apply(&series, &temporary)?;
        for krate in fs::read_dir(temporary.join(FOLDER))? {
            forget_sums(&krate?.path())?;
        }
        fs::rename(temporary.join(FOLDER), &folder)?;
    }
    fs::write(&configuration, replaced(&folder))?;
    Ok(configuration)
}

fn fetch(recipe: &Recipe<'_>, to: &Path, progress: &Progress) -> Result<()> {
    let mut command = recipe.cargo();
    command.args(["vendor", "--versioned-dirs", "--manifest-path"]);
    command.arg(recipe.sources.join("compiler/rustc/Cargo.toml")).arg(to);
    Run {
        purpose: "fetch the crates that rustc is made of",
        command,
        log: recipe.work.join("vendor.log"),
    }
    .with(progress)
}

/// Applies what changes a crate that is there, of all patches that the file `series` names.
fn apply(patches: &Path, to: &Path) -> Result<()> {
    let series = patches.join("series");
    let series = fs::read_to_string(&series)
        .with_context(|| format!("{} cannot be read", series.display()))?;
    // After a name there may be options, and after `#` a comment.
    let names = series.lines().filter_map(|line| line.split('#').next()?.split_whitespace().next());
    let mut patches = names.map(|name| patches.join(name));
    patches.try_for_each(|file| patch::apply_to_what_is_there(&file, to, FOLDER))
}

/// A changed file would not have the sum that the registry gave it.
fn forget_sums(krate: &Path) -> Result<()> {
    let file = krate.join(".cargo-checksum.json");
    let text =
        fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut sums: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is wrong", file.display()))?;
    sums["files"] = serde_json::json!({});
    fs::write(&file, sums.to_string()).with_context(|| format!("{}", file.display()))
}

fn replaced(folder: &Path) -> String {
    // A string is quoted in JSON as in TOML.
    let folder = serde_json::json!(folder);
    format!(
        "[source.crates-io]\nreplace-with = \"as-built\"\n\n[source.as-built]\ndirectory = {folder}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(file: &Path, text: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn change(file: &str) -> String {
        format!("--- a/{file}\n+++ b/{file}\n@@ -1 +1 @@\n-old\n+new\n")
    }

    #[test]
    fn what_changes_a_crate_that_is_there_is_applied() {
        let folder = tempfile::tempdir().unwrap();
        let (patches, to) = (folder.path().join("patches"), folder.path().join("to"));
        write(&patches.join("series"), "# a comment\n\nfirst/a.patch\nb.patch -p1 # why\n");
        let there = "vendor/there-1.0.0/Cargo.toml";
        write(&patches.join("first/a.patch"), &(change("src/main.rs") + &change(there)));
        write(&patches.join("b.patch"), &change("vendor/elsewhere-1.0.0/Cargo.toml"));
        write(&to.join(there), "old\n");
        write(&to.join("src/main.rs"), "old\n");
        apply(&patches, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join(there)).unwrap(), "new\n");
        assert_eq!(fs::read_to_string(to.join("src/main.rs")).unwrap(), "old\n");
    }

    #[test]
    fn sums_of_files_are_forgotten_and_that_of_the_package_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".cargo-checksum.json");
        write(&file, r#"{"files":{"a":"1"},"package":"2"}"#);
        forget_sums(folder.path()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"files":{},"package":"2"}"#);
    }
}
