//! `load KIND PORT CONNECTIONS REQUESTS [CERTIFICATE]`: asks a server that is measured. It is always compiled by stock rustc.
//!
//! Each connection has one request under way at a time, so the load is bounded; if all of it takes more than a minute, it fails.
//! It prints a sum of all answers. `idle` opens connections with one request each, prints `ready`, and keeps them until its
//! standard input ends.

mod http;
mod rpc;
mod tls;

use std::env;
use std::io::stdin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time;

/// What everything may take.
const LIMIT: Duration = Duration::from_secs(60);

const USAGE: &str = "usage: load json|bodies|idle|http2|unary|streaming|tls PORT CONNECTIONS REQUESTS [CERTIFICATE]";

/// What is asked for.
#[derive(Clone, Debug)]
struct Load {
    port: u16,
    connections: u64,
    /// On each connection.
    requests: u64,
    certificate: Option<String>,
}

impl Load {
    fn address(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    /// Runs something for each connection, and adds up what it returns.
    async fn each<F: Future<Output = u64> + Send + 'static>(
        &self,
        run: impl Fn(Load, u64) -> F,
    ) -> u64 {
        let mut all = JoinSet::new();
        for connection in 0..self.connections {
            all.spawn(run(self.clone(), connection));
        }
        all.join_all().await.into_iter().fold(0, u64::wrapping_add)
    }
}

fn main() {
    meter::many_files();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [kind, port, connections, requests, certificate @ ..] = &*arguments else {
        panic!("{USAGE}")
    };
    let load = Load {
        port: port.parse().expect(USAGE),
        connections: connections.parse().expect(USAGE),
        requests: requests.parse().expect(USAGE),
        certificate: certificate.first().cloned(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let sum = runtime.expect("a runtime can be made").block_on(async {
        time::timeout(LIMIT, run(kind, &load))
            .await
            .expect("the server is fast enough for its load")
    });
    meter::result(kind, sum);
}

async fn run(kind: &str, load: &Load) -> u64 {
    match kind {
        "json" => load.each(http::json).await,
        "bodies" => load.each(http::bodies).await,
        "idle" => idle(load).await,
        "http2" => load.each(http::http2).await,
        "unary" => load.each(rpc::unary).await,
        "streaming" => load.each(rpc::streaming).await,
        "tls" => load.each(tls::echo).await,
        _ => panic!("{USAGE}"),
    }
}

async fn idle(load: &Load) -> u64 {
    let mut senders = Vec::new();
    let mut sum = 0_u64;
    for connection in 0..load.connections {
        let mut sender = http::connect(load).await;
        sum = sum.wrapping_add(http::ask_json(&mut sender, connection).await);
        senders.push(sender);
    }
    meter::say("ready");
    // Until somebody closes it.
    tokio::task::spawn_blocking(|| stdin().lines().count()).await.expect("reading does not panic");
    drop(senders);
    sum
}
