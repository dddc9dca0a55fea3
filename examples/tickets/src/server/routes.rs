//! The routes for single tickets and their comments.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;

use super::App;
use super::error::ApiError;
use super::extract::Valid;
use crate::model::{Comment, Filter, NewTicket, Page, Patch, Stats, Ticket};

/// Tickets in a page, if the client does not say.
const PAGE: u32 = 20;
/// The most tickets in a page.
const MAX_PAGE: u32 = 100;

type Answer<T> = Result<Json<T>, ApiError>;

pub async fn list(
    State(app): State<App>,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Answer<Page> {
    let Query(filter) = filter.map_err(|why| ApiError::Invalid(why.status(), why.body_text()))?;
    let limit = filter.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(ApiError::unprocessable(format!("a page has 1 to {MAX_PAGE} tickets")));
    }
    let mut tickets =
        app.store.list(filter.state, filter.after.as_deref().unwrap_or(""), limit + 1).await?;
    let more = tickets.len() > limit as usize;
    tickets.truncate(limit as usize);
    let next = tickets.last().filter(|_| more).map(|ticket| ticket.key.clone());
    Ok(Json(Page { tickets, next }))
}

pub async fn create(
    State(app): State<App>,
    Valid(new): Valid<NewTicket>,
) -> Result<impl IntoResponse, ApiError> {
    let ticket = app.store.create(new).await?;
    app.feed.changed();
    let location = format!("/tickets/{}", ticket.key);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(ticket)))
}

pub async fn fetch(State(app): State<App>, Path(key): Path<String>) -> Answer<Ticket> {
    Ok(Json(app.store.fetch(&key).await?))
}

pub async fn change(
    State(app): State<App>,
    Path(key): Path<String>,
    Valid(patch): Valid<Patch>,
) -> Answer<Ticket> {
    let ticket = app.store.change(&key, patch).await?;
    app.feed.changed();
    Ok(Json(ticket))
}

pub async fn delete(
    State(app): State<App>,
    Path(key): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.store.delete(&key).await?;
    app.feed.changed();
    Ok(StatusCode::NO_CONTENT)
}

pub async fn comments(State(app): State<App>, Path(key): Path<String>) -> Answer<Vec<Comment>> {
    let ticket = app.store.fetch(&key).await?;
    Ok(Json(app.store.comments(&ticket.key).await?))
}

pub async fn comment(
    State(app): State<App>,
    Path(key): Path<String>,
    Valid(comment): Valid<Comment>,
) -> Result<(StatusCode, Json<Comment>), ApiError> {
    app.store.comment(&key, &comment).await?;
    app.feed.changed();
    Ok((StatusCode::CREATED, Json(comment)))
}

pub async fn stats(State(app): State<App>) -> Answer<Stats> {
    let (tickets, comments) = app.store.counts().await?;
    Ok(Json(Stats { tickets, comments, waiting: app.feed.waiting() }))
}

pub async fn unknown(uri: Uri) -> ApiError {
    ApiError::Invalid(StatusCode::NOT_FOUND, format!("there is nothing at {}", uri.path()))
}
