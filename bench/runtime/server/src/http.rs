//! axum: a small service with a middleware, JSON, and bodies of 64 KiB.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Order {
    number: u64,
    name: String,
    parts: Vec<u32>,
}

#[derive(Debug, Default)]
struct Store {
    orders: RwLock<BTreeMap<u64, Order>>,
}

impl Store {
    /// Remembers one order for each of a thousand numbers.
    async fn put(&self, order: Order) -> Order {
        let key = order.number % 1000;
        self.orders.write().expect("nobody panics").insert(key, order.clone());
        order
    }

    async fn get(&self, number: u64) -> Option<Order> {
        self.orders.read().expect("nobody panics").get(&(number % 1000)).cloned()
    }
}

async fn shown(
    Path(number): Path<u64>,
    State(store): State<Arc<Store>>,
) -> Result<Json<Order>, StatusCode> {
    match store.get(number).await {
        Some(order) => Ok(Json(order)),
        None => Ok(Json(Order { number, name: "new".into(), parts: vec![1, 2, 3] })),
    }
}

async fn taken(State(store): State<Arc<Store>>, Json(order): Json<Order>) -> Json<Order> {
    let mut order = store.put(order).await;
    order.parts.reverse();
    Json(order)
}

async fn echoed(body: Bytes) -> Bytes {
    body
}

/// Lets in who says who they are.
async fn authorized(request: Request, next: Next) -> Result<Response, StatusCode> {
    let Some(user) = request.headers().get("x-user").cloned() else {
        return Err(StatusCode::UNAUTHORIZED);
    };
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-user", user);
    response.headers_mut().insert("x-shop", HeaderValue::from_static("bench"));
    Ok(response)
}

pub(super) async fn serve(listener: TcpListener) {
    let app = Router::new()
        .route("/orders/{number}", get(shown))
        .route("/orders", post(taken))
        .route("/echo", post(echoed))
        .layer(middleware::from_fn(authorized))
        .with_state(Arc::new(Store::default()));
    axum::serve(listener, app).await.expect("the listener listens");
}
