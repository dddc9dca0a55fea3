//! Takes a JSON body that has been checked.

use axum::Json;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::model::{Comment, NewTicket, Patch, Source};
use crate::server::error::ApiError;

/// The highest priority.
const MAX_PRIORITY: u8 = 9;

/// Something that can be wrong although it is well-formed.
pub trait Check {
    /// Says what is wrong.
    fn check(&self) -> Result<(), &'static str>;
}

/// A checked JSON body.
pub struct Valid<T>(pub T);

impl<S, T> FromRequest<S> for Valid<T>
where
    S: Send + Sync,
    T: Check + DeserializeOwned,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Valid<T>, ApiError> {
        let body = Json::<T>::from_request(request, state).await;
        let Json(value) = body.map_err(|why| ApiError::Invalid(why.status(), why.body_text()))?;
        value.check().map_err(ApiError::unprocessable)?;
        Ok(Valid(value))
    }
}

impl Check for NewTicket {
    fn check(&self) -> Result<(), &'static str> {
        key(&self.key)?;
        title(&self.title)?;
        priority(self.priority)
    }
}

impl Check for Patch {
    fn check(&self) -> Result<(), &'static str> {
        self.title.as_deref().map_or(Ok(()), title)?;
        self.priority.map_or(Ok(()), priority)
    }
}

impl Check for Comment {
    fn check(&self) -> Result<(), &'static str> {
        if self.author.is_empty() || self.text.is_empty() {
            Err("a comment needs an author and a text")
        } else {
            Ok(())
        }
    }
}

impl Check for Source {
    fn check(&self) -> Result<(), &'static str> {
        if self.url.starts_with("http://127.0.0.1:") {
            Ok(())
        } else {
            Err("only servers on this machine are trusted")
        }
    }
}

fn key(key: &str) -> Result<(), &'static str> {
    let fits = (1..=32).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(()) } else { Err("a key has 1 to 32 letters, digits and dashes") }
}

fn title(title: &str) -> Result<(), &'static str> {
    if title.trim().is_empty() { Err("a ticket needs a title") } else { Ok(()) }
}

fn priority(priority: u8) -> Result<(), &'static str> {
    if priority <= MAX_PRIORITY { Ok(()) } else { Err("a priority is at most 9") }
}
