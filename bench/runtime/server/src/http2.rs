//! hyper's HTTP/2: a body is read, and answered with its sum.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

async fn sum(body: Incoming) -> hyper::Result<u64> {
    let body = body.collect().await?.to_bytes();
    Ok(body.iter().fold(0, |sum, &byte| meter::mix(sum, u64::from(byte))))
}

async fn answer(request: Request<Incoming>) -> hyper::Result<Response<Full<Bytes>>> {
    let length = request.uri().path().len();
    let sum = sum(request.into_body()).await?;
    Ok(Response::new(Full::from(format!("{sum} {length}"))))
}

async fn connection(stream: TcpStream) {
    let served = http2::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await;
    // The load closes connections as it likes.
    drop(served);
}

pub(super) async fn serve(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.expect("the listener listens");
        stream.set_nodelay(true).expect("a connection has options");
        tokio::spawn(connection(stream));
    }
}
