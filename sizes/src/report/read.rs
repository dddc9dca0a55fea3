//! Reads the folder of a report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::format::{FORMAT, Line, OfBody, Versioned};
use super::{Future, Report};

/// Reads the last build in a folder.
pub(crate) fn read(folder: &Path) -> Result<Report> {
    let files = files_of_last_build(folder)
        .with_context(|| format!("the report in `{}` cannot be read", folder.display()))?;
    let mut futures: BTreeMap<String, Future> = BTreeMap::new();
    for file in &files {
        for line in lines(&folder.join(file))? {
            add(&mut futures, Future::new(line));
        }
    }
    let bodies = bodies(folder, &files)?;
    let mut futures: Vec<Future> = futures.into_values().collect();
    for future in &mut futures {
        if let Some(body) = bodies.get(&future.body.id) {
            complete(future, body);
        }
    }
    Ok(Report::new(futures))
}

/// Whether all files are there that the last build is made of. A folder without builds is whole.
pub(crate) fn is_whole(folder: &Path) -> bool {
    let is_there = |file: &String| {
        let file = folder.join(file);
        file.exists() && file.with_extension("bodies").exists()
    };
    files_of_last_build(folder).map_or(true, |files| files.iter().all(is_there))
}

/// Two crates may use one type: both know of tasks, and one what keeps values.
fn add(futures: &mut BTreeMap<String, Future>, new: Future) {
    let Some(known) = futures.get_mut(&new.id) else {
        futures.insert(new.id.clone(), new);
        return;
    };
    for task in &new.tasks {
        if !known.tasks.contains(task) {
            known.tasks.push(task.clone());
        }
    }
}

/// Says of each value what keeps it.
fn complete(future: &mut Future, body: &OfBody) {
    for (variant, kept) in future.variants.iter_mut().zip(&body.kept) {
        for (field, kept) in variant.fields.iter_mut().zip(kept) {
            if field.kept_by.is_none() {
                field.kept_by.clone_from(kept);
            }
        }
    }
}

/// The names of the files of the last build.
fn files_of_last_build(folder: &Path) -> Result<BTreeSet<String>> {
    let builds = folder.join("builds");
    let mut numbers = names(&builds).context("it has no builds")?;
    numbers.sort_by_key(|number| (number.len(), number.clone()));
    let Some(last) = numbers.pop() else { bail!("it has no builds") };
    let build = builds.join(last);
    let mut files = BTreeSet::new();
    for list in names(&build)? {
        let text = fs::read_to_string(build.join(list))?;
        files.extend(text.lines().map(str::to_owned));
    }
    Ok(files)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn lines(path: &Path) -> Result<Vec<Line>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("`{}`, a part of the report, cannot be read", path.display()))?;
    let line = |(number, line): (usize, &str)| {
        let complaint =
            || format!("line {} of `{}` is none of a report", number + 1, path.display());
        let Versioned { format } = serde_json::from_str(line).with_context(complaint)?;
        if format != FORMAT {
            bail!(
                "`{}` was written by another version of Snug: its format is {format}, and this one reads {FORMAT}\n\
                 help: remove the folder, and run the command again",
                path.display()
            );
        }
        serde_json::from_str(line).with_context(complaint)
    };
    text.lines().enumerate().map(line).collect()
}

/// What the crates say of their bodies.
fn bodies(folder: &Path, files: &BTreeSet<String>) -> Result<BTreeMap<String, OfBody>> {
    let mut bodies = BTreeMap::new();
    for file in files {
        let path = folder.join(file).with_extension("bodies");
        let text = fs::read_to_string(&path).with_context(|| {
            format!("`{}`, a part of the report, cannot be read", path.display())
        })?;
        for line in text.lines() {
            let body: OfBody = serde_json::from_str(line)
                .with_context(|| format!("`{}` is no part of a report", path.display()))?;
            bodies.insert(body.body.clone(), body);
        }
    }
    Ok(bodies)
}
