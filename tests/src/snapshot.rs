//! The layouts of many coroutines as text, and what may become of it.
//!
//! Crates with the same layout version are compiled on top of each other, so every change of a
//! layout needs a new version. The text remembers both; [`Snapshot::judge`] says whether they fit.
//! There is a file for the version, and one for each program, at the program's own path:
//!
//! ```text
//! coroutine layout version 2
//! ```
//!
//! ```text
//! ## run/moves.rs 5d41402abc4b2a76         the program and what its sources are
//! {async block@run/moves.rs:106:5: 106:15}
//!     captures-only 24/8 tag@16 ...
//!     packed 16/8 tag@12 | value@0 | 3: value@0 __awaitee@8
//! ```
//!
//! Where another version of rustc than the default one has other coroutines, `versions/VERSION/layouts/` has a program's
//! file for it, which takes the place of the one with its name.
//!
//! That is size and alignment; the tag's offset; the upvars; and the states with the parts that are
//! saved in them (`_` has no name). States that follow each other and have the same parts are one: `3-5:`.
//! Left out are states without parts, and the first one where its parts are the upvars.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::report::{Coroutine, Field, Upvar};

/// All layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The layout version.
    pub version: u32,
    /// The programs by name.
    pub programs: BTreeMap<String, Layouts>,
}

/// The layouts of a program's coroutines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layouts {
    /// What tells the program from what it was before an edit.
    pub sources: String,
    /// Each coroutine's layouts by its name, in order. Types that print alike have one name.
    pub coroutines: BTreeMap<String, Vec<String>>,
}

impl Layouts {
    /// Adds what a report says about a coroutine with a layout mode. `name` is the type's, without
    /// anything that depends on the machine.
    pub fn add(&mut self, name: String, mode: &str, coroutine: &Coroutine) {
        let layouts = self.coroutines.entry(name).or_default();
        layouts.push(format!("{mode} {}", describe(mode, coroutine)));
        layouts.sort();
    }
}

fn describe(mode: &str, coroutine: &Coroutine) -> String {
    let Coroutine { size, align, tag_offset, .. } = coroutine;
    let mut text = format!("{size}/{align} tag@{tag_offset} |");
    if coroutine.layout != mode {
        text.insert_str(0, &format!("({}) ", coroutine.layout));
    }
    let part = |name: Option<&str>, offset| format!(" {}@{offset}", name.unwrap_or("_"));
    let upvar = |upvar: &Upvar| part(upvar.name.as_deref(), upvar.unresumed_offset);
    let field = |field: &Field| part(field.name.as_deref(), field.offset);
    let states: Vec<String> = coroutine
        .variants
        .iter()
        .map(|variant| variant.fields.iter().map(field).collect())
        .collect();
    let upvars: String = coroutine.upvars.iter().map(upvar).collect();
    text += &upvars;
    let mut first = 0;
    for alike in states.chunk_by(PartialEq::eq) {
        let last = first + alike.len() - 1;
        // The first state is that of the upvars.
        if !alike[0].is_empty() && (first > 0 || alike[0] != upvars) {
            let number = if first == last { first.to_string() } else { format!("{first}-{last}") };
            text += &format!(" | {number}:{}", alike[0]);
        }
        first = last + 1;
    }
    text
}

/// What to do about a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it is what is remembered.
    Same,
    /// To remember it; for these reasons.
    Bless(Vec<String>),
}

