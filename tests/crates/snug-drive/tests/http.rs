//! hyper's client and server, HTTP/1 and HTTP/2, and h2 below it, over a pipe in memory.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::DuplexStream;
use tokio::time::timeout;

type Body = http_body_util::combinators::BoxBody<Bytes, Infallible>;

#[derive(Clone, Default)]
struct Live(Arc<AtomicUsize>);

struct Handler(Live);

impl Live {
    fn enter(&self) -> Handler {
        self.0.fetch_add(1, Ordering::SeqCst);
        Handler(self.clone())
    }

    async fn none_left(&self) {
        let none_left = async {
            while self.0.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(30), none_left).await.expect("a handler is still there");
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Answers with the body turned round, piece by piece, and with its length in a trailer.
async fn handle(live: Live, request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
    let handler = live.enter();
    if request.uri().path() == "/never" {
        std::future::pending::<()>().await;
    }
    let mut body = request.into_body();
    let mut pieces = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            pieces.push(data);
        }
    }
    let length: usize = pieces.iter().map(Bytes::len).sum();
    let mut trailers = hyper::HeaderMap::new();
    trailers.insert("length", length.into());
    let turned = pieces
        .into_iter()
        .rev()
        .map(|piece| Frame::data(piece.iter().rev().copied().collect::<Bytes>()));
    let frames = turned.chain([Frame::trailers(trailers)]).map(Ok);
    drop(handler);
    let body = StreamBody::new(futures::stream::iter(frames.collect::<Vec<_>>()));
    Ok(Response::new(BodyExt::boxed(body)))
}

fn pieces(count: u32) -> Body {
    let frames = (0..count)
        .map(|number| Ok(Frame::data(Bytes::from(vec![number as u8; 1 + number as usize * 11]))));
    BodyExt::boxed(StreamBody::new(futures::stream::iter(frames.collect::<Vec<_>>())))
}

fn turned(count: u32) -> Vec<u8> {
    let all = (0..count).flat_map(|number| vec![number as u8; 1 + number as usize * 11]);
    let mut all: Vec<u8> = all.collect();
    all.reverse();
    all
}

fn request(path: &str, body: Body) -> Request<Body> {
    let request = Request::post(format!("http://pipe{path}")).header("host", "pipe");
    request.header("te", "trailers").body(body).unwrap()
}

async fn check_answer(answer: Response<Incoming>, count: u32) {
    assert_eq!(answer.status(), 200);
    let collected = answer.into_body().collect().await.unwrap();
    let trailers = collected.trailers().cloned();
    let bytes = collected.to_bytes();
    assert_eq!(bytes, turned(count));
    if let Some(trailers) = trailers {
        assert_eq!(trailers["length"], bytes.len().to_string());
    }
}

fn pipe() -> (DuplexStream, DuplexStream) {
    // Small, so that both sides wait for each other often.
    tokio::io::duplex(97)
}

fn spawn(task: impl Future<Output = Result<(), hyper::Error>> + Send + 'static) {
    tokio::spawn(async move { drop(task.await) });
}

fn serve_1(io: DuplexStream, live: Live) {
    let service = service_fn(move |request| handle(live.clone(), request));
    spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(io), service));
}

fn serve_2(io: DuplexStream, live: Live) {
    let service = service_fn(move |request| handle(live.clone(), request));
    let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    spawn(builder.serve_connection(TokioIo::new(io), service));
}

#[tokio::test]
async fn http1_keeps_its_connection() {
    let (client, server) = pipe();
    serve_1(server, Live::default());
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(client)).await.unwrap();
    spawn(connection);
    for count in [0, 1, 2, 50] {
        send.ready().await.unwrap();
        check_answer(send.send_request(request("/", pieces(count))).await.unwrap(), count).await;
    }
}

#[tokio::test]
async fn http1_calls_that_are_given_up() {
    for _ in 0..5 {
        let (live, (client, server)) = (Live::default(), pipe());
        serve_1(server, live.clone());
        let (mut send, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(client)).await.unwrap();
        spawn(connection);
        let call = send.send_request(request("/never", pieces(0)));
        assert!(timeout(Duration::from_millis(30), call).await.is_err());
        drop(send);
        live.none_left().await;
    }
}

