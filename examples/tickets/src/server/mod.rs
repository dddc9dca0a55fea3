//! The service: a server with its routes, its layers and its store.

mod changes;
mod error;
mod extract;
mod routes;
mod store;
mod transfer;

use std::future::IntoFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::limit::ConcurrencyLimitLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::failure::{Outcome, fail};
use changes::Feed;
use store::Store;

/// The largest body of a request, imports excepted.
pub const MAX_BODY: usize = 4096;
/// Requests that one server works on at the same time.
const MAX_REQUESTS: usize = 64;
/// How long a request may take.
const REQUEST_TIME: Duration = Duration::from_secs(30);
/// How long a request waits for a change.
const WAITING_TIME: Duration = Duration::from_millis(1500);
/// How long a shutdown waits for the requests that are being worked on.
const SHUTDOWN_TIME: Duration = Duration::from_secs(20);
/// The one web page that may use the service from a browser.
pub const ALLOWED_ORIGIN: &str = "http://tickets.example";

/// What all requests share.
#[derive(Clone)]
struct App {
    store: Store,
    feed: Arc<Feed>,
    /// For fetching tickets from other servers.
    http: reqwest::Client,
}

/// A server that runs. It stops at [`Server::shut_down`].
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
    store: Store,
}

impl Server {
    /// Starts a server on a free port of the loopback interface.
    pub async fn start() -> Outcome<Server> {
        let store = Store::open().await?;
        let http = reqwest::Client::builder().no_proxy().timeout(REQUEST_TIME).build()?;
        let app = App { store: store.clone(), feed: Arc::default(), http };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
            // A server that nobody can stop any more stops as well.
            stopped.await.ok();
        });
        let task = tokio::spawn(serve.into_future());
        Ok(Server { address, stop, task, store })
    }

    /// Where the server is reached.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more connections, answers what it is working on, and closes the store.
    pub async fn shut_down(self) -> Outcome {
        self.stop.send(()).ok();
        match tokio::time::timeout(SHUTDOWN_TIME, self.task).await {
            Ok(ended) => ended??,
            Err(_) => return fail(format!("the server at {} did not shut down", self.address)),
        }
        self.store.close().await;
        Ok(())
    }
}

fn router(app: App) -> Router {
    let small = Router::new()
        .route("/tickets", get(routes::list).post(routes::create))
        .route("/tickets/{key}", get(routes::fetch).patch(routes::change).delete(routes::delete))
        .route("/tickets/{key}/comments", get(routes::comments).post(routes::comment))
        .route("/stats", get(routes::stats))
        .route("/sync", post(transfer::sync))
        .layer(RequestBodyLimitLayer::new(MAX_BODY));
    let large = Router::new()
        .route("/export", get(transfer::export))
        .route("/import", post(transfer::import));
    let waiting = Router::new()
        .route("/changes", get(changes::wait))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, WAITING_TIME));
    small
        .merge(large)
        .layer(ConcurrencyLimitLayer::new(MAX_REQUESTS))
        .merge(waiting)
        .fallback(routes::unknown)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, REQUEST_TIME))
        .layer(CompressionLayer::new())
        .layer(cors())
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(HeaderValue::from_static(ALLOWED_ORIGIN))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::CONTENT_TYPE])
}
