//! What went wrong before a compiler or cargo could start, for a user to read.

use std::fmt;

/// A sentence about what is wrong and, where there is one, a line about what helps.
///
/// Whoever shows it puts `error: ` in front of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    help: Option<String>,
}

/// A result that a user may have to read about.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// One for which there is no help but its sentence.
    pub fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), help: None }
    }

    /// The sentence, and what helps.
    pub fn parts(&self) -> (&str, Option<&str>) {
        (&self.message, self.help.as_deref())
    }

    /// The same with a line that says what helps.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Error {
        Error { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\nhelp: {help}"))
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_a_line_of_its_own() {
        assert_eq!(Error::new("it is gone").to_string(), "it is gone");
        assert_eq!(Error::new("it is gone").help("look").to_string(), "it is gone\nhelp: look");
    }
}
