//! The source of a suspension: where it is, where its biggest values are declared, and what keeps them.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};

use super::short_type;
use crate::Project;
use crate::report::{Field, Future, How, Place, Variant};
use crate::text::bytes;

/// Values that are shown: more would hide the source.
const VALUES: usize = 4;

/// The source with notes; empty if it cannot be read, or is not there.
pub(crate) fn of_state(future: &Future, state: &Variant, project: &Project) -> String {
    let place = if state.is_unresumed() { future.place() } else { Place::parse(&state.span) };
    let Some(place) = place else { return String::new() };
    let Ok(source) = std::fs::read_to_string(project.root.join(&place.file)) else {
        return String::new();
    };
    let said = if state.is_unresumed() { "it is made here" } else { "it waits here" };
    let mut notes: Vec<Annotation<'_>> = Vec::new();
    if let Some(range) = range(&source, &place) {
        notes.push(AnnotationKind::Primary.span(range).label(said));
    }
    let mut fields: Vec<&Field> = state.fields.iter().filter(|it| it.name.is_some()).collect();
    fields.retain(|field| !field.is_awaited() && field.size > 0);
    fields.sort_by_key(|field| std::cmp::Reverse(field.size));
    let mut add = |span: &str, label: String| {
        let there = Place::parse(span).filter(|there| there.file == place.file);
        if let Some(range) = there.and_then(|there| range(&source, &there)) {
            notes.push(AnnotationKind::Context.span(range).label(label));
        }
    };
    for field in fields.into_iter().take(VALUES) {
        let name = field.name.as_deref().unwrap_or_default();
        let ty = short_type(&field.ty, false);
        add(&field.declared, format!("`{name}`: {} ({ty})", bytes(field.size)));
        if let Some(kept) = &field.kept_by {
            let how = match kept.how {
                How::Use => "is used here",
                How::Drop => "is dropped here",
                How::Borrow => "is borrowed here",
            };
            add(&kept.span, format!("`{name}` {how}"));
        }
    }
    if notes.is_empty() {
        return String::new();
    }
    let path = place.file.clone();
    let snippet = Snippet::source(&source).path(path).annotations(notes);
    let title = format!("{} is biggest here", future.name());
    let report = &[Level::NOTE.primary_title(title).element(snippet)];
    format!("\n{}\n", Renderer::plain().render(report))
}

/// The bytes of a place in a source.
fn range(source: &str, place: &Place) -> Option<Range<usize>> {
    let start = offset(source, place.start)?;
    let end = offset(source, place.end)?;
    (start <= end).then_some(start..end)
}

/// The byte of a line and a column.
fn offset(source: &str, (line, column): (usize, usize)) -> Option<usize> {
    let mut begin = 0;
    for _ in 1..line {
        begin += source[begin..].find('\n')? + 1;
    }
    let text = source[begin..].split('\n').next()?;
    let within = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(column - 1)?;
    Some(begin + within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let source = "ab\nä = c;\n";
        assert_eq!(offset(source, (1, 1)), Some(0));
        assert_eq!(offset(source, (2, 2)), Some(5));
        assert_eq!(offset(source, (2, 7)), Some(10));
        assert_eq!(offset(source, (2, 8)), None);
        assert_eq!(offset(source, (9, 1)), None);
    }
}
