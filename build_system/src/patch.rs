//! Applies unified diffs (`diff -u`, `git format-patch`) to a folder.
//!
//! A hunk applies where all lines that it expects stand exactly as it expects them, at the line it
//! names or at the nearest other place; there is no fuzz. The sources are pinned, so a hunk that
//! does not apply means that somebody edited a patch, and the error says which hunk expects what.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The changes of one patch to one file.
#[derive(Debug, Default)]
struct FilePatch {
    path: String,
    /// The patch makes the file.
    is_new: bool,
    hunks: Vec<Hunk>,
}

/// `@@ -start,.. +..,.. @@` and its lines.
#[derive(Debug, Default)]
struct Hunk {
    start: usize,
    old: Vec<String>,
    new: Vec<String>,
}

/// Applies the patch file to the files under `folder`.
pub fn apply(patch_file: &Path, folder: &Path) -> Result<()> {
    let (name, files) = read(patch_file)?;
    if files.is_empty() {
        bail!(
            "patches/{name} changes no file: it has no `--- a/..` and `+++ b/..` lines. Remove \
             it, or make it anew with `git format-patch`."
        );
    }
    files.iter().try_for_each(|file| patch_one(&name, file, folder))
}

/// Applies the parts of the patch file that change a file which is in the folder `part` of `folder`.
pub fn apply_to_what_is_there(patch_file: &Path, folder: &Path, part: &str) -> Result<()> {
    let (name, files) = read(patch_file)?;
    let is_there = |file: &&FilePatch| {
        Path::new(&file.path).starts_with(part) && folder.join(&file.path).is_file()
    };
    files.iter().filter(is_there).try_for_each(|file| patch_one(&name, file, folder))
}

/// The patch's name and what it says.
fn read(patch_file: &Path) -> Result<(String, Vec<FilePatch>)> {
    let name = patch_file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(patch_file)
        .with_context(|| format!("{} cannot be read", patch_file.display()))?;
    let files = parse(&text).with_context(|| format!("patches/{name} is not a unified diff"))?;
    Ok((name, files))
}

fn patch_one(patch: &str, file: &FilePatch, folder: &Path) -> Result<()> {
    let path = folder.join(&file.path);
    let old = match file.is_new {
        true if path.exists() => bail!(
            "patches/{patch} makes {}, which is in the sources already. Let it change that file \
             instead.",
            file.path
        ),
        true => String::new(),
        false => fs::read_to_string(&path).with_context(|| {
            format!(
                "patches/{patch} changes {}, which is not in the sources. Correct the path in the \
                 patch.",
                file.path
            )
        })?,
    };
    let mut lines: Vec<String> = old.lines().map(str::to_string).collect();
    let mut shift = 0_isize;
    for (index, hunk) in file.hunks.iter().enumerate() {
        let wanted = hunk.start.saturating_sub(1).saturating_add_signed(shift);
        let Some(at) = find(&lines, &hunk.old, wanted) else {
            bail!("{}", mismatch(patch, file, index, &lines, wanted));
        };
        lines.splice(at..at + hunk.old.len(), hunk.new.iter().cloned());
        shift = at as isize - (hunk.start as isize - 1) + hunk.new.len() as isize
            - hunk.old.len() as isize;
    }
    lines.push(String::new());
    fs::write(&path, lines.join("\n"))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// The place nearest to `wanted` where `expected` stands.
fn find(lines: &[String], expected: &[String], wanted: usize) -> Option<usize> {
    let last = lines.len().checked_sub(expected.len())?;
    (0..=last)
        .filter(|&at| lines[at..at + expected.len()] == *expected)
        .min_by_key(|at| at.abs_diff(wanted))
}

fn mismatch(
    patch: &str,
    file: &FilePatch,
    index: usize,
    lines: &[String],
    wanted: usize,
) -> String {
    let hunk = &file.hunks[index];
    let differing = (0..hunk.old.len())
        .find(|offset| lines.get(wanted + offset) != hunk.old.get(*offset))
        .unwrap_or(0);
    let found = lines.get(wanted + differing).map_or("the end of the file", |line| line);
    format!(
        "patches/{patch} does not apply: file {}, hunk {} of {} (line {}). It expects\n    \
         {}\nbut line {} is\n    {found}\nMake the patch anew against the sources, or correct the \
         hunk.",
        file.path,
        index + 1,
        file.hunks.len(),
        hunk.start,
        hunk.old[differing],
        wanted + differing + 1,
    )
}

fn parse(text: &str) -> Result<Vec<FilePatch>> {
    let mut files: Vec<FilePatch> = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if line.starts_with("--- ")
            && let Some((_, new)) = lines.next_if(|(_, next)| next.starts_with("+++ "))
        {
            let is_new = line["--- ".len()..].starts_with("/dev/null");
            files.push(FilePatch { path: path_of(new), is_new, hunks: Vec::new() });
        } else if let Some(header) = line.strip_prefix("@@ -") {
            let (start, old_count, new_count) =
                counts(header).with_context(|| format!("line {}: {line}", number + 1))?;
            let mut hunk = Hunk { start, ..Hunk::default() };
            while hunk.old.len() < old_count || hunk.new.len() < new_count {
                let (number, line) = lines.next().context("its last hunk is cut short")?;
                hunk.add(line).with_context(|| format!("line {}: {line}", number + 1))?;
            }
            files.last_mut().context("a hunk comes before any `+++ b/..` line")?.hunks.push(hunk);
        }
    }
    Ok(files)
}

impl Hunk {
    fn add(&mut self, line: &str) -> Result<()> {
        let (sign, content) = line.split_at_checked(1).unwrap_or((" ", ""));
        match sign {
            " " => {
                self.old.push(content.into());
                self.new.push(content.into());
            }
            "-" => self.old.push(content.into()),
            "+" => self.new.push(content.into()),
            "\\" => {}
            _ => bail!("a line of a hunk begins with ` `, `-` or `+`"),
        }
        Ok(())
    }
}

/// `+++ b/src/lib.rs<tab>date` names `src/lib.rs`.
fn path_of(line: &str) -> String {
    let path = line["+++ ".len()..].split('\t').next().unwrap_or_default();
    path.strip_prefix("b/").unwrap_or(path).to_string()
}

/// Start line and the lengths of both sides, of `12,7 +12,6 @@ context`.
fn counts(header: &str) -> Option<(usize, usize, usize)> {
    let (ranges, _) = header.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(usize, usize)> {
        match text.split_once(',') {
            Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let ((start, old_count), (_, new_count)) = (range(old)?, range(new)?);
    Some((start, old_count, new_count))
}
