//! Reads the reports that Snug writes where `SNUG_REPORT` asks for them (`docs/report.md`).
//!
//! A build has one file per crate, and a type that several crates use is in the file of each. Every one of them prints
//! the type's name as seen from there, so types are told apart by their ids.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The end of the name of a crate's file.
const FILE: &str = "jsonl";
/// The folder that lists the files of builds.
const BUILDS: &str = "builds";

/// The layout of a future, or of another coroutine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The type's name.
    pub(super) name: String,
    /// In bytes.
    pub(super) size: u64,
    /// The most bytes that live in it at any time: no layout can be smaller. Unknown for a few.
    pub(super) bound: Option<u64>,
    /// How it was laid out.
    mode: String,
    /// What became of the upvars; nothing, where no code moves or uses them.
    pub(super) relocations: Relocations,
}

/// What became of captured variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Relocations {
    /// Saved ones that were captured right where they are saved.
    pub(super) verified: u64,
    /// Those of them that no code moves.
    pub(super) elided: u64,
    /// Others that are used where they were captured.
    pub(super) in_place: u64,
    /// Others that are moved to the stack.
    pub(super) moved: u64,
    /// The sizes of these, in bytes.
    pub(super) bytes_moved: u64,
}

impl Relocations {
    /// Null counts nothing.
    fn parse(value: &Value) -> Relocations {
        let count = |key: &str| value[key].as_u64().unwrap_or(0);
        Relocations {
            verified: count("verified"),
            elided: count("elided"),
            in_place: count("in_place"),
            moved: count("moved"),
            bytes_moved: count("bytes_moved"),
        }
    }
}

impl std::ops::AddAssign for Relocations {
    fn add_assign(&mut self, other: Relocations) {
        self.verified += other.verified;
        self.elided += other.elided;
        self.in_place += other.in_place;
        self.moved += other.moved;
        self.bytes_moved += other.bytes_moved;
    }
}

/// The layouts of all coroutines of a build, by the ids of their types.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) layouts: BTreeMap<String, Layout>,
}

impl Report {
    /// Reads the files of the last build in a folder; all files, if builds have no numbers there.
    pub(super) fn read(folder: &Path) -> Result<Report> {
        let mut report = Report::default();
        let files = files(folder)
            .with_context(|| format!("The report {} cannot be read", folder.display()))?;
        for file in files {
            let path = folder.join(file);
            let text = fs::read_to_string(&path);
            let added = text.map_err(Into::into).and_then(|text| report.add(&text));
            added.with_context(|| format!("in the report {}", path.display()))?;
        }
        if report.layouts.is_empty() {
            bail!("The report {} has no futures.", folder.display());
        }
        Ok(report)
    }

    /// Adds the file of a crate.
    fn add(&mut self, text: &str) -> Result<()> {
        for (index, line) in text.lines().enumerate() {
            let (id, layout) = parse(line).with_context(|| format!("line {}", index + 1))?;
            match self.layouts.entry(id) {
                Entry::Vacant(entry) => drop(entry.insert(layout)),
                Entry::Occupied(mut entry) => merge(entry.get_mut(), layout)?,
            }
        }
        Ok(())
    }

    /// Fails if something has another layout than the one that was asked for.
    pub(super) fn require_layout(&self, mode: &str) -> Result<()> {
        match self.layouts.values().find(|layout| layout.mode != mode) {
            Some(layout) => bail!(
                "The layout of {} is {}, although {mode} was asked for.",
                layout.name,
                layout.mode
            ),
            None => Ok(()),
        }
    }
}

/// The names of the files of a build.
fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let builds = folder.join(BUILDS);
    let mut numbers = if builds.exists() { names(&builds)? } else { Vec::new() };
    numbers.sort_by_key(|number| (number.len(), number.clone()));
    let Some(last) = numbers.pop() else {
        let is_crates = |name: &String| Path::new(name).extension().is_some_and(|it| it == FILE);
        return Ok(names(folder)?.into_iter().filter(is_crates).collect());
    };
    let build = builds.join(last);
    let mut files = BTreeSet::new();
    for list in names(&build)? {
        files.extend(fs::read_to_string(build.join(list))?.lines().map(String::from));
    }
    Ok(files)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let name = |entry: std::io::Result<fs::DirEntry>| {
        Ok(entry?.file_name().to_string_lossy().into_owned())
    };
    fs::read_dir(folder)?.map(name).collect()
}

