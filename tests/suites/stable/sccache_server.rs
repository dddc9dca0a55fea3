//! An sccache server of a test's own, with an empty cache on disk, and what it counts.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::clean_environment;
use snug_tests::harness::Tools;
use snug_tests::workshop::Workshop;

/// Neither starting nor writing to disk takes nearly that long.
const LIMIT: Duration = Duration::from_secs(30);

/// The server; it ends with the value.
pub(crate) struct Server {
    sccache: PathBuf,
    cache: PathBuf,
    socket: PathBuf,
    process: Child,
}

/// What has become of the crates that can be cached, since the last time somebody asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Taken out of the cache.
    pub(crate) hits: u64,
    /// Compiled, and put into the cache.
    pub(crate) misses: u64,
}

impl Server {
    /// Starts it, with its files in a folder.
    pub(crate) fn start(tools: Tools, folder: &Workshop) -> Result<Server> {
        let sccache = tools.sccache.clone();
        if !sccache.exists() {
            let place = sccache.display();
            return Err(format!("`{place}` does not exist: run ./y.sh test, which makes it"));
        }
        let (cache, socket) = (folder.path("sccache"), folder.path("socket"));
        let mut command = client(&sccache);
        command.env("SCCACHE_DIR", &cache).env("SCCACHE_SERVER_UDS", &socket);
        command.env("SCCACHE_START_SERVER", "1").env("SCCACHE_NO_DAEMON", "1");
        // Should the test be killed, it does not stay for ever.
        command.env("SCCACHE_IDLE_TIMEOUT", "300");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().map_err(|error| format!("{}: {error}", sccache.display()))?;
        let server = Server { sccache, cache, socket, process };
        let start = Instant::now();
        // A client would start a server of its own where none listens yet.
        while UnixStream::connect(&server.socket).is_err() {
            pause(start, "sccache's server does not start")?;
        }
        Ok(server)
    }

    /// What makes cargo use it.
    pub(crate) fn variables(&self) -> [(&'static str, PathBuf); 5] {
        [
            ("RUSTC_WRAPPER", self.sccache.clone()),
            ("SCCACHE_DIR", self.cache.clone()),
            ("SCCACHE_SERVER_UDS", self.socket.clone()),
            ("SCCACHE_CONF", no_configuration()),
            // What is compiled incrementally is not cached.
            ("CARGO_INCREMENTAL", "0".into()),
        ]
    }

    /// What it has counted, and starts counting anew.
    pub(crate) fn counts(&self) -> Result<Counts> {
        let start = Instant::now();
        let stats = loop {
            let stats = self.stats()?;
            // A result is used before it is in the cache.
            if count(&stats, "cache_writes")? == of_rust(&stats, "cache_misses")? {
                break stats;
            }
            pause(start, "what was compiled does not get into the cache")
                .map_err(|error| format!("{error}: {stats}"))?;
        };
        for errors in ["cache_errors", "cache_timeouts", "cache_write_errors", "compile_fails"] {
            let is_none = match &stats[errors] {
                Value::Number(number) => number.as_u64() == Some(0),
                by_language => of_rust_in(by_language) == 0,
            };
            if !is_none {
                return Err(format!("{errors}: {stats}"));
            }
        }
        self.ask(&["--zero-stats"])?;
        Ok(Counts {
            hits: of_rust(&stats, "cache_hits")?,
            misses: of_rust(&stats, "cache_misses")?,
        })
    }

    fn stats(&self) -> Result<Value> {
        let printed = self.ask(&["--show-stats", "--stats-format=json"])?;
        let all: Value = serde_json::from_str(&printed).map_err(|e| format!("{e}: {printed}"))?;
        Ok(all["stats"].clone())
    }

    fn ask(&self, arguments: &[&str]) -> Result<String> {
        let mut command = client(&self.sccache);
        command.env("SCCACHE_SERVER_UDS", &self.socket).args(arguments);
        Ok(command::run(&mut command)?.expect_success("sccache")?.stdout)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to lose: its folder goes as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// sccache without anything that the user has set for their own.
fn client(sccache: &PathBuf) -> Command {
    let mut command = Command::new(sccache);
    clean_environment(&mut command);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SCCACHE_") {
            command.env_remove(name);
        }
    }
    command.env("SCCACHE_CONF", no_configuration());
    command
}

/// A file that is not there.
fn no_configuration() -> PathBuf {
    "/nonexistent/sccache".into()
}

fn count(stats: &Value, name: &str) -> Result<u64> {
    stats[name].as_u64().ok_or_else(|| format!("no `{name}` in {stats}"))
}

/// A count by language.
fn of_rust(stats: &Value, name: &str) -> Result<u64> {
    match &stats[name] {
        counts if counts.is_object() => Ok(of_rust_in(counts)),
        _ => Err(format!("no `{name}` in {stats}")),
    }
}

/// A language that does not occur is left out.
fn of_rust_in(counts: &Value) -> u64 {
    counts["counts"]["Rust"].as_u64().unwrap_or(0)
}

fn pause(start: Instant, what: &str) -> Result<()> {
    if start.elapsed() > LIMIT {
        return Err(what.to_owned());
    }
    thread::sleep(Duration::from_millis(20));
    Ok(())
}
