//! The script: what is asked of the service, and what it has to answer.

mod basics;
mod crowd;
mod protocol;
mod refusals;
mod transfer;
mod waiting;

use std::sync::Arc;

use axum::http::StatusCode;

use crate::client::Client;
use crate::failure::Outcome;
use crate::model::NewTicket;
use crate::server::Server;
use crate::transcript::Transcript;

/// Runs the script against two new servers; says what came out.
pub async fn run() -> Outcome<String> {
    let transcript = Arc::new(Transcript::default());
    let (first, second) = tokio::try_join!(Server::start(), Server::start())?;
    let client = Client::new(first.url(), transcript.clone())?;
    let other = Client::new(second.url(), transcript.clone())?;

    basics::run(&client).await?;
    refusals::run(&client).await?;
    protocol::run(&client).await?;
    crowd::run(&client).await?;
    transfer::run(&client, &other).await?;
    waiting::run(&client).await?;
    let stored = client.get("/export").await?.expect(StatusCode::OK)?.body.len();
    waiting::run_during_shutdown(&other, second).await?;
    first.shut_down().await?;

    let (answers, checksum) = (transcript.answers(), transcript.checksum());
    Ok(format!(
        "{answers} answers as expected, {stored} bytes of tickets, checksum {checksum:016x}"
    ))
}

fn new_ticket(key: &str) -> NewTicket {
    NewTicket {
        key: key.into(),
        title: format!("Ticket {key}"),
        body: format!("All about {key}. ").repeat(3),
        priority: 5,
    }
}
