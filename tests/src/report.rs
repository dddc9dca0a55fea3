//! Reads `SNUG_REPORT` files and checks what must hold for every coroutine in them.
//!
//! The types are the format's documentation in code: a key too many or too few, or a value of
//! another type, is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// One coroutine type.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coroutine {
    /// The version of the format.
    pub format: u32,
    /// The full path with arguments.
    #[serde(rename = "type")]
    pub name: String,
    /// Tells apart types that print alike.
    pub id: String,
    /// Where it comes from.
    pub body: Body,
    /// In bytes.
    pub size: u64,
    /// In bytes.
    pub align: u64,
    /// What no layout can go below.
    pub bound: Option<u64>,
    /// `classic`, `captures-only` or `packed`.
    pub layout: String,
    /// In capture order.
    pub upvars: Vec<Upvar>,
    /// The states.
    pub variants: Vec<Variant>,
    /// Pairs of items that must not overlap though no state has both.
    pub conflicts: Vec<(usize, usize)>,
    /// Where the state is.
    pub tag_offset: u64,
    /// Of the target.
    pub pointer_size: u64,
    /// Where it becomes a task.
    pub tasks: Vec<Task>,
    /// What became of the upvars; `null` if the layout is stock's or no code is generated.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub relocations: Option<Relocations>,
    /// `on` or `off`; `null` for other crates' coroutines, and where the pass is off.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub coalescing: Option<String>,
    /// `moves` or `stock`; `null` as above.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub liveness: Option<String>,
    /// What the pass has refused to do; `null` as above.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub refusals: Option<Vec<Refusal>>,
}

/// The body of a coroutine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The same in every crate of a build.
    pub id: String,
    /// The crate that it is in.
    #[serde(rename = "crate")]
    pub krate: String,
    /// `async fn`, `async block`...
    pub kind: String,
    /// The path of the function that it is, or is in.
    pub name: String,
    /// Where it begins.
    pub span: String,
}

/// A place where a coroutine becomes a task.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The function that makes it one.
    pub by: String,
    /// Where it is called.
    pub span: String,
}

/// A coroutine inside a value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inner {
    /// Which type it is.
    pub id: String,
    /// In bytes; `None` if it is in a box.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub offset: Option<u64>,
}

/// Something that the pass has not done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// `promotion`, `coalescing`, `needs` or `finishing`.
    pub phase: String,
    /// What it is about.
    pub subject: String,
    /// Where in the source that is.
    pub span: String,
    /// Why it was not done.
    pub reason: String,
}

/// What the generated code does with the upvars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relocations {
    /// Saved ones whose place before the first resume is their slot.
    pub verified: u64,
    /// Those of them that no code moves.
    pub elided: u64,
    /// Not saved, and used where they were captured.
    pub in_place: u64,
    /// Not saved, and moved to the stack.
    pub moved: u64,
    /// The sizes of these.
    pub bytes_moved: u64,
}

/// One captured variable.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upvar {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// As rustc prints it.
    #[serde(rename = "type")]
    pub ty: String,
    /// In bytes.
    pub size: u64,
    /// In bytes.
    pub align: u64,
    /// What is in it.
    pub inner: Vec<Inner>,
    /// Where it is before the first resume.
    pub unresumed_offset: u64,
    /// Where it is while suspended; `null` if it never is.
    pub slot_offset: Option<u64>,
}

/// One state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// `Unresumed`, `Returned`, `Panicked`, `Suspend0`...
    pub name: String,
    /// Where in the source it suspends.
    pub span: String,
    /// What is alive.
    pub fields: Vec<Field>,
}

/// A value that is alive in a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// As rustc prints it.
    #[serde(rename = "type")]
    pub ty: String,
    /// Fields of several states with one number are one value.
    pub item: usize,
    /// In bytes.
    pub offset: u64,
    /// In bytes.
    pub size: u64,
    /// In bytes.
    pub align: u64,
    /// Where its local is declared.
    pub declared: String,
    /// What is in it.
    pub inner: Vec<Inner>,
    /// How it is laid out around that; `null` where nothing is.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub shape: Option<serde_json::Value>,
    /// What keeps it; `null` where nothing is known, and before the first resume.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    pub kept_by: Option<KeptBy>,
}

/// What keeps a value across a suspension.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptBy {
    /// `use`, `drop` or `borrow`.
    pub how: String,
    /// Where in the source that is.
    pub span: String,
}

/// Reads the report in a folder: the coroutines of all crates of the last build, or, where builds have no numbers,
/// of all crates.
pub fn read(folder: &Path) -> Result<Vec<Coroutine>> {
    parse(lines(folder)?.iter().map(String::as_str))
}

