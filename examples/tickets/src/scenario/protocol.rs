//! What the layers around the service do: compression, and permission for a web page.

use axum::http::{Method, StatusCode};

use crate::client::Client;
use crate::failure::{Outcome, same};
use crate::server::ALLOWED_ORIGIN;

/// How everything compressed by gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub async fn run(client: &Client) -> Outcome {
    compression(client).await?;
    permission(client).await
}

async fn compression(client: &Client) -> Outcome {
    // The usual client asks for compression, and undoes it; this one leaves answers as they are.
    let plain = client.get("/tickets").await?.expect(StatusCode::OK)?.body;
    let literal = reqwest::Client::builder().no_proxy().no_gzip().build()?;
    let request =
        literal.get(format!("{}/tickets", client.url())).header("accept-encoding", "gzip");
    let answer = request.send().await?.error_for_status()?;
    same(
        "the encoding",
        answer.headers().get("content-encoding").is_some_and(|encoding| encoding == "gzip"),
        true,
    )?;
    let compressed = answer.bytes().await?;
    same("the first bytes", compressed.get(..2), Some(&GZIP[..]))?;
    same("that compression helps", compressed.len() < plain.len(), true)
}

async fn permission(client: &Client) -> Outcome {
    let ask = |origin: &str| {
        let request = client
            .request(Method::OPTIONS, "/tickets")
            .header("access-control-request-method", "POST");
        client.send(request.header("origin", origin))
    };
    let allowed = ask(ALLOWED_ORIGIN).await?.expect(StatusCode::OK)?;
    same("the allowed origin", allowed.header("access-control-allow-origin"), ALLOWED_ORIGIN)?;
    same(
        "the allowed methods",
        allowed.header("access-control-allow-methods"),
        "GET,POST,PATCH,DELETE",
    )?;
    let refused = ask("http://elsewhere.example").await?;
    same(
        "another origin is not allowed",
        refused.header("access-control-allow-origin") == "http://elsewhere.example",
        false,
    )
}
