//! A stream of bytes, read line by line: newline-delimited JSON, as imports and exports use it.

use std::collections::VecDeque;
use std::fmt::{self, Display};

use axum::body::Bytes;
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;

/// Why there is no next line.
#[derive(Debug)]
pub enum LinesError<E> {
    /// The stream broke off.
    Stream(E),
    /// A line is not what it should be.
    Line(usize, serde_json::Error),
}

impl<E: Display> Display for LinesError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinesError::Stream(error) => write!(f, "the stream broke off: {error}"),
            LinesError::Line(number, error) => write!(f, "line {number}: {error}"),
        }
    }
}

impl<E: fmt::Debug + Display> std::error::Error for LinesError<E> {}

/// Reads values from a stream, one per line. Empty lines do not count.
pub struct Lines<S> {
    stream: S,
    pending: VecDeque<u8>,
    ended: bool,
    number: usize,
}

impl<S, E> Lines<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    pub fn new(stream: S) -> Lines<S> {
        Lines { stream, pending: VecDeque::new(), ended: false, number: 0 }
    }

    /// The next value, or `None` at the end of the stream.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, LinesError<E>> {
        while let Some(line) = self.next_line().await.map_err(LinesError::Stream)? {
            self.number += 1;
            if !line.trim_ascii().is_empty() {
                let value = serde_json::from_slice(&line)
                    .map_err(|error| LinesError::Line(self.number, error))?;
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    async fn next_line(&mut self) -> Result<Option<Vec<u8>>, E> {
        let mut searched = 0;
        loop {
            if let Some(at) = self.pending.iter().skip(searched).position(|&byte| byte == b'\n') {
                return Ok(Some(self.pending.drain(..=searched + at).collect()));
            }
            searched = self.pending.len();
            match self.stream.next().await {
                Some(chunk) => self.pending.extend(chunk?),
                None if self.ended || self.pending.is_empty() => return Ok(None),
                None => {
                    self.ended = true;
                    return Ok(Some(self.pending.drain(..).collect()));
                }
            }
        }
    }
}
