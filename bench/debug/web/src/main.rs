//! axum, asked over the loopback interface by a client that is written by hand.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const REQUESTS: u64 = 10_000;

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Order {
    number: u64,
    name: String,
    parts: Vec<u32>,
}

async fn shown(Path(number): Path<u64>, State(name): State<&'static str>) -> Json<Order> {
    Json(Order { number, name: name.to_owned(), parts: (0..number as u32 % 8).collect() })
}

async fn taken(Json(order): Json<Order>) -> String {
    format!("{} {} {}", order.number, order.name, order.parts.iter().sum::<u32>())
}

async fn ask(stream: &mut TcpStream, request: &str, buffer: &mut Vec<u8>) -> u64 {
    stream.write_all(request.as_bytes()).await.expect("the server listens");
    buffer.clear();
    loop {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await.expect("the server answers");
        buffer.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(buffer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if length.is_none_or(|length| length.parse() == Ok(body.len())) {
            return body.bytes().fold(0, |sum, byte| common::mix(sum, u64::from(byte)));
        }
    }
}

async fn client(mut stream: TcpStream) -> u64 {
    let mut sum = 0;
    let mut buffer = Vec::new();
    for number in 0..REQUESTS {
        let body = format!("{{\"number\":{number},\"name\":\"x\",\"parts\":[1,2,{}]}}", number % 7);
        let request = if number % 2 == 0 {
            format!("GET /orders/{number} HTTP/1.1\r\nhost: here\r\n\r\n")
        } else {
            format!(
                "POST /orders HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        sum = common::mix(sum, ask(&mut stream, &request, &mut buffer).await);
    }
    sum
}

async fn work() -> u64 {
    let app = Router::new()
        .route("/orders/{number}", get(shown))
        .route("/orders", post(taken))
        .with_state("name");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
    let address = listener.local_addr().expect("the listener has an address");
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let sum = client(stream).await;
    server.abort();
    sum
}

fn main() {
    let (sum, stack) = common::on_painted_stack(8, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        runtime.expect("a runtime can be made").block_on(work())
    });
    common::result("web", sum);
    common::stack(stack);
}
