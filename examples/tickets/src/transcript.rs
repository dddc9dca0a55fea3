//! Remembers how many answers there were, and a checksum of them.
//!
//! The checksum is a sum, so it does not depend on the order in which answers to concurrent requests arrive.

use std::sync::atomic::{AtomicU64, Ordering};

/// See the module's documentation.
#[derive(Debug, Default)]
pub struct Transcript {
    answers: AtomicU64,
    checksum: AtomicU64,
}

impl Transcript {
    /// Adds an answer, as the parts that must be the same in every run.
    pub fn add(&self, parts: &[&[u8]]) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        self.checksum.fetch_add(hash(parts), Ordering::Relaxed);
    }

    pub fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }

    pub fn checksum(&self) -> u64 {
        self.checksum.load(Ordering::Relaxed)
    }
}

/// FNV-1a over the parts and their lengths.
fn hash(parts: &[&[u8]]) -> u64 {
    let lengths_and_parts = parts.iter().flat_map(|part| {
        let length = (part.len() as u64).to_le_bytes();
        length.into_iter().chain(part.iter().copied())
    });
    lengths_and_parts.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
