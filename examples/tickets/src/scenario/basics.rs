//! Makes, reads, changes, discusses, lists and deletes tickets.

use axum::http::StatusCode;

use super::new_ticket;
use crate::client::Client;
use crate::failure::{Outcome, same};
use crate::model::{Comment, Patch, State, Ticket};

pub async fn run(client: &Client) -> Outcome {
    one_ticket(client).await?;
    comments(client).await?;
    pages(client).await
}

async fn one_ticket(client: &Client) -> Outcome {
    let new = new_ticket("BASE-1");
    let created = client.create(&new).await?;
    let expected = Ticket {
        key: new.key,
        title: new.title,
        body: new.body,
        priority: 5,
        state: State::Open,
        revision: 1,
    };
    same("the new ticket", &created, &expected)?;
    same("the ticket that was stored", client.fetch("BASE-1").await?, created)?;

    let patch = Patch {
        revision: 1,
        state: Some(State::Active),
        title: Some("Grüße, 世界".into()),
        ..Patch::default()
    };
    let changed: Ticket = client.change("BASE-1", &patch).await?.expect(StatusCode::OK)?.json()?;
    let expected =
        Ticket { title: "Grüße, 世界".into(), state: State::Active, revision: 2, ..expected };
    same("the changed ticket", &changed, &expected)?;
    same("the change that was stored", client.fetch("BASE-1").await?, expected)
}

async fn comments(client: &Client) -> Outcome {
    let comment =
        |n: usize| Comment { author: format!("author {}", n % 2), text: format!("comment {n}") };
    for n in 0..5 {
        client.comment("BASE-1", &comment(n)).await?.expect(StatusCode::CREATED)?;
    }
    same("the comments", client.comments("BASE-1").await?, (0..5).map(comment).collect())
}

async fn pages(client: &Client) -> Outcome {
    let keys: Vec<String> = (10..33).map(|n| format!("PAGE-{n}")).collect();
    for key in &keys {
        client.create(&new_ticket(key)).await?;
    }
    let patch = Patch { revision: 1, state: Some(State::Done), ..Patch::default() };
    for key in keys.iter().step_by(3) {
        client.change(key, &patch).await?.expect(StatusCode::OK)?;
    }
    let listed: Vec<String> =
        client.list_all(7, None).await?.into_iter().map(|ticket| ticket.key).collect();
    same("the listed keys", &listed[1..], &keys[..])?;
    let done = client.list_all(3, Some("done")).await?.into_iter().map(|ticket| ticket.key);
    same(
        "the keys of what is done",
        done.collect::<Vec<_>>(),
        keys.iter().step_by(3).cloned().collect(),
    )?;
    for key in &keys[5..] {
        client.delete(key).await?.expect(StatusCode::NO_CONTENT)?;
        client.get(&format!("/tickets/{key}")).await?.expect(StatusCode::NOT_FOUND)?;
    }
    same("the tickets that are left", client.list_all(100, None).await?.len(), 6)
}
