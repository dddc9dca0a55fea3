//! Exports, imports in odd pieces, imports that fail half-way, and a copy to the other server.

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use futures_util::stream;
use reqwest::Body;
use tokio::net::TcpListener;

use super::new_ticket;
use super::refusals::refused;
use crate::client::Client;
use crate::failure::{Outcome, fail, same};
use crate::lines::Lines;
use crate::model::{Comment, Imported, Patch, Record, Source, State, Ticket};

/// Tickets that are imported.
const TICKETS: usize = 60;
/// Bytes in a piece of an import's body: lines begin and end anywhere.
const PIECE: usize = 113;

pub async fn run(client: &Client, other: &Client) -> Outcome {
    import_in_pieces(client).await?;
    import_that_breaks_off(client).await?;
    import_of_rubbish(client).await?;
    copy(client, other).await
}

async fn import_in_pieces(client: &Client) -> Outcome {
    let text = lines((0..TICKETS).map(record))?;
    let pieces: Vec<_> = text.as_bytes().chunks(PIECE).map(Bytes::copy_from_slice).collect();
    let body = Body::wrap_stream(stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)));
    let imported: Imported = client.import(body).await?.expect(StatusCode::OK)?.json()?;
    let comments = (0..TICKETS).map(|n| record(n).comments.len() as u64).sum();
    same("what was imported", imported, Imported { tickets: TICKETS as u64, comments })?;
    same("an imported ticket", client.fetch("BULK-007").await?, record(7).ticket)?;
    same("an imported ticket's comments", client.comments("BULK-007").await?, record(7).comments)
}

async fn import_that_breaks_off(client: &Client) -> Outcome {
    let first = lines((TICKETS..TICKETS + 20).map(record))?;
    let pieces =
        [Ok(Bytes::from(first)), Err(std::io::Error::other("the client changed its mind"))];
    let request =
        client.request(Method::POST, "/import").body(Body::wrap_stream(stream::iter(pieces)));
    // Whether the server still gets to say something depends on the moment.
    if client.send_unrecorded(request).await.is_ok_and(|answer| answer.status.is_success()) {
        return fail("half an import was accepted");
    }
    client.get(&format!("/tickets/BULK-{TICKETS:03}")).await?.expect(StatusCode::NOT_FOUND)?;
    // It can only be stored if nothing of the import was.
    client.import(lines([record(TICKETS)])?).await?.expect(StatusCode::OK)?;
    Ok(())
}

async fn import_of_rubbish(client: &Client) -> Outcome {
    let before = client.stats().await?;
    let good = lines([record(TICKETS + 1)])?;
    let rubbish = client.import(format!("{good}\n\nrubbish\n")).await?;
    refused(rubbish, StatusCode::UNPROCESSABLE_ENTITY, "line 4: expected value")?;
    let taken = client.import(good + &lines([record(0)])?).await?;
    refused(taken, StatusCode::CONFLICT, "the key is taken")?;
    let empty: Imported = client.import("").await?.expect(StatusCode::OK)?.json()?;
    same("an import of nothing", empty, Imported::default())?;
    same("what is stored after imports that failed", client.stats().await?, before)
}

async fn copy(client: &Client, other: &Client) -> Outcome {
    let stats = client.stats().await?;
    let source = Source { url: client.url().into() };
    let copied: Imported = other.post("/sync", &source).await?.expect(StatusCode::OK)?.json()?;
    let expected = Imported { tickets: stats.tickets as u64, comments: stats.comments as u64 };
    same("what was copied", copied, expected)?;
    same("the copy", records(other).await?, records(client).await?)?;

    let patch = Patch {
        revision: record(5).ticket.revision,
        state: Some(State::Active),
        ..Patch::default()
    };
    other.change("BULK-005", &patch).await?.expect(StatusCode::OK)?;
    same("that the original is not changed", client.fetch("BULK-005").await?, record(5).ticket)?;
    refused(other.post("/sync", &source).await?, StatusCode::CONFLICT, "the key is taken")?;
    refused(
        other.post("/sync", &nobody().await?).await?,
        StatusCode::BAD_GATEWAY,
        "error sending request",
    )?;
    let untrusted = Source { url: "http://tickets.example".into() };
    refused(
        other.post("/sync", &untrusted).await?,
        StatusCode::UNPROCESSABLE_ENTITY,
        "on this machine",
    )
}

/// The export, read as it arrives.
async fn records(client: &Client) -> Outcome<Vec<Record>> {
    let answer = client.request(Method::GET, "/export").send().await?;
    let mut lines = Lines::new(answer.bytes_stream());
    let mut records = Vec::new();
    while let Some(record) = lines.next().await? {
        records.push(record);
    }
    Ok(records)
}

/// An address at which nobody listens.
async fn nobody() -> Outcome<Source> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(Source { url: format!("http://{}", listener.local_addr()?) })
}

fn lines(records: impl IntoIterator<Item = Record>) -> Outcome<String> {
    let mut text = String::new();
    for record in records {
        text += &serde_json::to_string(&record)?;
        text.push('\n');
    }
    Ok(text)
}

fn record(n: usize) -> Record {
    let new = new_ticket(&format!("BULK-{n:03}"));
    let state = [State::Open, State::Active, State::Done][n % 3];
    let ticket = Ticket {
        key: new.key,
        title: new.title,
        body: new.body,
        priority: 3,
        state,
        revision: 1 + n as i64,
    };
    let comments =
        (0..n % 4).map(|m| Comment { author: format!("author {m}"), text: format!("{n}, {m}") });
    Record { ticket, comments: comments.collect() }
}