/// Reads a line: the id of a type and its layout.
fn parse(line: &str) -> Result<(String, Layout)> {
    let value: Value = serde_json::from_str(line)?;
    let text = |key: &str| {
        let text = value[key].as_str();
        text.map(String::from).with_context(|| format!("there is no text {key:?}"))
    };
    let layout = Layout {
        name: text("type")?,
        size: value["size"].as_u64().context("there is no number \"size\"")?,
        bound: value["bound"].as_u64(),
        mode: text("layout")?,
        relocations: Relocations::parse(&value["relocations"]),
    };
    Ok((text("id")?, layout))
}

/// What two crates say about the same type must agree, but for the name.
fn merge(known: &mut Layout, other: Layout) -> Result<()> {
    if known.size != other.size {
        bail!(
            "Two crates disagree about the size of {}: {} and {} bytes. This is a bug in Snug.",
            known.name,
            known.size,
            other.size
        );
    }
    // A crate that generates no code for a type has nothing to count.
    if known.relocations == Relocations::default() {
        known.relocations = other.relocations;
    }
    if preference(&other.name) > preference(&known.name) {
        known.name = other.name;
    }
    Ok(())
}

/// The crate that defines a type leaves its own name out, and names closures by where they are in a file: names as
/// others see them say more. The rest of the order only has to be one.
fn preference(name: &str) -> (bool, usize, &str) {
    (!name.contains(".rs:"), name.len(), name)
}

#[cfg(test)]
impl Report {
    /// A report with these names, sizes and bounds.
    pub(super) fn of(layouts: &[(&str, u64, u64)]) -> Report {
        let layout = |&(name, size, bound): &(&str, u64, u64)| Layout {
            name: name.into(),
            size,
            bound: Some(bound),
            mode: "packed".into(),
            relocations: Relocations {
                verified: 1,
                elided: 1,
                moved: 2,
                bytes_moved: size,
                ..Default::default()
            },
        };
        let layouts = layouts.iter().map(|l| (l.0.to_string(), layout(l)));
        Report { layouts: layouts.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What two crates, of which one uses the other, say about the same type and about one more.
    const ONE: &str = r#"{"type":"{async fn body of sync::acquire()}","id":"a1","size":88,"align":8,"bound":80,"layout":"packed","upvars":[],"variants":[{"name":"Unresumed","fields":[]}],"tag_offset":80}
"#;
    const TWO: &str = r#"{"type":"{async fn body of semaphore::sync::acquire()}","id":"a1","size":88,"align":8,"bound":80,"layout":"packed","relocations":{"verified":3,"elided":2,"in_place":1,"moved":0,"bytes_moved":0}}
{"type":"{async block@src/main.rs:3:4: 5:6}","id":"b2","size":3,"align":1,"bound":null,"layout":"packed","relocations":null}
"#;

    #[test]
    fn reads_a_type_once_under_its_full_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("one-1.jsonl"), ONE).unwrap();
        fs::write(folder.path().join("two-2.jsonl"), TWO).unwrap();
        fs::write(folder.path().join("two-2.17.tmp"), "half a li").unwrap();
        let report = Report::read(folder.path()).unwrap();
        assert_eq!(report.layouts.len(), 2);
        let layout = &report.layouts["a1"];
        assert_eq!(layout.name, "{async fn body of semaphore::sync::acquire()}");
        assert_eq!((layout.size, layout.bound), (88, Some(80)));
        assert_eq!(layout.relocations.elided, 2);
        assert_eq!(report.layouts["b2"].bound, None);
        assert!(report.require_layout("packed").is_ok());
        let error = report.require_layout("classic").unwrap_err().to_string();
        assert!(error.ends_with("is packed, although classic was asked for."), "{error}");
    }

    #[test]
    fn reads_the_last_build() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("one-1.jsonl", ONE);
        write("two-2.jsonl", TWO);
        write("left-3.jsonl", "of an earlier build");
        write("builds/9/left-3.files", "left-3.jsonl\n");
        write("builds/10/two-2.files", "one-1.jsonl\ntwo-2.jsonl\n");
        assert_eq!(Report::read(folder.path()).unwrap().layouts.len(), 2);
    }

    #[test]
    fn crates_must_agree() {
        let mut report = Report::default();
        report.add(ONE).unwrap();
        let error = report.add(&TWO.replace("88", "96")).unwrap_err();
        assert!(error.to_string().contains("88 and 96 bytes"), "{error}");
    }

    #[test]
    fn says_what_is_wrong_with_a_report() {
        let error = Report::default().add("\n").unwrap_err();
        assert_eq!(error.to_string(), "line 1");
        let error = Report::default().add(r#"{"type":"t","size":1}"#);
        let error = format!("{:#}", error.unwrap_err());
        assert_eq!(error, "line 1: there is no text \"layout\"");
        let folder = tempfile::tempdir().unwrap();
        let error = Report::read(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("has no futures."), "{error}");
    }
}