#[tokio::test]
async fn http2_has_many_calls_at_once() {
    let (client, server) = pipe();
    serve_2(server, Live::default());
    let (send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(client))
            .await
            .unwrap();
    spawn(connection);
    let calls = (0..30).map(|count| {
        let mut send = send.clone();
        async move {
            send.ready().await.unwrap();
            check_answer(send.send_request(request("/", pieces(count))).await.unwrap(), count)
                .await;
        }
    });
    futures::future::join_all(calls).await;
}

#[tokio::test]
async fn http2_calls_that_are_given_up() {
    let (live, (client, server)) = (Live::default(), pipe());
    serve_2(server, live.clone());
    let (mut send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(client))
            .await
            .unwrap();
    spawn(connection);
    for count in 0..10 {
        let call = send.send_request(request("/never", pieces(count)));
        assert!(timeout(Duration::from_millis(20), call).await.is_err());
        live.none_left().await;
        let answer = send.send_request(request("/", pieces(count))).await.unwrap();
        check_answer(answer, count).await;
    }
}

#[tokio::test]
async fn a_connection_that_breaks() {
    let (client, server) = pipe();
    let (mut send, connection) =
        hyper::client::conn::http1::handshake::<_, Full<Bytes>>(TokioIo::new(client))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    let call = send.send_request(Request::new(Full::from("anyone?")));
    let (answer, ()) = tokio::join!(call, async {
        tokio::task::yield_now().await;
        drop(server);
    });
    assert!(answer.is_err());
    drop(send);
    drop(timeout(Duration::from_secs(30), connection).await.unwrap().unwrap());
}

/// Answers each stream with its own body, obeying flow control.
async fn echo(mut server: h2::server::Connection<DuplexStream, Bytes>) {
    while let Some(accepted) = server.accept().await {
        let (request, mut respond) = accepted.unwrap();
        tokio::spawn(async move {
            let mut body = request.into_body();
            let mut send = respond.send_response(Response::new(()), false).unwrap();
            while let Some(data) = body.data().await {
                let Ok(mut data) = data else { return };
                body.flow_control().release_capacity(data.len()).unwrap();
                while !data.is_empty() {
                    send.reserve_capacity(data.len());
                    let Some(Ok(room)) =
                        std::future::poll_fn(|context| send.poll_capacity(context)).await
                    else {
                        return;
                    };
                    send.send_data(data.split_to(room.min(data.len())), false).unwrap();
                }
            }
            send.send_data(Bytes::new(), true).unwrap();
        });
    }
}

#[tokio::test]
async fn h2_streams_are_echoed() {
    let (client, server) = pipe();
    tokio::spawn(async move {
        let server = h2::server::Builder::new().initial_window_size(50).handshake(server);
        echo(server.await.unwrap()).await;
    });
    let (client, connection) =
        h2::client::Builder::new().initial_window_size(70).handshake(client).await.unwrap();
    tokio::spawn(async move { connection.await.unwrap() });
    let calls = (1..12_usize).map(|number| {
        let client = client.clone();
        async move {
            let mut client = client.ready().await.unwrap();
            let request = Request::post("http://pipe/").body(()).unwrap();
            let (answer, mut send) = client.send_request(request, false).unwrap();
            let sent: Bytes = (0..number * 113).map(|byte| byte as u8).collect();
            send.send_data(sent.clone(), true).unwrap();
            let mut body = answer.await.unwrap().into_body();
            let mut got = Vec::new();
            while let Some(data) = body.data().await {
                let data = data.unwrap();
                body.flow_control().release_capacity(data.len()).unwrap();
                got.extend_from_slice(&data);
            }
            assert_eq!(got, sent);
        }
    });
    timeout(Duration::from_secs(30), futures::future::join_all(calls)).await.unwrap();
}
