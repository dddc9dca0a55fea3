//! The ratchet file, `snug-sizes.json`: the sizes that the workspace's futures had when somebody looked last.
//!
//! Futures are named by their paths, not by lines or hashes, so that a file stays true through edits elsewhere; blocks of one function
//! are numbered as they stand. Of the types of a generic function, the biggest counts. With each size are the values that
//! wait at the biggest suspension, so that a difference can be told by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::{Cause, Finding, Rule};
use crate::report::{Future, Place, Report};
use crate::{Project, output};

/// The name of the file, in the workspace's folder.
pub(crate) const FILE: &str = "snug-sizes.json";
/// The version of its format.
const FORMAT: u32 = 1;

/// The sizes of futures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ratchet {
    format: u32,
    futures: BTreeMap<String, Remembered>,
    /// Where in the report each is.
    #[serde(skip)]
    positions: BTreeMap<String, usize>,
}

/// One future.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remembered {
    size: u64,
    /// What waits at the biggest suspension.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, u64>,
}

/// Where the file is.
pub(crate) fn path(project: &Project) -> PathBuf {
    project.root.join(FILE)
}

/// Reads such a file; `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Ratchet>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ratchet::parse(&text, &path.display().to_string()).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("`{}` cannot be read", path.display())),
    }
}

/// What `--diff` names: a file, or a commit that has one.
pub(crate) fn of_diff(other: &str, project: &Project) -> Result<Ratchet> {
    // Branches may have the name of a folder.
    let file = Path::new(other);
    if !file.is_dir()
        && let Some(ratchet) = read(file)?
    {
        return Ok(ratchet);
    }
    let object = format!("{other}:./{FILE}");
    let output = Command::new("git").arg("-C").arg(&project.root).args(["show", &object]).output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("there is no file `{other}`, and git, which knows commits, is not installed")
        }
        Err(error) => return Err(error).context("git cannot be started"),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{other}` is neither a file nor a commit with `{FILE}`: {}",
            said.trim().lines().next().unwrap_or("git says nothing")
        );
    }
    Ratchet::parse(&String::from_utf8_lossy(&output.stdout), &object)
}

impl Ratchet {
    /// What is now.
    pub(crate) fn of(report: &Report, project: &Project) -> Ratchet {
        let mut by_body: BTreeMap<&str, (usize, &Future)> = BTreeMap::new();
        let own = |future: &&Future| project.crates.contains(&future.body.krate);
        for future in report.futures.iter().filter(own) {
            let Some(at) = report.position(&future.id) else { continue };
            // The biggest comes first.
            by_body.entry(&future.body.id).or_insert((at, future));
        }
        let mut bodies: Vec<(usize, &Future)> = by_body.into_values().collect();
        bodies.sort_by_key(|(_, future)| (future.name(), future.place()));
        let mut ratchet =
            Ratchet { format: FORMAT, futures: BTreeMap::new(), positions: BTreeMap::new() };
        for same in bodies.chunk_by(|one, other| one.1.name() == other.1.name()) {
            for (number, (at, future)) in same.iter().enumerate() {
                let name = match number {
                    0 => future.name(),
                    _ => format!("{} #{}", future.name(), number + 1),
                };
                let values = values(future, report);
                ratchet.futures.insert(name.clone(), Remembered { size: future.size, values });
                ratchet.positions.insert(name, *at);
            }
        }
        ratchet
    }

    fn parse(text: &str, from: &str) -> Result<Ratchet> {
        let broken = || {
            format!(
                "`{from}` is no list of sizes, or a broken one\n\
                 help: `cargo snug sizes --bless` writes it anew; what it was, git may know"
            )
        };
        let ratchet: Ratchet = serde_json::from_str(text).with_context(broken)?;
        if ratchet.format != FORMAT {
            bail!(
                "`{from}` has format {}, and this version of Snug reads {FORMAT}\n\
                 help: `cargo snug sizes --bless` writes it anew",
                ratchet.format
            );
        }
        Ok(ratchet)
    }

    /// The content of the file.
    pub(crate) fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    pub(crate) fn len(&self) -> usize {
        self.futures.len()
    }

    /// What differs from another list, the biggest differences first.
    pub(crate) fn differences(&self, before: &Ratchet, report: &Report) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, now) in &self.futures {
            let was = before.futures.get(name);
            if was.is_some_and(|was| was.size == now.size) {
                continue;
            }
            let future = self.positions.get(name).map(|&at| &report.futures[at]);
            findings.push(Finding {
                rule: if was.is_some() { Rule::Size } else { Rule::New },
                future: name.clone(),
                size: Some(now.size),
                limit: was.map(|was| was.size),
                place: future.and_then(|future| future.place()),
                cause: was.and_then(|was| cause(was, now, future)),
                is_worse: was.is_some_and(|was| was.size < now.size),
            });
        }
        for (name, was) in &before.futures {
            if !self.futures.contains_key(name) {
                findings.push(Finding {
                    rule: Rule::Gone,
                    future: name.clone(),
                    size: None,
                    limit: Some(was.size),
                    place: None,
                    cause: None,
                    is_worse: false,
                });
            }
        }
        findings.sort_by_key(|finding| {
            let size = finding.size.unwrap_or_default();
            (!finding.is_worse, std::cmp::Reverse(size.abs_diff(finding.limit.unwrap_or_default())))
        });
        findings
    }
}

/// What waits at a future's biggest suspension, by name.
fn values(future: &Future, report: &Report) -> BTreeMap<String, u64> {
    let mut values = BTreeMap::new();
    let Some(state) = future.biggest_state() else { return values };
    // Small ones, too: a counter that is kept makes a future grow.
    for field in state.fields.iter().filter(|field| field.size > 0) {
        *values.entry(output::label(field, report, false)).or_default() += field.size;
    }
    values
}

/// The value that has grown most, or the biggest that is new; where none has, the biggest.
fn cause(was: &Remembered, now: &Remembered, future: Option<&Future>) -> Option<Cause> {
    if now.size <= was.size {
        return None;
    }
    let grown = now.values.iter().map(|(value, &size)| {
        let before = was.values.get(value).copied();
        (size.saturating_sub(before.unwrap_or_default()), size, value, before)
    });
    let (_, size, value, before) = grown.max()?;
    let place = future.and_then(|it| it.biggest_state()).and_then(|it| Place::parse(&it.span));
    Some(Cause { value: value.clone(), size, before, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembered(size: u64, values: &[(&str, u64)]) -> Remembered {
        let values = values.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
        Remembered { size, values }
    }

    #[test]
    fn what_has_grown_most_is_the_cause() {
        let was = remembered(100, &[("`a`: `u8`", 50), ("`b`: `u8`", 40)]);
        let now = remembered(200, &[("`a`: `u8`", 60), ("`c`: `u8`", 90)]);
        let found = cause(&was, &now, None).unwrap();
        assert_eq!((found.value.as_str(), found.size, found.before), ("`c`: `u8`", 90, None));
        assert_eq!(cause(&now, &was, None), None);
    }

    #[test]
    fn broken_files_are_told() {
        let error = |text| Ratchet::parse(text, "x").unwrap_err().to_string();
        assert!(error("{").starts_with("`x` is no list of sizes"));
        assert!(error("{\"format\": 2, \"futures\": {}}").starts_with("`x` has format 2"));
        let text = "{\"format\": 1, \"futures\": {\"async fn a\": {\"size\": 3}}}";
        assert_eq!(Ratchet::parse(text, "x").unwrap().len(), 1);
    }
}
