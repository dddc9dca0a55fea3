//! The parts of a command line: an option with its value, or a word.

use std::ffi::{OsStr, OsString};

use clap_lex::RawArgs;

use super::known::{HasValue, SHORT, has_value, is_one_of};

/// One or two words that belong together.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The options: several if they are short.
    pub(super) options: Vec<(String, Option<OsString>)>,
    /// It is a positional argument.
    pub(super) is_word: bool,
    /// It is `--`.
    pub(super) is_escape: bool,
    /// The place of the next part.
    pub(super) end: usize,
}

impl Part {
    /// Reads the next part. Some options have values only in one command.
    pub(super) fn read(words: &[OsString], at: usize, with_value: &str) -> Option<Part> {
        let next = words.get(at + 1).map(OsString::as_os_str);
        let raw = RawArgs::new(words.get(at));
        let argument = raw.next(&mut raw.cursor())?;
        let mut part = Part { end: at + 1, ..Part::default() };
        if argument.is_escape() {
            part.is_escape = true;
        } else if let Some((name, value)) = argument.to_long() {
            let name = name.unwrap_or_default();
            let has_value =
                if is_one_of(with_value, name) { HasValue::Yes } else { has_value(name) };
            part.add(name, has_value, value, next);
        } else if let Some(mut letters) = argument.to_short() {
            while let Some(Ok(letter)) = letters.next_flag() {
                let known = SHORT.iter().find(|(short, _)| *short == letter);
                let name = known.map_or_else(|| letter.to_string(), |(_, name)| (*name).to_owned());
                let has_value = has_value(&name);
                let may_have = has_value != HasValue::No;
                let value = if may_have { letters.next_value_os() } else { None };
                part.add(&name, has_value, value, next);
            }
        } else {
            part.is_word = true;
        }
        Some(part)
    }

    /// An option, with the value that is in the same word, or with the next word if that is its value.
    fn add(
        &mut self,
        name: &str,
        has_value: HasValue,
        value: Option<&OsStr>,
        next: Option<&OsStr>,
    ) {
        let is_option = next.is_some_and(|next| next.as_encoded_bytes().starts_with(b"-"));
        let takes_next = match has_value {
            _ if value.is_some() => false,
            HasValue::Yes => next.is_some(),
            HasValue::Perhaps => next.is_some() && !is_option,
            HasValue::No => false,
        };
        self.end += usize::from(takes_next);
        let value = if takes_next { next } else { value };
        self.options.push((name.to_owned(), value.map(OsStr::to_owned)));
    }
}
