//! An axum server and a reqwest client: answers, bodies in pieces, clients that go away, time limits, shutdown.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[derive(Clone, Default)]
struct App {
    notes: Arc<Mutex<Vec<Note>>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    entered: AtomicUsize,
    left: AtomicUsize,
    gone: Notify,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    title: String,
    lines: Vec<String>,
}

#[derive(Deserialize)]
struct Page {
    from: usize,
    count: Option<usize>,
}

/// Counts how often it is dropped, wherever the future was that had it.
struct Guard(Arc<Counts>);

impl Guard {
    fn new(counts: &Arc<Counts>) -> Guard {
        counts.entered.fetch_add(1, Ordering::SeqCst);
        Guard(Arc::clone(counts))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.left.fetch_add(1, Ordering::SeqCst);
        self.0.gone.notify_one();
    }
}

async fn add(State(app): State<App>, Json(note): Json<Note>) -> Result<Json<usize>, StatusCode> {
    if note.title.is_empty() {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut notes = app.notes.lock().await;
    tokio::task::yield_now().await;
    notes.push(note);
    Ok(Json(notes.len() - 1))
}

async fn one(State(app): State<App>, Path(number): Path<usize>) -> Response {
    match app.notes.lock().await.get(number).cloned() {
        Some(note) => Json(note).into_response(),
        None => (StatusCode::NOT_FOUND, format!("no note {number}")).into_response(),
    }
}

async fn page(State(app): State<App>, Query(page): Query<Page>) -> Json<Vec<String>> {
    let notes = app.notes.lock().await;
    let titles = notes.iter().skip(page.from).take(page.count.unwrap_or(usize::MAX));
    Json(titles.map(|note| note.title.clone()).collect())
}

/// Sends what it gets, each byte plus one, piece by piece.
async fn echo(body: Body) -> Body {
    Body::from_stream(body.into_data_stream().map(|piece| {
        piece.map(|bytes| bytes.iter().map(|byte| byte.wrapping_add(1)).collect::<Bytes>())
    }))
}

/// Never answers; the guard is dropped when the client goes away.
async fn never(State(app): State<App>, headers: HeaderMap) -> String {
    let guard = Guard::new(&app.counts);
    let big = [headers.len() as u8; 2048];
    std::future::pending::<()>().await;
    drop(guard);
    format!("{}", big[0])
}

async fn slow(State(app): State<App>) -> &'static str {
    let _guard = Guard::new(&app.counts);
    tokio::time::sleep(Duration::from_millis(300)).await;
    "slow"
}

async fn endless(State(app): State<App>) -> Body {
    let guard = Guard::new(&app.counts);
    Body::from_stream(stream::unfold((guard, 0_u64), |(guard, number)| async move {
        tokio::task::yield_now().await;
        let piece = Ok::<_, std::io::Error>(Bytes::from(format!("{number}\n")));
        Some((piece, (guard, number + 1)))
    }))
}

async fn count_requests(State(app): State<App>, request: Request, next: Next) -> Response {
    let before = app.notes.lock().await.len();
    let mut response = next.run(request).await;
    let after = app.notes.lock().await.len();
    response.headers_mut().insert("added", (after - before).into());
    response
}

struct Server {
    address: SocketAddr,
    app: App,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start() -> Server {
        let app = App::default();
        let router = Router::new()
            .route("/notes", post(add).get(page))
            .route("/notes/{number}", get(one))
            .layer(middleware::from_fn_with_state(app.clone(), count_requests))
            .route("/echo", post(echo))
            .route("/never", get(never))
            .route("/slow", get(slow))
            .route("/endless", get(endless))
            .with_state(app.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let serve = axum::serve(listener, router);
            serve.with_graceful_shutdown(async { drop(stopped.await) }).await
        });
        Server { address, app, stop, task }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn counts(&self) -> (usize, usize) {
        let counts = &self.app.counts;
        (counts.entered.load(Ordering::SeqCst), counts.left.load(Ordering::SeqCst))
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(Duration::from_secs(30), self.task).await.unwrap().unwrap().unwrap();
    }
}

fn note(title: &str, lines: usize) -> Note {
    Note { title: title.into(), lines: (0..lines).map(|line| format!("{title} {line}")).collect() }
}

