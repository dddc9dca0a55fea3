//! What is measured. The programs are in `bench/runtime`.

use super::process::Work;

/// A row of the tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) work: Work,
}

const fn tasks(name: &'static str, arguments: &'static [&'static str]) -> Row {
    Row { name, work: Work::Alone { program: "tasks", arguments } }
}

/// `requests` are for all connections together, about a second's worth.
const fn served(
    name: &'static str,
    server: &'static str,
    load: &'static str,
    connections: u32,
    requests: u32,
) -> Row {
    Row { name, work: Work::Served { server, load, connections, requests } }
}

/// Rows whose memory is asked about.
pub(super) const SPAWN: [&str; 2] = ["current-spawn", "multi-spawn"];
/// The row whose bytes per connection are asked about.
pub(super) const IDLE: &str = "axum-idle";

/// All of them.
pub(super) const ALL: [Row; 21] = [
    tasks(SPAWN[0], &["current", "spawn"]),
    tasks("current-yield", &["current", "yield"]),
    tasks("current-channels", &["current", "channels"]),
    tasks("current-timeouts", &["current", "timeouts"]),
    tasks("current-select", &["current", "select"]),
    tasks("current-chain", &["current", "chain"]),
    tasks(SPAWN[1], &["multi", "spawn"]),
    tasks("multi-yield", &["multi", "yield"]),
    tasks("multi-channels", &["multi", "channels"]),
    tasks("multi-timeouts", &["multi", "timeouts"]),
    tasks("multi-select", &["multi", "select"]),
    tasks("multi-chain", &["multi", "chain"]),
    tasks("unordered", &["current", "unordered"]),
    served("axum-json", "http", "json", 32, 32_000),
    served("axum-64k", "http", "bodies", 8, 4_000),
    Row { name: IDLE, work: Work::Idle { connections: 2_000 } },
    served("hyper-http2", "http2", "http2", 4, 32_000),
    served("tonic-unary", "rpc", "unary", 8, 16_000),
    served("tonic-streaming", "rpc", "streaming", 8, 800),
    Row { name: "sqlx-sqlite", work: Work::Alone { program: "database", arguments: &[] } },
    served("rustls-echo", "tls", "tls", 16, 32_000),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = ALL.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ALL.len());
        assert!(SPAWN.iter().chain([&IDLE]).all(|name| names.contains(name)));
    }
}
