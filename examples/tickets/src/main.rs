//! A ticket service that tests itself.
//!
//! It is what `./y.sh demo` compiles twice, with stock's and with Snug's layouts of futures: a realistic service (axum,
//! tower-http, sqlx with an embedded SQLite, reqwest, tokio), whose futures are the ones that such programs have. It
//! starts two servers on the loopback interface, sends them a fixed script of requests, checks every answer, shuts
//! down and prints one line. That line depends on nothing but the answers: two builds of the program must print
//! the same one.
//!
//! * [`server`]: the service; [`model`]: what it speaks about.
//! * [`client`]: a client of it, which remembers what it was told in a [`transcript`].
//! * [`scenario`]: the script.

mod client;
mod failure;
mod lines;
mod model;
mod scenario;
mod server;
mod transcript;

use std::process::ExitCode;
use std::time::Duration;

use failure::Outcome;

/// The whole script takes a second or two. A run that hangs is a failure as well.
const DEADLINE: Duration = Duration::from_secs(120);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("tickets: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome<String> {
    match tokio::time::timeout(DEADLINE, scenario::run()).await {
        Ok(result) => result,
        Err(_) => failure::fail(format!("the script did not end within {} s", DEADLINE.as_secs())),
    }
}
