//! Long polls: one that sees a change, one whose client gives up, and one that is still waiting during a shutdown.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};

use super::new_ticket;
use crate::client::Client;
use crate::failure::{Outcome, fail, same};
use crate::model::Changes;
use crate::server::Server;

/// When a client gives up that is not patient.
const IMPATIENCE: Duration = Duration::from_millis(30);
/// How long it may take until the server has noticed something.
const NOTICE: Duration = Duration::from_secs(30);

pub async fn run(client: &Client) -> Outcome {
    let before = changes(client).await?;
    client_gives_up(client, before).await?;
    change_is_seen(client, before).await
}

async fn changes(client: &Client) -> Outcome<u64> {
    let Changes { count } = client.get("/changes?after=0").await?.expect(StatusCode::OK)?.json()?;
    Ok(count)
}

async fn client_gives_up(client: &Client, after: u64) -> Outcome {
    let request =
        client.request(Method::GET, &format!("/changes?after={after}")).timeout(IMPATIENCE);
    match request.send().await {
        Err(error) if error.is_timeout() => wait_until_waiting(client, 0).await,
        Err(error) => Err(error.into()),
        Ok(answer) => fail(format!(
            "expected no answer before the client gives up, found {}",
            answer.status()
        )),
    }
}

async fn change_is_seen(client: &Client, after: u64) -> Outcome {
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.get(&format!("/changes?after={after}")).await }
    });
    wait_until_waiting(client, 1).await?;
    client.create(&new_ticket("WAIT-1")).await?;
    let seen: Changes = waiting.await??.expect(StatusCode::OK)?.json()?;
    same("the number of changes", seen.count, after + 1)?;
    wait_until_waiting(client, 0).await
}

/// Shuts a server down while a client waits for a change that does not come: the client must get its answer.
pub async fn run_during_shutdown(client: &Client, server: Server) -> Outcome {
    let after = changes(client).await?;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.get(&format!("/changes?after={after}")).await }
    });
    wait_until_waiting(client, 1).await?;
    server.shut_down().await?;
    waiting.await??.expect(StatusCode::REQUEST_TIMEOUT)?;
    match client.get("/stats").await {
        Ok(_) => fail("a server answers that was shut down"),
        Err(_) => Ok(()),
    }
}

async fn wait_until_waiting(client: &Client, expected: usize) -> Outcome {
    let start = Instant::now();
    while client.stats().await?.waiting != expected {
        if start.elapsed() > NOTICE {
            return fail(format!("the server did not notice that {expected} clients wait"));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}
