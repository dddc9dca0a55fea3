//! The long poll: a client waits until something has changed.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use tokio::sync::watch;

use super::App;
use crate::model::Changes;

/// Counts changes, and tells those who wait for one.
pub struct Feed {
    count: watch::Sender<u64>,
    waiting: AtomicUsize,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed { count: watch::Sender::new(0), waiting: AtomicUsize::new(0) }
    }
}

impl Feed {
    pub fn changed(&self) {
        self.count.send_modify(|count| *count += 1);
    }

    /// How many requests wait for a change.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Waits until there were more than `after` changes. May be dropped while it waits.
    async fn wait(&self, after: u64) -> u64 {
        let _waiting = Waiting::new(&self.waiting);
        let mut count = self.count.subscribe();
        let seen = count.wait_for(|count| *count > after).await;
        *seen.expect("the sender is in the same struct")
    }
}

/// Counts as waiting for as long as it exists.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(waiting: &'a AtomicUsize) -> Waiting<'a> {
        waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: u64,
}

/// `GET /changes?after=N`. The layer around it limits how long it waits.
pub async fn wait(State(app): State<App>, Query(After { after }): Query<After>) -> Json<Changes> {
    Json(Changes { count: app.feed.wait(after).await })
}
