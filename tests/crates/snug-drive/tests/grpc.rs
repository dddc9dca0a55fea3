//! A tonic server and client with messages and services written by hand: the four kinds of calls, errors, time
//! limits, and calls that are given up by either side.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{Stream, StreamExt, stream};
use http::uri::PathAndQuery;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

#[derive(Clone, PartialEq, prost::Message)]
struct Ask {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(uint32, tag = "2")]
    count: u32,
    #[prost(bytes = "vec", tag = "3")]
    load: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Answer {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(message, optional, tag = "2")]
    ask: Option<Ask>,
}

type Answers = Pin<Box<dyn Stream<Item = Result<Answer, Status>> + Send>>;

#[derive(Clone, Default)]
struct Oracle {
    live: Arc<AtomicUsize>,
    gone: Arc<Notify>,
}

/// Alive as long as the call that it belongs to.
struct Call(Oracle);

impl Oracle {
    fn enter(&self) -> Call {
        self.live.fetch_add(1, Ordering::SeqCst);
        Call(self.clone())
    }

    async fn all_gone(&self) {
        let all_gone = async {
            while self.live.load(Ordering::SeqCst) > 0 {
                self.gone.notified().await;
            }
        };
        timeout(Duration::from_secs(30), all_gone).await.expect("a call is still there");
    }

    async fn one(self, request: Request<Ask>) -> Result<Response<Answer>, Status> {
        let call = self.enter();
        let ask = request.into_inner();
        match ask.text.as_str() {
            "never" => std::future::pending().await,
            "error" => return Err(Status::failed_precondition("as you wish")),
            "panic" => panic!("as you wish"),
            _ => tokio::task::yield_now().await,
        }
        drop(call);
        Ok(Response::new(Answer { text: ask.text.to_uppercase(), ask: Some(ask) }))
    }

    async fn several(self, request: Request<Ask>) -> Result<Response<Answers>, Status> {
        let call = self.enter();
        let ask = request.into_inner();
        let answers = stream::unfold((call, ask, 0), |(call, ask, number)| async move {
            if number == ask.count {
                return None;
            }
            tokio::task::yield_now().await;
            let answer = Answer { text: format!("{} {number}", ask.text), ask: None };
            Some((Ok(answer), (call, ask, number + 1)))
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn sum(self, request: Request<Streaming<Ask>>) -> Result<Response<Answer>, Status> {
        let _call = self.enter();
        let mut asks = request.into_inner();
        let (mut count, mut load) = (0, Vec::new());
        while let Some(ask) = asks.message().await? {
            count += ask.count;
            load.extend(ask.load);
        }
        let ask = Ask { text: String::new(), count, load };
        Ok(Response::new(Answer { text: "sum".into(), ask: Some(ask) }))
    }

    async fn talk(self, request: Request<Streaming<Ask>>) -> Result<Response<Answers>, Status> {
        let call = self.enter();
        let asks = request.into_inner();
        let answers = asks.scan((call, 0), |(_, sum), ask| {
            let answer = ask.and_then(|ask| {
                *sum += ask.count;
                match ask.text.as_str() {
                    "error" => Err(Status::aborted(format!("at {sum}"))),
                    text => Ok(Answer { text: format!("{text} {sum}"), ask: Some(ask) }),
                }
            });
            futures::future::ready(Some(answer))
        });
        Ok(Response::new(Box::pin(answers)))
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, Ordering::SeqCst);
        self.0.gone.notify_one();
    }
}

impl NamedService for Oracle {
    const NAME: &'static str = "drive.Oracle";
}

impl Service<http::Request<Body>> for Oracle {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::<Answer, Ask>::default());
            let path = request.uri().path().to_owned();
            Ok(match path.rsplit('/').next().unwrap_or_default() {
                "One" => grpc.unary(service_fn(move |r| this.clone().one(r)), request).await,
                "Several" => {
                    let service = service_fn(move |r| this.clone().several(r));
                    grpc.server_streaming(service, request).await
                }
                "Sum" => {
                    grpc.client_streaming(service_fn(move |r| this.clone().sum(r)), request).await
                }
                "Talk" => grpc.streaming(service_fn(move |r| this.clone().talk(r)), request).await,
                _ => Status::unimplemented(path).into_http(),
            })
        })
    }
}

struct Client(tonic::client::Grpc<Channel>);

impl Client {
    async fn path(&mut self, method: &str) -> PathAndQuery {
        self.0.ready().await.unwrap();
        format!("/drive.Oracle/{method}").parse().unwrap()
    }

    async fn one(&mut self, request: Request<Ask>) -> Result<Answer, Status> {
        let path = self.path("One").await;
        Ok(self.0.unary(request, path, codec()).await?.into_inner())
    }

    async fn several(&mut self, ask: Ask) -> Result<Streaming<Answer>, Status> {
        let path = self.path("Several").await;
        Ok(self.0.server_streaming(Request::new(ask), path, codec()).await?.into_inner())
    }

    async fn sum(
        &mut self,
        asks: impl Stream<Item = Ask> + Send + 'static,
    ) -> Result<Answer, Status> {
        let path = self.path("Sum").await;
        Ok(self.0.client_streaming(Request::new(asks), path, codec()).await?.into_inner())
    }