/// The lines of that report, a coroutine each.
pub fn lines(folder: &Path) -> Result<Vec<String>> {
    let complaint = |error: std::io::Error| format!("the report in {}: {error}", folder.display());
    let mut lines = Vec::new();
    for file in files(folder).map_err(complaint)? {
        let text = std::fs::read_to_string(folder.join(file)).map_err(complaint)?;
        lines.extend(text.lines().map(str::to_owned));
    }
    Ok(lines)
}

/// The coroutines in lines of a report.
pub fn parse<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Coroutine>> {
    let parsed =
        |line| serde_json::from_str(line).map_err(|error| format!("in a report: {error}: {line}"));
    lines.map(parsed).collect()
}

/// The names of the files of a build, in order.
pub fn files(folder: &Path) -> std::io::Result<BTreeSet<String>> {
    let mut builds = names(&folder.join("builds")).unwrap_or_default();
    builds.sort_by_key(|number| (number.len(), number.clone()));
    let Some(last) = builds.pop() else {
        let all = names(folder)?.into_iter();
        return Ok(all.filter(|name| name.ends_with(".jsonl")).collect());
    };
    let build = folder.join("builds").join(last);
    let mut files = BTreeSet::new();
    for list in names(&build)? {
        let text = std::fs::read_to_string(build.join(list))?;
        files.extend(text.lines().map(str::to_owned));
    }
    Ok(files)
}

fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    std::fs::read_dir(folder)?.map(name).collect()
}

/// The coroutines by their ids.
pub fn by_id(coroutines: Vec<Coroutine>) -> BTreeMap<String, Coroutine> {
    coroutines.into_iter().map(|coroutine| (coroutine.id.clone(), coroutine)).collect()
}

/// A stretch of bytes with a name for messages.
struct Bytes<'a> {
    what: &'a str,
    start: u64,
    end: u64,
}

impl Coroutine {
    /// Checks what must hold in every layout.
    pub fn check(&self) -> Result<()> {
        self.check_size()?;
        self.check_upvars()?;
        self.check_relocations()?;
        for variant in &self.variants {
            self.check_variant(variant).map_err(|e| format!("{}: {e}", variant.name))?;
        }
        Ok(())
    }

    fn check_size(&self) -> Result<()> {
        let bound = self.bound.ok_or("no bound")?;
        if self.size < bound {
            return Err(format!("size {} is below the bound {bound}", self.size));
        }
        if !self.align.is_power_of_two() || !self.size.is_multiple_of(self.align) {
            return Err(format!("size {} does not fit alignment {}", self.size, self.align));
        }
        Ok(())
    }

    fn check_upvars(&self) -> Result<()> {
        for upvar in &self.upvars {
            if upvar.slot_offset.is_some_and(|slot| slot != upvar.unresumed_offset) {
                return Err(format!("an upvar's slot is not where it is in Unresumed: {upvar:?}"));
            }
        }
        self.check_disjoint(self.upvars.iter().map(upvar_bytes).collect())
    }

    fn check_relocations(&self) -> Result<()> {
        let Some(counts) = self.relocations else { return Ok(()) };
        let (saved, others): (Vec<_>, Vec<_>) =
            self.upvars.iter().partition(|upvar| upvar.slot_offset.is_some());
        let bytes: u64 = others.iter().map(|upvar| upvar.size).sum();
        let fits = counts.verified == saved.len() as u64
            && counts.elided <= counts.verified
            && counts.in_place + counts.moved <= others.len() as u64
            && counts.bytes_moved <= bytes
            && self.layout != "classic";
        if fits { Ok(()) } else { Err(format!("{counts:?} do not fit the upvars")) }
    }

    fn check_variant(&self, variant: &Variant) -> Result<()> {
        for field in &variant.fields {
            if !field.offset.is_multiple_of(field.align) {
                return Err(format!("a field is not aligned: {field:?}"));
            }
        }
        let mut all: Vec<_> = variant.fields.iter().map(field_bytes).collect();
        if self.layout == "classic" {
            // The upvars live in every state.
            all.extend(self.upvars.iter().map(upvar_bytes));
        }
        self.check_disjoint(all)
    }

