//! Requests that must be refused, each with the right status and reason.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::new_ticket;
use crate::client::{Answer, Client};
use crate::failure::{Outcome, fail, same};
use crate::model::{Comment, Patch, Problem, State};
use crate::server::MAX_BODY;

pub async fn run(client: &Client) -> Outcome {
    let before = client.stats().await?;
    malformed(client).await?;
    invalid(client).await?;
    contradictory(client).await?;
    missing(client).await?;
    same("what is stored after requests that were refused", client.stats().await?, before)
}

async fn malformed(client: &Client) -> Outcome {
    let post = || client.request(Method::POST, "/tickets");
    let json = "application/json";
    let broken =
        client.send(post().header("content-type", json).body("{\"key\": \"X-1\", ")).await?;
    refused(broken, StatusCode::BAD_REQUEST, "EOF while parsing")?;
    let untyped = client.send(post().body("{}")).await?;
    refused(untyped, StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type")?;
    let large = json!({"key": "X-1", "title": "large", "body": "x".repeat(MAX_BODY)});
    client.post("/tickets", &large).await?.expect(StatusCode::PAYLOAD_TOO_LARGE)?;
    let wrong_state = client.get("/tickets?state=lost").await?;
    refused(wrong_state, StatusCode::BAD_REQUEST, "unknown variant")?;
    refused(client.get("/tickets?limit=0").await?, StatusCode::UNPROCESSABLE_ENTITY, "a page has")
}

async fn invalid(client: &Client) -> Outcome {
    let cases: [(Value, &str); 5] = [
        (json!({"key": "X-1"}), "missing field `title`"),
        (json!({"key": "X-1", "title": "a", "colour": "red"}), "unknown field `colour`"),
        (json!({"key": "no spaces", "title": "a"}), "a key has"),
        (json!({"key": "X-1", "title": " "}), "needs a title"),
        (json!({"key": "X-1", "title": "a", "priority": 10}), "at most 9"),
    ];
    for (body, why) in &cases {
        refused(client.post("/tickets", body).await?, StatusCode::UNPROCESSABLE_ENTITY, why)?;
    }
    let silent = Comment { author: "nobody".into(), text: String::new() };
    refused(
        client.comment("BASE-1", &silent).await?,
        StatusCode::UNPROCESSABLE_ENTITY,
        "an author and a text",
    )
}

async fn contradictory(client: &Client) -> Outcome {
    let twice = client.post("/tickets", &new_ticket("BASE-1")).await?;
    refused(twice, StatusCode::CONFLICT, "the key is taken")?;
    let late = Patch { revision: 1, state: Some(State::Done), ..Patch::default() };
    refused(client.change("BASE-1", &late).await?, StatusCode::CONFLICT, "in the meantime")
}

async fn missing(client: &Client) -> Outcome {
    let comment = Comment { author: "somebody".into(), text: "hello".into() };
    let answers = [
        client.get("/tickets/X-1").await?,
        client.get("/tickets/X-1/comments").await?,
        client.comment("X-1", &comment).await?,
        client.change("X-1", &Patch { revision: 1, ..Patch::default() }).await?,
        client.delete("X-1").await?,
    ];
    for answer in answers {
        refused(answer, StatusCode::NOT_FOUND, "no such thing")?;
    }
    refused(client.get("/nowhere").await?, StatusCode::NOT_FOUND, "nothing at /nowhere")?;
    let method = client.send(client.request(Method::PUT, "/tickets/BASE-1")).await?;
    method.expect(StatusCode::METHOD_NOT_ALLOWED)?;
    Ok(())
}

pub fn refused(answer: Answer, status: StatusCode, why: &str) -> Outcome {
    let Problem { error } = answer.expect(status)?.json()?;
    if error.contains(why) {
        Ok(())
    } else {
        fail(format!("expected a refusal because of {why:?}, found {error:?}"))
    }
}
