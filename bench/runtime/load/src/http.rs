//! HTTP/1.1 and HTTP/2.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::Load;

/// Bytes of a big body.
const BIG: usize = 64 << 10;
/// Requests on an HTTP/2 connection at a time.
const STREAMS: u64 = 8;

pub(super) type Sender = http1::SendRequest<Full<Bytes>>;

async fn stream(load: &Load) -> TokioIo<TcpStream> {
    let stream = TcpStream::connect(load.address()).await.expect("the server listens");
    stream.set_nodelay(true).expect("a connection has options");
    TokioIo::new(stream)
}

pub(super) async fn connect(load: &Load) -> Sender {
    let (sender, connection) =
        http1::handshake(stream(load).await).await.expect("the server speaks HTTP");
    tokio::spawn(connection);
    sender
}

async fn ask(sender: &mut Sender, method: &str, path: &str, body: Bytes) -> u64 {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("x-user", "load")
        .header("content-type", "application/json")
        .body(Full::new(body))
        .expect("the request is one");
    let response = sender.send_request(request).await.expect("the server answers");
    assert!(response.status().is_success(), "{method} {path}: {}", response.status());
    let body = response.into_body().collect().await.expect("the answer has a body").to_bytes();
    body.iter().fold(0, |sum, &byte| meter::mix(sum, u64::from(byte)))
}

pub(super) async fn ask_json(sender: &mut Sender, number: u64) -> u64 {
    let order =
        serde_json::json!({"number": number, "name": "an order", "parts": [number % 7, 2, 3]});
    ask(sender, "POST", "/orders", order.to_string().into()).await
}

/// Orders are put and asked for in turn. Connections have numbers of their own, so that answers do not depend on who is first.
pub(super) async fn json(load: Load, connection: u64) -> u64 {
    let mut sender = connect(&load).await;
    let mut sum = 0;
    for request in 0..load.requests {
        let number = connection + request / 2 % 8 * load.connections;
        let answer = match request % 2 {
            0 => ask_json(&mut sender, number).await,
            _ => ask(&mut sender, "GET", &format!("/orders/{number}"), Bytes::new()).await,
        };
        sum = meter::mix(sum, answer);
    }
    sum
}

pub(super) async fn bodies(load: Load, connection: u64) -> u64 {
    let mut sender = connect(&load).await;
    let mut sum = 0;
    for request in 0..load.requests {
        let body = vec![(connection + request) as u8; BIG].into();
        sum = meter::mix(sum, ask(&mut sender, "POST", "/echo", body).await);
    }
    sum
}

pub(super) async fn http2(load: Load, connection: u64) -> u64 {
    let handshake = http2::handshake(TokioExecutor::new(), stream(&load).await).await;
    let (sender, task) = handshake.expect("the server speaks HTTP/2");
    tokio::spawn(task);
    let streams = (0..STREAMS).map(|number| {
        let (mut sender, requests) = (sender.clone(), load.requests / STREAMS);
        tokio::spawn(async move {
            let mut sum = 0;
            for request in 0..requests {
                let body = vec![(connection + number + request) as u8; 512];
                let request = Request::post(format!("http://localhost/{request}"));
                let request =
                    request.body(Full::new(Bytes::from(body))).expect("the request is one");
                let response = sender.send_request(request).await.expect("the server answers");
                let body =
                    response.into_body().collect().await.expect("the answer has a body").to_bytes();
                sum = body.iter().fold(sum, |sum, &byte| meter::mix(sum, u64::from(byte)));
            }
            sum
        })
    });
    let mut sum = 0_u64;
    for stream in streams.collect::<Vec<_>>() {
        sum = sum.wrapping_add(stream.await.expect("a stream does not panic"));
    }
    sum
}