    /// Checks that nothing overlaps anything, nor the tag, nor leaves the coroutine.
    fn check_disjoint(&self, mut all: Vec<Bytes<'_>>) -> Result<()> {
        let tag_size = if self.variants.len() > 256 { 2 } else { 1 };
        let (start, end) = (self.tag_offset, self.tag_offset + tag_size);
        all.push(Bytes { what: "the tag", start, end });
        all.retain(|bytes| bytes.start < bytes.end);
        all.sort_by_key(|bytes| bytes.start);
        for pair in all.windows(2) {
            if pair[1].start < pair[0].end {
                return Err(format!(
                    "`{}` ({}..{}) overlaps `{}` ({}..{})",
                    pair[0].what,
                    pair[0].start,
                    pair[0].end,
                    pair[1].what,
                    pair[1].start,
                    pair[1].end
                ));
            }
        }
        match all.iter().find(|bytes| bytes.end > self.size) {
            None => Ok(()),
            Some(outside) => Err(format!("`{}` ends behind the coroutine", outside.what)),
        }
    }
}

fn upvar_bytes(upvar: &Upvar) -> Bytes<'_> {
    let start = upvar.unresumed_offset;
    Bytes { what: upvar.name.as_deref().unwrap_or("?"), start, end: start + upvar.size }
}

fn field_bytes(field: &Field) -> Bytes<'_> {
    Bytes { what: &field.ty, start: field.offset, end: field.offset + field.size }
}

/// Parts of reports for unit tests.
#[cfg(test)]
pub(crate) mod examples {
    use super::*;

    /// A `u32`, or what has its alignment.
    pub(crate) fn field(offset: u64, size: u64) -> Field {
        let [ty, declared] = ["u32", ""].map(String::from);
        let (item, align, inner) = (0, 4, Vec::new());
        let (name, shape, kept_by) = (None, None, None);
        Field { name, ty, item, offset, size, align, declared, inner, shape, kept_by }
    }

    /// A captured `u32`.
    pub(crate) fn upvar(unresumed_offset: u64, slot_offset: Option<u64>) -> Upvar {
        let (ty, inner) = ("u32".into(), Vec::new());
        Upvar { name: None, ty, size: 4, align: 4, inner, unresumed_offset, slot_offset }
    }

    /// A coroutine without parts.
    pub(crate) fn coroutine(size: u64, align: u64) -> Coroutine {
        let [id, krate, kind, name, span] = ["1", "a", "async fn", "a::f", ""].map(String::from);
        Coroutine {
            format: 3,
            name: "a".into(),
            id: "1".into(),
            body: Body { id, krate, kind, name, span },
            size,
            align,
            bound: None,
            layout: "packed".into(),
            upvars: Vec::new(),
            variants: Vec::new(),
            conflicts: Vec::new(),
            tag_offset: 0,
            pointer_size: 8,
            tasks: Vec::new(),
            relocations: None,
            coalescing: None,
            liveness: None,
            refusals: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::examples::{field, upvar};
    use super::*;

    fn coroutine(fields: &[(u64, u64)]) -> Coroutine {
        let fields = fields.iter().map(|&(offset, size)| field(offset, size)).collect();
        let variant = Variant { name: "Suspend0".into(), span: "".into(), fields };
        let base = examples::coroutine(16, 4);
        Coroutine { bound: Some(8), variants: vec![variant], tag_offset: 8, ..base }
    }

    #[test]
    fn violations_are_found() {
        let check = Coroutine::check;
        assert_eq!(check(&coroutine(&[(0, 4), (4, 4), (12, 4), (0, 0)])), Ok(()));
        assert!(check(&coroutine(&[(0, 4), (2, 4)])).unwrap_err().contains("aligned"));
        assert!(check(&coroutine(&[(0, 5), (4, 4)])).unwrap_err().contains("overlaps"));
        assert!(check(&coroutine(&[(8, 4)])).unwrap_err().contains("the tag"));
        assert!(check(&coroutine(&[(12, 5)])).unwrap_err().contains("behind"));
        let mut moved = coroutine(&[]);
        moved.upvars.push(upvar(5, Some(4)));
        assert!(check(&moved).unwrap_err().contains("slot"));
        let relocations =
            Relocations { verified: 1, elided: 1, in_place: 0, moved: 0, bytes_moved: 0 };
        let counted = Coroutine { relocations: Some(relocations), ..coroutine(&[]) };
        assert!(check(&counted).unwrap_err().contains("fit the upvars"));
        let small = Coroutine { bound: Some(17), ..coroutine(&[]) };
        assert!(check(&small).unwrap_err().contains("bound"));
    }

    #[test]
    fn unknown_keys_are_errors() {
        let line = r#"{"id": "1", "offset": null"#;
        assert!(serde_json::from_str::<Inner>(&format!("{line}}}")).is_ok());
        assert!(serde_json::from_str::<Inner>(&format!("{line}, \"new\": 1}}")).is_err());
    }
}