    async fn talk(
        &mut self,
        asks: impl Stream<Item = Ask> + Send + 'static,
    ) -> Result<Streaming<Answer>, Status> {
        let path = self.path("Talk").await;
        Ok(self.0.streaming(Request::new(asks), path, codec()).await?.into_inner())
    }
}

fn codec() -> ProstCodec<Ask, Answer> {
    ProstCodec::default()
}

fn ask(text: &str, count: u32) -> Ask {
    Ask { text: text.into(), count, load: Bytes::from(vec![count as u8; count as usize]).into() }
}

struct Running {
    oracle: Oracle,
    client: Client,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), tonic::transport::Error>>,
}

async fn start() -> Running {
    let oracle = Oracle::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let server = Server::builder()
        .add_service(oracle.clone())
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), async {
            drop(stopped.await)
        });
    let task = tokio::spawn(server);
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let client = Client(tonic::client::Grpc::new(endpoint.connect().await.unwrap()));
    Running { oracle, client, stop, task }
}

impl Running {
    async fn stop(self) {
        self.oracle.all_gone().await;
        drop(self.client);
        self.stop.send(()).unwrap();
        timeout(Duration::from_secs(30), self.task).await.unwrap().unwrap().unwrap();
    }
}

#[tokio::test]
async fn calls_are_answered() {
    let mut running = start().await;
    for count in [0, 1, 100, 100_000] {
        let answer = running.client.one(Request::new(ask("ask", count))).await.unwrap();
        assert_eq!(answer, Answer { text: "ASK".into(), ask: Some(ask("ask", count)) });
    }
    running.stop().await;
}

#[tokio::test]
async fn errors_arrive() {
    let mut running = start().await;
    let status = running.client.one(Request::new(ask("error", 1))).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::FailedPrecondition, "as you wish"));
    let path = running.client.path("Nothing").await;
    let call = running.client.0.unary::<_, Answer, _>(Request::new(ask("", 0)), path, codec());
    assert_eq!(call.await.unwrap_err().code(), Code::Unimplemented);
    // Too much for the server's decoder.
    let status = running.client.one(Request::new(ask("big", 5 << 20))).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
    // The task of the connection's stream unwinds, and the others go on.
    assert!(running.client.one(Request::new(ask("panic", 0))).await.is_err());
    assert!(running.client.one(Request::new(ask("fine", 0))).await.is_ok());
    running.stop().await;
}

#[tokio::test]
async fn answers_come_as_a_stream() {
    let mut running = start().await;
    let answers = running.client.several(ask("n", 1000)).await.unwrap();
    let texts: Vec<String> = answers.map(|answer| answer.unwrap().text).collect().await;
    assert!(texts.iter().cloned().eq((0..1000).map(|number| format!("n {number}"))));
    // Given up half way: the server's stream is dropped.
    let mut answers = running.client.several(Ask { count: u32::MAX, ..ask("n", 0) }).await.unwrap();
    for number in 0..100 {
        assert_eq!(answers.message().await.unwrap().unwrap().text, format!("n {number}"));
    }
    drop(answers);
    running.stop().await;
}

#[tokio::test]
async fn questions_go_as_a_stream() {
    let mut running = start().await;
    let asks = stream::iter(0..300).then(|count| async move {
        tokio::task::yield_now().await;
        ask("", count)
    });
    let answer = running.client.sum(asks).await.unwrap().ask.unwrap();
    assert_eq!(answer.count, 299 * 300 / 2);
    let expected = (0..300_u32).flat_map(|count| vec![count as u8; count as usize]);
    assert!(answer.load.into_iter().eq(expected));
    running.stop().await;
}

#[tokio::test]
async fn both_sides_talk() {
    let mut running = start().await;
    let (say, said) = mpsc::channel(4);
    let mut answers = running.client.talk(ReceiverStream::new(said)).await.unwrap();
    let mut sum = 0;
    for count in 0..200 {
        sum += count;
        say.send(ask("so", count)).await.unwrap();
        let answer = answers.message().await.unwrap().unwrap();
        assert_eq!(answer, Answer { text: format!("so {sum}"), ask: Some(ask("so", count)) });
    }
    say.send(ask("error", 1)).await.unwrap();
    let status = answers.message().await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Aborted, "at 19901"));
    running.stop().await;
}

#[tokio::test]
async fn time_limits() {
    let mut running = start().await;
    for _ in 0..5 {
        let mut request = Request::new(ask("never", 3));
        request.set_timeout(Duration::from_millis(40));
        let status = running.client.one(request).await.unwrap_err();
        assert!(matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded), "{status}");
        running.oracle.all_gone().await;
    }
    running.stop().await;
}

#[tokio::test]
async fn calls_that_are_given_up() {
    let mut running = start().await;
    for _ in 0..5 {
        let call = running.client.one(Request::new(ask("never", 3)));
        assert!(timeout(Duration::from_millis(40), call).await.is_err());
        running.oracle.all_gone().await;
    }
    // While it still sends. h2 bears with only so many frames below 256 bytes, and optimised code sends them in time.
    let asks = stream::unfold(0, |number| async move {
        tokio::task::yield_now().await;
        Some((ask("", 300 + number % 50), number + 1))
    });
    let call = running.client.sum(asks);
    let ended = timeout(Duration::from_millis(40), call).await;
    assert!(ended.is_err(), "{ended:?}");
    running.stop().await;
}
