//! Many tickets at once: exports and imports as streams of lines, and copying from another server.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use futures_util::{Stream, stream};

use super::App;
use super::error::ApiError;
use super::extract::Valid;
use super::store::Store;
use crate::lines::{Lines, LinesError};
use crate::model::{Imported, Record, Source};

/// Tickets that an export reads at a time.
const BATCH: u32 = 16;
/// What an export is.
pub const MEDIA_TYPE: &str = "application/x-ndjson";

/// `GET /export`: all tickets, read from the store while they are sent.
pub async fn export(State(app): State<App>) -> impl IntoResponse {
    let batches = stream::try_unfold((app.store, String::new()), |(store, after)| async move {
        let Some((text, last)) = batch(&store, &after).await? else {
            return Ok(None);
        };
        Ok::<_, ApiStreamError>(Some((Bytes::from(text), (store, last))))
    });
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], Body::from_stream(batches))
}

/// An error in the middle of an export can only break the stream off.
type ApiStreamError = Box<dyn std::error::Error + Send + Sync>;

/// The tickets after `after` as lines, and the last one's key.
async fn batch(store: &Store, after: &str) -> Result<Option<(String, String)>, ApiStreamError> {
    let mut text = String::new();
    let mut last = None;
    for ticket in store.list(None, after, BATCH).await? {
        let comments = store.comments(&ticket.key).await?;
        last = Some(ticket.key.clone());
        text += &serde_json::to_string(&Record { ticket, comments })?;
        text.push('\n');
    }
    Ok(last.map(|last| (text, last)))
}

/// `POST /import`: stores all tickets of the body, or none.
pub async fn import(State(app): State<App>, body: Body) -> Result<Json<Imported>, ApiError> {
    let imported = store_all(&app, body.into_data_stream()).await?;
    Ok(Json(imported))
}

/// `POST /sync`: does what an import of another server's export would do.
pub async fn sync(
    State(app): State<App>,
    Valid(source): Valid<Source>,
) -> Result<Json<Imported>, ApiError> {
    let answer = app.http.get(format!("{}/export", source.url)).send().await?.error_for_status()?;
    let imported = store_all(&app, answer.bytes_stream()).await?;
    Ok(Json(imported))
}

async fn store_all<S, E>(app: &App, body: S) -> Result<Imported, ApiError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let mut lines = Lines::new(body);
    let mut import = app.store.import().await?;
    let mut imported = Imported::default();
    while let Some(record) = lines.next::<Record>().await.map_err(refuse)? {
        import.add(&record).await?;
        imported.tickets += 1;
        imported.comments += record.comments.len() as u64;
    }
    import.commit().await?;
    app.feed.changed();
    Ok(imported)
}

fn refuse<E: std::fmt::Display>(error: LinesError<E>) -> ApiError {
    ApiError::unprocessable(error.to_string())
}
