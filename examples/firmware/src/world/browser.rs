//! A browser: it asks, counts what comes, and asks for more once nothing comes any more.

use crate::wire::Wire;

/// After so many milliseconds, an answer is taken to be complete.
const QUIET: u32 = 10;

pub(super) struct Browser {
    requests: &'static [&'static str],
    asked: usize,
    quiet: u32,
    pub(super) received: usize,
    pub(super) hash: u32,
}

impl Browser {
    pub(super) const fn new(requests: &'static [&'static str]) -> Self {
        Browser { requests, asked: 0, quiet: QUIET, received: 0, hash: 0 }
    }

    pub(super) fn step(&mut self, wire: &Wire<256>) {
        let mut bytes = [0; 32];
        self.quiet += 1;
        while let Ok(count) = wire.out.try_read(&mut bytes) {
            self.quiet = 0;
            self.received += count;
            for byte in &bytes[..count] {
                self.hash = self.hash.rotate_left(5) ^ u32::from(*byte);
            }
        }
        if self.quiet > QUIET
            && let Some(request) = self.requests.get(self.asked)
        {
            for part in [request, " HTTP/1.1\r\nhost: node\r\n\r\n"] {
                let _ = wire.back.try_write(part.as_bytes());
            }
            self.asked += 1;
            self.quiet = 0;
        }
    }
}
