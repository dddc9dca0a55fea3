//! The one error of the script: a sentence that says what was not as expected.

use std::error::Error;
use std::fmt::{self, Display};

/// What a step of the script returns.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Something was not as expected.
#[derive(Debug)]
pub struct Failure(String);

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Failure(text)
    }
}

/// Fails with a sentence.
pub fn fail<T>(sentence: impl Into<String>) -> Outcome<T> {
    Err(Failure(sentence.into()))
}

/// Fails unless both are the same.
pub fn same<T: PartialEq + fmt::Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        fail(format!("{what}: expected {expected:?}, found {found:?}"))
    }
}
