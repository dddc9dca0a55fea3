//! The forms of an answer: text, JSON, Markdown, annotations of GitHub's, SARIF.

mod advice;
mod findings;
mod github;
mod json;
mod list;
mod sarif;
pub(crate) mod snippet;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::advice::Advice;
use crate::guard::Finding;
use crate::options::{Format, Options};
use crate::report::{Field, Report};
use crate::selection::Selection;

/// A list of futures.
pub(crate) fn list(
    options: &Options,
    selection: &Selection<'_>,
    report: &Report,
) -> Result<String> {
    only(options.format, &[Format::Text, Format::Json, Format::Markdown], "a list")?;
    Ok(match options.format {
        Format::Json => json::list(selection, report),
        Format::Markdown => list::markdown(selection, report, options),
        _ => list::text(selection, report, options),
    })
}

/// What a comparison has found.
pub(crate) fn findings(format: Format, found: &[Finding], report: &Report) -> Result<String> {
    Ok(match format {
        Format::Text => findings::text(found, report),
        Format::Markdown => findings::markdown(found),
        Format::Json => json::findings(found),
        Format::Github => github::findings(found),
        Format::Sarif => sarif::findings(found),
    })
}

/// What could be changed.
pub(crate) fn advice(options: &Options, found: &[Advice], report: &Report) -> Result<String> {
    only(options.format, &[Format::Text, Format::Json], "--advise")?;
    Ok(match options.format {
        Format::Json => json::advice(found, report),
        _ => advice::text(found, report),
    })
}

/// An error if a form is none for an answer.
pub(crate) fn only(format: Format, allowed: &[Format], what: &str) -> Result<()> {
    if allowed.contains(&format) {
        return Ok(());
    }
    let name = |format: &Format| {
        format.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
    };
    let names: Vec<String> = allowed.iter().map(name).collect();
    bail!("`--format {}` is not for {what}\nhelp: use `{}`", name(&format), names.join("` or `"))
}

/// What a value is called: a variable's name and type, the future that is awaited, or the type of a temporary.
pub(crate) fn label(field: &Field, report: &Report, full: bool) -> String {
    let future = field.future().and_then(|id| report.get(id));
    match (&field.name, future) {
        (_, Some(future)) if field.is_awaited() => format!("awaits {}", future.name()),
        (_, None) if field.is_awaited() => format!("awaits `{}`", short_type(&field.ty, full)),
        (Some(name), Some(future)) => format!("`{name}`: {}", future.name()),
        (Some(name), None) => format!("`{name}`: `{}`", short_type(&field.ty, full)),
        (None, Some(future)) => future.name(),
        (None, None) => format!("a `{}`", short_type(&field.ty, full)),
    }
}

/// Characters of a type that are shown.
const WIDTH: usize = 72;

/// A type without the modules that its parts are in.
pub(crate) fn short_type(ty: &str, full: bool) -> String {
    if full {
        return ty.to_owned();
    }
    let mut short = String::new();
    let mut word = String::new();
    for character in ty.chars() {
        if character.is_alphanumeric() || character == '_' || character == ':' {
            word.push(character);
        } else {
            short += last_name(&word);
            word.clear();
            short.push(character);
        }
    }
    short += last_name(&word);
    if short.chars().count() > WIDTH {
        short = short.chars().take(WIDTH - 1).collect();
        short.push('…');
    }
    short
}

fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_shortened() {
        let ty = "core::option::Option<alloc::vec::Vec<u8>>";
        assert_eq!(short_type(ty, false), "Option<Vec<u8>>");
        assert_eq!(short_type(ty, true), ty);
        assert_eq!(short_type(&"a".repeat(100), false).chars().count(), WIDTH);
    }

    #[test]
    fn a_form_that_does_not_fit_is_refused() {
        let error = only(Format::Sarif, &[Format::Text, Format::Json], "a list").unwrap_err();
        let text = "`--format sarif` is not for a list\nhelp: use `text` or `json`";
        assert_eq!(error.to_string(), text);
    }
}