impl Snapshot {
    /// Compares what is with what is remembered. The error is about changes that nobody may bless.
    ///
    /// A program whose sources were edited is another program.
    pub fn judge(&self, remembered: &Snapshot) -> Result<Verdict> {
        if self.version < remembered.version {
            return Err(format!(
                "the layout version is {}, and {} has been used already: raise it",
                self.version, remembered.version
            ));
        }
        let mut reasons = Vec::new();
        if self.version > remembered.version {
            let (from, to) = (remembered.version, self.version);
            reasons.push(format!("the layout version has been raised from {from} to {to}"));
        }
        let mut changes = Vec::new();
        for (name, layouts) in &self.programs {
            match remembered.programs.get(name) {
                None => reasons.push(format!("{name} is new")),
                Some(before) if before.sources != layouts.sources => {
                    reasons.push(format!("the sources of {name} have changed"));
                }
                Some(before) => {
                    let of_program = layouts.differences(before);
                    changes.extend(of_program.changes.iter().map(|text| format!("{name}: {text}")));
                    let is_new = |coroutine| format!("{name} has a new coroutine: {coroutine}");
                    reasons.extend(of_program.additions.iter().map(is_new));
                }
            }
        }
        let gone = remembered.programs.keys().filter(|name| !self.programs.contains_key(*name));
        reasons.extend(gone.map(|name| format!("{name} is gone")));
        if self.version == remembered.version && !changes.is_empty() {
            return Err(format!(
                "layouts have changed: raise LAYOUT_VERSION in src/guard/marker.rs, then \
                 SNUG_BLESS=1 ./y.sh test layouts\n{}",
                list(&changes)
            ));
        }
        reasons.extend(changes);
        Ok(if reasons.is_empty() { Verdict::Same } else { Verdict::Bless(reasons) })
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Result<Snapshot> {
        let mut snapshot = Snapshot::default();
        let (mut program, mut coroutine) = (None, None);
        for (index, line) in text.lines().enumerate() {
            let complaint = || format!("line {} of the remembered layouts: `{line}`", index + 1);
            if let Some(version) = line.strip_prefix(VERSION) {
                snapshot.version = version.parse().map_err(|_| complaint())?;
            } else if let Some(title) = line.strip_prefix(PROGRAM) {
                let (name, sources) = title.rsplit_once(' ').ok_or_else(complaint)?;
                let layouts = snapshot.programs.entry(name.to_owned()).or_default();
                sources.clone_into(&mut layouts.sources);
                (program, coroutine) = (Some(name), None);
            } else if let Some(layout) = line.strip_prefix(LAYOUT) {
                let program = program.and_then(|name| snapshot.programs.get_mut(name));
                let coroutines = &mut program.ok_or_else(complaint)?.coroutines;
                let name: &str = coroutine.ok_or_else(complaint)?;
                coroutines.entry(name.to_owned()).or_default().push(layout.to_owned());
            } else if !line.is_empty() && !line.starts_with(COMMENT) {
                coroutine = Some(line);
            }
        }
        Ok(snapshot)
    }
}

const COMMENT: &str = "# ";
const VERSION: &str = "coroutine layout version ";
const PROGRAM: &str = "## ";
const LAYOUT: &str = "    ";

impl Snapshot {
    /// What is remembered in a folder; nothing, if there is no folder.
    pub fn read(folder: &Path) -> Result<Snapshot> {
        if !folder.exists() {
            return Ok(Snapshot::default());
        }
        let mut text = String::new();
        for file in files_in(folder)? {
            let complaint = |error: std::io::Error| format!("{}: {error}", file.display());
            let content = std::fs::read_to_string(&file).map_err(complaint)?;
            let own = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy();
            let title = content.lines().find_map(|line| line.strip_prefix(PROGRAM));
            let named = title.and_then(|title| title.rsplit_once(' ')).map(|(name, _)| name);
            let expected = named.map_or_else(|| VERSION_FILE.to_owned(), file_of);
            if own != expected {
                return Err(format!(
                    "{} is about {expected}: it is another's copy",
                    file.display()
                ));
            }
            text += &content;
        }
        Snapshot::parse(&text)
    }

    /// The same with what another version of rustc has otherwise, if its folder is there.
    pub fn with(mut self, others: &Path) -> Result<Snapshot> {
        self.programs.extend(Snapshot::read(others)?.programs);
        Ok(self)
    }

    /// Remembers it in a folder. Files that say so already are left alone, those of other programs go.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut files = self.files(folder);
        files.insert(folder.join(VERSION_FILE), self.header());
        replace(folder, &files)
    }

