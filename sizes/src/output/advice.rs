//! Advice, for people.

use crate::advice::Advice;
use crate::report::Report;
use crate::text::{bytes, number};

/// Futures around that are named: those that win most.
const EFFECTS: usize = 4;

pub(super) fn text(advice: &[Advice], report: &Report) -> String {
    if advice.is_empty() {
        return "No change that is known here would save anything in these futures.\n".to_owned();
    }
    let mut text = String::new();
    for one in advice {
        let about = if one.is_exact { "" } else { "about " };
        text += &format!("saves {about}{}: {}\n", bytes(one.saved), one.what(report));
        if let Some(place) = &one.place {
            text += &format!("  --> {place}\n");
        }
        for effect in one.effects.iter().take(EFFECTS) {
            let future = &report.futures[effect.future];
            let (before, after) = (number(effect.before), number(effect.after));
            text += &format!("  {before} -> {after}  {}\n", future.name());
        }
        if one.effects.len() > EFFECTS {
            text += &format!("  and {} more around these\n", one.effects.len() - EFFECTS);
        }
        text.push('\n');
    }
    text
}
