//! Many clients at once, each with a ticket of its own and all with one in common.

use axum::http::{Method, StatusCode};
use tokio::task::JoinSet;

use super::new_ticket;
use crate::client::Client;
use crate::failure::{Outcome, same};
use crate::model::{Comment, Patch, State, Ticket};

/// Clients that work at the same time.
const CLIENTS: usize = 24;
/// The ticket that all of them change.
const COMMON: &str = "CROWD-ALL";

pub async fn run(client: &Client) -> Outcome {
    client.create(&new_ticket(COMMON)).await?;
    let mut clients = JoinSet::new();
    for n in 0..CLIENTS {
        let client = client.clone();
        clients.spawn(async move {
            own_ticket(&client, n).await?;
            common_ticket(&client).await
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    let common = client.fetch(COMMON).await?;
    same("how often the common ticket was changed", common.revision, 1 + CLIENTS as i64)?;
    let comments = client.comments("CROWD-3").await?;
    same("the comments of one client", comments.len(), 2)
}

async fn own_ticket(client: &Client, n: usize) -> Outcome {
    let key = format!("CROWD-{n}");
    client.create(&new_ticket(&key)).await?;
    let comment = |text: &str| Comment { author: format!("client {n}"), text: text.into() };
    // Both at once: which one is first is not known, so they are not looked at further.
    let (one, two) = (comment("done soon"), comment("done soon"));
    let (one, two) = tokio::try_join!(client.comment(&key, &one), client.comment(&key, &two))?;
    one.expect(StatusCode::CREATED)?;
    two.expect(StatusCode::CREATED)?;
    let patch = Patch {
        revision: 1,
        state: Some(State::Done),
        priority: Some((n % 10) as u8),
        ..Patch::default()
    };
    let changed: Ticket = client.change(&key, &patch).await?.expect(StatusCode::OK)?.json()?;
    same("a ticket of the crowd", &client.fetch(&key).await?, &changed)?;
    if n.is_multiple_of(4) {
        client.delete(&key).await?.expect(StatusCode::NO_CONTENT)?;
    }
    Ok(())
}

/// Tries to change the common ticket until nobody else was faster. All make the same change: who was last does not show.
async fn common_ticket(client: &Client) -> Outcome {
    let path = format!("/tickets/{COMMON}");
    loop {
        let request = client.request(Method::GET, &path);
        let seen: Ticket = client.send_unrecorded(request).await?.expect(StatusCode::OK)?.json()?;
        let patch =
            Patch { revision: seen.revision, state: Some(State::Active), ..Patch::default() };
        let request = client.request(Method::PATCH, &path).json(&patch);
        let answer = client.send_unrecorded(request).await?;
        if answer.status != StatusCode::CONFLICT {
            answer.expect(StatusCode::OK)?;
            return Ok(());
        }
    }
}