#[tokio::test]
async fn notes_are_kept() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    for (number, title) in ["a", "b", "c"].into_iter().enumerate() {
        let answer = client.post(server.url("/notes")).json(&note(title, 50)).send().await.unwrap();
        assert_eq!(answer.headers()["added"], "1");
        assert_eq!(answer.json::<usize>().await.unwrap(), number);
    }
    let second = client.get(server.url("/notes/1")).send().await.unwrap();
    assert_eq!(second.headers()["added"], "0");
    assert_eq!(second.json::<Note>().await.unwrap(), note("b", 50));
    let titles = client.get(server.url("/notes?from=1")).send().await.unwrap();
    assert_eq!(titles.json::<Vec<String>>().await.unwrap(), ["b", "c"]);
    let titles = client.get(server.url("/notes?from=0&count=1")).send().await.unwrap();
    assert_eq!(titles.json::<Vec<String>>().await.unwrap(), ["a"]);
    server.stop().await;
}

#[tokio::test]
async fn refusals_have_their_status() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    let post = |note: &Note| client.post(server.url("/notes")).json(note);
    assert_eq!(status(post(&note("", 1))).await, 422);
    assert_eq!(status(client.post(server.url("/notes")).body("{")).await, 415);
    assert_eq!(status(client.get(server.url("/notes?count=1"))).await, 400);
    assert_eq!(status(client.get(server.url("/notes/x"))).await, 400);
    assert_eq!(status(client.delete(server.url("/notes"))).await, 405);
    assert_eq!(status(client.get(server.url("/other"))).await, 404);
    let answer = client.get(server.url("/notes/7")).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "no note 7");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_at_once() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    let tasks = (0..40).map(|number| {
        let request = client.post(server.url("/notes")).json(&note(&number.to_string(), number));
        tokio::spawn(async move { request.send().await.unwrap().json::<usize>().await.unwrap() })
    });
    let mut numbers: Vec<usize> =
        futures::future::join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    numbers.sort();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
    for stored in server.app.notes.lock().await.iter() {
        assert_eq!(*stored, note(&stored.title, stored.title.parse().unwrap()));
    }
    server.stop().await;
}

#[tokio::test]
async fn bodies_go_through_in_pieces() {
    let server = Server::start().await;
    let pieces = (0..200_u32).map(|piece| vec![piece as u8; 1 + piece as usize * 37]);
    let expected: Vec<u8> = pieces.clone().flatten().map(|byte| byte.wrapping_add(1)).collect();
    let body = stream::iter(pieces).then(|piece| async move {
        tokio::task::yield_now().await;
        Ok::<_, std::io::Error>(piece)
    });
    let body = reqwest::Body::wrap_stream(body);
    let answer = reqwest::Client::new().post(server.url("/echo")).body(body).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), expected);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_goes_away_drops_the_handler() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    for round in 1..=5 {
        let request = client.get(server.url("/never")).send();
        assert!(timeout(Duration::from_millis(50), request).await.is_err());
        timeout(Duration::from_secs(30), server.app.counts.gone.notified()).await.unwrap();
        assert_eq!(server.counts(), (round, round));
    }
    server.stop().await;
}

#[tokio::test]
async fn the_clients_own_time_limit() {
    let server = Server::start().await;
    let client = reqwest::Client::builder().timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.get(server.url("/never")).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    timeout(Duration::from_secs(30), server.app.counts.gone.notified()).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn half_of_an_endless_body() {
    let server = Server::start().await;
    let answer = reqwest::get(server.url("/endless")).await.unwrap();
    let mut body = answer.bytes_stream();
    let mut text = String::new();
    while text.len() < 5000 {
        text.push_str(std::str::from_utf8(&body.next().await.unwrap().unwrap()).unwrap());
    }
    drop(body);
    let numbers = text.lines().take(100).map(|line| line.parse::<usize>().unwrap());
    assert!(numbers.eq(0..100));
    timeout(Duration::from_secs(30), server.app.counts.gone.notified()).await.unwrap();
    assert_eq!(server.counts(), (1, 1));
    server.stop().await;
}

#[tokio::test]
async fn shutdown_waits_for_answers() {
    let server = Server::start().await;
    let request = tokio::spawn(reqwest::get(server.url("/slow")));
    while server.counts().0 == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let url = server.url("/slow");
    server.stop().await;
    assert_eq!(request.await.unwrap().unwrap().text().await.unwrap(), "slow");
    assert!(reqwest::get(url).await.unwrap_err().is_connect());
}