    /// Remembers in a folder which programs are otherwise than in another snapshot.
    pub fn write_what_differs(mut self, from: &Snapshot, folder: &Path) -> Result<()> {
        if self.version != from.version {
            return Err(
                "the layout version is another: bless with the default compiler first".to_owned()
            );
        }
        self.programs.retain(|name, program| from.programs.get(name) != Some(program));
        replace(folder, &self.files(folder))
    }

    /// A file for each program.
    fn files(&self, folder: &Path) -> BTreeMap<PathBuf, String> {
        let programs = self.programs.iter();
        programs.map(|(name, it)| (folder.join(file_of(name)), it.section(name))).collect()
    }
}

/// Makes these all files of a folder.
fn replace(folder: &Path, files: &BTreeMap<PathBuf, String>) -> Result<()> {
    let before = if folder.exists() { files_in(folder)? } else { Vec::new() };
    for gone in before.iter().filter(|file| !files.contains_key(*file)) {
        std::fs::remove_file(gone).map_err(|e| format!("{}: {e}", gone.display()))?;
    }
    for (path, text) in files {
        if std::fs::read_to_string(path).ok().as_ref() != Some(text) {
            let written = std::fs::create_dir_all(path.parent().unwrap_or(folder))
                .and_then(|()| std::fs::write(path, text));
            written.map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Ok(())
}

impl Snapshot {
    fn header(&self) -> String {
        format!(
            "{COMMENT}Written by SNUG_BLESS=1 ./y.sh test layouts;\n\
             {COMMENT}tests/src/snapshot.rs explains it.\n{VERSION}{}\n",
            self.version
        )
    }
}

/// The file with the version, in the folder of a snapshot.
const VERSION_FILE: &str = "version.txt";

/// A program's file.
fn file_of(program: &str) -> String {
    format!("{program}.txt")
}

/// All files below a folder, in order.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(complaint)? {
        let path = entry.map_err(complaint)?.path();
        if path.is_dir() {
            files.extend(files_in(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.header())?;
        self.programs.iter().try_for_each(|(name, it)| write!(f, "\n{}", it.section(name)))
    }
}

impl Layouts {
    /// A program's part of the text.
    fn section(&self, program: &str) -> String {
        let mut text = format!("{PROGRAM}{program} {}\n", self.sources);
        for (name, layouts) in &self.coroutines {
            text += &format!("{name}\n");
            layouts.iter().for_each(|layout| text += &format!("{LAYOUT}{layout}\n"));
        }
        text
    }
}

#[derive(Default)]
struct Differences {
    changes: Vec<String>,
    additions: Vec<String>,
}

impl Layouts {
    fn differences(&self, before: &Layouts) -> Differences {
        let mut differences = Differences::default();
        for (name, layouts) in &before.coroutines {
            let after = self.coroutines.get(name).map_or(&[][..], Vec::as_slice);
            let gone = without(layouts, after);
            let new = without(after, layouts);
            if !gone.is_empty() {
                let is = if new.is_empty() { "gone".to_owned() } else { new.join("\n      ") };
                let was = gone.join("\n      ");
                differences.changes.push(format!("{name}\n  was {was}\n  is  {is}"));
            } else if !new.is_empty() {
                differences.additions.push(name.clone());
            }
        }
        let new = self.coroutines.keys().filter(|name| !before.coroutines.contains_key(*name));
        differences.additions.extend(new.cloned());
        differences
    }
}

/// What is in the first of two ordered lists and not in the other; what is there twice counts twice.
fn without(all: &[String], others: &[String]) -> Vec<String> {
    let mut others = others.to_vec();
    let is_left = |text: &&String| match others.iter().position(|other| other == *text) {
        Some(at) => {
            others.remove(at);
            false
        }
        None => true,
    };
    all.iter().filter(is_left).cloned().collect()
}

/// The first of many texts.
pub fn list(texts: &[String]) -> String {
    const MOST: usize = 10;
    let mut list = texts[..texts.len().min(MOST)].join("\n");
    if texts.len() > MOST {
        let _ = write!(list, "\n... and {} more", texts.len() - MOST);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Variant, examples};

    /// A snapshot with one program of one coroutine.
    fn snapshot(version: u32, sources: &str, layouts: &[&str]) -> Snapshot {
        let layouts = layouts.iter().map(|layout| layout.to_string()).collect();
        let coroutines = BTreeMap::from([("{async fn a()}".to_owned(), layouts)]);
        let program = Layouts { sources: sources.to_owned(), coroutines };
        Snapshot { version, programs: BTreeMap::from([("run/a.rs#r".to_owned(), program)]) }
    }

    fn with_another_coroutine(mut snapshot: Snapshot) -> Snapshot {
        for program in snapshot.programs.values_mut() {
            program.coroutines.insert("{b}".to_owned(), vec!["packed 1/1".to_owned()]);
        }
        snapshot
    }

    fn reasons(verdict: Result<Verdict>) -> String {
        match verdict.unwrap() {
            Verdict::Same => String::new(),
            Verdict::Bless(reasons) => list(&reasons),
        }
    }

    #[test]
    fn what_has_not_changed_is_fine() {
        let before = snapshot(2, "x", &["packed 8/4", "packed 8/4"]);
        assert_eq!(before.judge(&before), Ok(Verdict::Same));
    }

    #[test]
    fn a_change_needs_a_version() {
        let before = snapshot(2, "x", &["captures-only 9/1", "packed 8/4"]);
        let layouts = ["captures-only 9/1", "packed 12/4"];
        let error = snapshot(2, "x", &layouts).judge(&before).unwrap_err();
        assert!(error.starts_with("layouts have changed: raise LAYOUT_VERSION"), "{error}");
        assert!(error.contains("{async fn a()}\n  was packed 8/4\n  is  packed 12/4"), "{error}");
        let raised = reasons(snapshot(3, "x", &layouts).judge(&before));
        assert!(raised.contains("from 2 to 3") && raised.contains("is  packed 12/4"), "{raised}");
    }

    #[test]
    fn what_is_gone_is_a_change() {
        let before = with_another_coroutine(snapshot(2, "x", &["packed 8/4", "packed 8/4"]));
        let after = snapshot(2, "x", &["packed 8/4", "packed 8/4"]);
        assert!(after.judge(&before).unwrap_err().contains("{b}"));
        let after = with_another_coroutine(snapshot(2, "x", &["packed 8/4"]));
        assert!(after.judge(&before).unwrap_err().contains("gone"));
    }

    #[test]
    fn additions_need_no_version() {
        let before = snapshot(2, "x", &["packed 8/4"]);
        let after = with_another_coroutine(before.clone());
        assert_eq!(reasons(after.judge(&before)), "run/a.rs#r has a new coroutine: {b}");
        let after = snapshot(2, "x", &["packed 4/4", "packed 8/4"]);
        let expected = "run/a.rs#r has a new coroutine: {async fn a()}";
        assert_eq!(reasons(after.judge(&before)), expected);
        let empty = Snapshot { version: 2, ..Snapshot::default() };
        assert_eq!(reasons(before.judge(&empty)), "run/a.rs#r is new");
        assert_eq!(reasons(empty.judge(&before)), "run/a.rs#r is gone");
    }

    /// An addition does not hide a change.
    #[test]
    fn an_addition_beside_a_change_is_a_change() {
        let before = snapshot(2, "x", &["packed 8/4"]);
        let after = with_another_coroutine(snapshot(2, "x", &["packed 4/4", "packed 4/4"]));
        assert!(after.judge(&before).is_err());
    }

    #[test]
    fn an_edited_program_is_another_one() {
        let before = snapshot(2, "x", &["packed 8/4"]);
        let after = snapshot(2, "y", &["packed 4/4"]);
        assert_eq!(reasons(after.judge(&before)), "the sources of run/a.rs#r have changed");
        // The others still count.
        let with_other = |mut snapshot: Snapshot, layout: &str| {
            let other = self::snapshot(2, "x", &[layout]).programs.into_values().next().unwrap();
            snapshot.programs.insert("b.rs".to_owned(), other);
            snapshot
        };
        let judged = with_other(after, "packed 7/1").judge(&with_other(before, "packed 8/1"));
        assert!(judged.unwrap_err().contains("b.rs: {async fn a()}"));
    }

    #[test]
    fn versions_do_not_fall() {
        let before = snapshot(3, "x", &["packed 8/4"]);
        let after = snapshot(2, "x", &["packed 8/4"]);
        assert!(after.judge(&before).unwrap_err().contains("raise it"));
        assert!(reasons(before.judge(&after)).contains("from 2 to 3"));
    }

    #[test]
    fn text_is_read_as_it_was_written() {
        let mut snapshot = with_another_coroutine(snapshot(2, "x", &["packed 8/4", "packed 8/4"]));
        snapshot.programs.insert("empty.rs".to_owned(), Layouts::default());
        assert_eq!(Snapshot::parse(&snapshot.to_string()), Ok(snapshot));
        assert!(Snapshot::parse("    packed 8/4").is_err());
        assert!(Snapshot::parse("coroutine layout version two").is_err());
    }

    #[test]
    fn each_program_has_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |file: &str| folder.path().join("all").join(file);
        let remembered = || Snapshot::read(&path("")).unwrap();
        assert_eq!(remembered(), Snapshot::default());
        let mut one = snapshot(2, "x", &["packed 8/4"]);
        one.programs.insert("run/b.rs".to_owned(), Layouts::default());
        one.write(&path("")).unwrap();
        assert_eq!(remembered(), one);
        assert!(path("run/a.rs#r.txt").exists() && path("run/b.rs.txt").exists());

        let other = snapshot(3, "y", &["packed 4/4"]);
        other.write(&path("")).unwrap();
        assert_eq!(remembered(), other);
        assert!(!path("run/b.rs.txt").exists());

        std::fs::copy(path("run/a.rs#r.txt"), path("run/copy.rs.txt")).unwrap();
        assert!(Snapshot::read(&path("")).unwrap_err().contains("another's copy"));
    }

    /// Every file of the repository's snapshot is what would be written.
    #[test]
    fn the_remembered_one_is_read() {
        let folder = crate::toolchain::package().join("layouts/snapshot");
        let remembered = Snapshot::read(&folder).unwrap();
        let of_run = remembered.programs.keys().filter(|name| name.starts_with("run/"));
        assert!(remembered.version > 0 && of_run.count() > 100);
        let files = files_in(&folder).unwrap();
        assert_eq!(files.len(), remembered.programs.len() + 1);
        for (name, program) in &remembered.programs {
            let text = std::fs::read_to_string(folder.join(file_of(name))).unwrap();
            assert_eq!(program.section(name), text, "{name}");
        }
    }

    #[test]
    fn every_offset_is_in_the_text() {
        let field = |name: &str, offset| {
            let name = (!name.is_empty()).then(|| name.to_owned());
            Field { name, ..examples::field(offset, 1) }
        };
        let variant = |fields: &[(&str, u64)]| {
            let fields = fields.iter().map(|&(name, offset)| field(name, offset)).collect();
            Variant { name: String::new(), span: String::new(), fields }
        };
        let mut coroutine = Coroutine {
            upvars: vec![examples::upvar(5, None)],
            variants: [&[("", 5)][..], &[], &[], &[("a", 1), ("b", 2)], &[("a", 1), ("b", 2)]]
                .map(variant)
                .into(),
            tag_offset: 7,
            ..examples::coroutine(16, 8)
        };
        assert_eq!(describe("packed", &coroutine), "16/8 tag@7 | _@5 | 3-4: a@1 b@2");
        coroutine.upvars[0].unresumed_offset = 4;
        assert_eq!(describe("packed", &coroutine), "16/8 tag@7 | _@4 | 0: _@5 | 3-4: a@1 b@2");
        assert!(describe("captures-only", &coroutine).starts_with("(packed) 16/8"));
    }
}
