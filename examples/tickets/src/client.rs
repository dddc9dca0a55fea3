//! A client of the service.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode};
use reqwest::{Body, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::{Outcome, fail, same};
use crate::model::{Comment, NewTicket, Page, Patch, Stats, Ticket};
use crate::transcript::Transcript;

/// How long the client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Talks to one server. Clones share their connections and their transcript.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    transcript: Arc<Transcript>,
}

/// An answer, with all of its body.
pub struct Answer {
    request: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// Fails unless the status is this one.
    pub fn expect(self, status: StatusCode) -> Outcome<Answer> {
        if self.status == status {
            return Ok(self);
        }
        let body = String::from_utf8_lossy(&self.body);
        fail(format!("{}: expected {status}, found {}: {body}", self.request, self.status))
    }

    pub fn json<T: DeserializeOwned>(&self) -> Outcome<T> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok(value),
            Err(error) => fail(format!(
                "{}: {error} in {}",
                self.request,
                String::from_utf8_lossy(&self.body)
            )),
        }
    }

    /// The value of a header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

impl Client {
    pub fn new(url: String, transcript: Arc<Transcript>) -> Outcome<Client> {
        // A proxy that is set up for the machine has nothing to do with servers on the loopback interface.
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Client { http, url, transcript })
    }

    /// The server's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A request that can be refined and then given to [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// Sends a request and adds the answer to the transcript.
    pub async fn send(&self, request: RequestBuilder) -> Outcome<Answer> {
        let answer = self.send_unrecorded(request).await?;
        let status = answer.status.as_u16().to_le_bytes();
        self.transcript.add(&[answer.request.as_bytes(), &status, &answer.body]);
        Ok(answer)
    }

    /// Sends a request whose answer may differ from run to run.
    pub async fn send_unrecorded(&self, request: RequestBuilder) -> Outcome<Answer> {
        let request = request.build()?;
        let query = request.url().query().map(|query| format!("?{query}")).unwrap_or_default();
        let name = format!("{} {}{query}", request.method(), request.url().path());
        let response = self.http.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { request: name, status, headers, body: response.bytes().await? })
    }

    pub async fn get(&self, path: &str) -> Outcome<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Outcome<Answer> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn create(&self, new: &NewTicket) -> Outcome<Ticket> {
        let answer = self.post("/tickets", new).await?.expect(StatusCode::CREATED)?;
        same(
            "the address of a new ticket",
            answer.header("location"),
            &format!("/tickets/{}", new.key),
        )?;
        answer.json()
    }

    pub async fn fetch(&self, key: &str) -> Outcome<Ticket> {
        self.get(&format!("/tickets/{key}")).await?.expect(StatusCode::OK)?.json()
    }

    pub async fn change(&self, key: &str, patch: &Patch) -> Outcome<Answer> {
        self.send(self.request(Method::PATCH, &format!("/tickets/{key}")).json(patch)).await
    }

    pub async fn delete(&self, key: &str) -> Outcome<Answer> {
        self.send(self.request(Method::DELETE, &format!("/tickets/{key}"))).await
    }

    pub async fn comment(&self, key: &str, comment: &Comment) -> Outcome<Answer> {
        self.post(&format!("/tickets/{key}/comments"), comment).await
    }

    pub async fn comments(&self, key: &str) -> Outcome<Vec<Comment>> {
        self.get(&format!("/tickets/{key}/comments")).await?.expect(StatusCode::OK)?.json()
    }

    /// All tickets, page by page.
    pub async fn list_all(&self, limit: u32, state: Option<&str>) -> Outcome<Vec<Ticket>> {
        let mut tickets = Vec::new();
        let mut after = String::new();
        loop {
            let state = state.map(|state| format!("&state={state}")).unwrap_or_default();
            let path = format!("/tickets?limit={limit}&after={after}{state}");
            let page: Page = self.get(&path).await?.expect(StatusCode::OK)?.json()?;
            tickets.extend(page.tickets);
            match page.next {
                Some(next) => after = next,
                None => return Ok(tickets),
            }
        }
    }

    pub async fn import(&self, body: impl Into<Body>) -> Outcome<Answer> {
        self.send(self.request(Method::POST, "/import").body(body)).await
    }

    /// Not in the transcript: the number of waiting clients depends on the moment.
    pub async fn stats(&self) -> Outcome<Stats> {
        self.send_unrecorded(self.request(Method::GET, "/stats"))
            .await?
            .expect(StatusCode::OK)?
            .json()
    }
}
