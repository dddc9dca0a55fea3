//! The store: an SQLite database in a temporary file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteExecutor, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{Row, Transaction};

use super::error::ApiError;
use crate::failure::Outcome;
use crate::model::{Comment, NewTicket, Patch, Record, State, Ticket};

const SCHEMA: &str = "
    CREATE TABLE tickets (
        key TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        priority INTEGER NOT NULL,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE comments (
        id INTEGER PRIMARY KEY,
        ticket TEXT NOT NULL REFERENCES tickets (key) ON DELETE CASCADE,
        author TEXT NOT NULL,
        text TEXT NOT NULL
    );
    CREATE INDEX comments_of_ticket ON comments (ticket, id);
";
/// Connections to the database.
const CONNECTIONS: u32 = 4;
/// How long a writer waits for another one.
const BUSY_TIME: Duration = Duration::from_secs(20);
/// Starts a transaction that writes: taking the lock later could fail.
const BEGIN: &str = "BEGIN IMMEDIATE";

type Result<T, E = ApiError> = std::result::Result<T, E>;

/// All tickets and comments.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
    _folder: Arc<Folder>,
}

impl Store {
    /// Makes an empty store, which is gone when the last clone of it is.
    pub async fn open() -> Outcome<Store> {
        let folder = Folder::new()?;
        let options = SqliteConnectOptions::new()
            .filename(folder.path.join("tickets.db"))
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Off)
            .busy_timeout(BUSY_TIME);
        let pool =
            SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Store { pool, _folder: Arc::new(folder) })
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub async fn create(&self, new: NewTicket) -> Result<Ticket> {
        let NewTicket { key, title, body, priority } = new;
        let ticket = Ticket { key, title, body, priority, state: State::default(), revision: 1 };
        insert(&self.pool, &ticket).await?;
        Ok(ticket)
    }

    pub async fn fetch(&self, key: &str) -> Result<Ticket> {
        fetch(&self.pool, key).await
    }

    /// At most `limit` tickets after the key `after`, in the order of keys.
    pub async fn list(
        &self,
        state: Option<State>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Ticket>, sqlx::Error> {
        sqlx::query("SELECT * FROM tickets WHERE key > ?1 AND (?2 IS NULL OR state = ?2) ORDER BY key LIMIT ?3")
            .bind(after)
            .bind(state.map(State::name))
            .bind(limit)
            .try_map(|row| ticket(&row))
            .fetch_all(&self.pool)
            .await
    }

    /// Changes a ticket, unless someone else did since the client has seen it.
    pub async fn change(&self, key: &str, patch: Patch) -> Result<Ticket> {
        let mut transaction = self.pool.begin_with(BEGIN).await?;
        let old = fetch(&mut *transaction, key).await?;
        if old.revision != patch.revision {
            return Err(ApiError::Conflict("the ticket was changed in the meantime"));
        }
        let new = Ticket {
            title: patch.title.unwrap_or(old.title),
            body: patch.body.unwrap_or(old.body),
            priority: patch.priority.unwrap_or(old.priority),
            state: patch.state.unwrap_or(old.state),
            revision: old.revision + 1,
            key: old.key,
        };
        sqlx::query("UPDATE tickets SET title = ?2, body = ?3, priority = ?4, state = ?5, revision = ?6 WHERE key = ?1")
            .bind(&new.key)
            .bind(&new.title)
            .bind(&new.body)
            .bind(new.priority)
            .bind(new.state.name())
            .bind(new.revision)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(new)
    }

    pub async fn delete(&self, key: &str) -> Result<()> {
        let done =
            sqlx::query("DELETE FROM tickets WHERE key = ?").bind(key).execute(&self.pool).await?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(ApiError::NotFound) }
    }

    pub async fn comment(&self, key: &str, comment: &Comment) -> Result<()> {
        Ok(insert_comment(&self.pool, key, comment).await?)
    }

    /// The comments of a ticket, oldest first.
    pub async fn comments(&self, key: &str) -> Result<Vec<Comment>, sqlx::Error> {
        sqlx::query("SELECT author, text FROM comments WHERE ticket = ? ORDER BY id")
            .bind(key)
            .try_map(|row: SqliteRow| {
                Ok(Comment { author: row.try_get("author")?, text: row.try_get("text")? })
            })
            .fetch_all(&self.pool)
            .await
    }

    /// The numbers of tickets and of comments.
    pub async fn counts(&self) -> Result<(i64, i64)> {
        let query = "SELECT (SELECT count(*) FROM tickets) AS tickets, (SELECT count(*) FROM comments) AS comments";
        let row = sqlx::query(query).fetch_one(&self.pool).await?;
        Ok((row.try_get("tickets")?, row.try_get("comments")?))
    }

    /// Starts storing many tickets at once. They are there when [`Import::commit`] was called, or not at all.
    pub async fn import(&self) -> Result<Import> {
        Ok(Import { transaction: self.pool.begin_with(BEGIN).await? })
    }
}

/// See [`Store::import`].
pub struct Import {
    transaction: Transaction<'static, Sqlite>,
}

impl Import {
    pub async fn add(&mut self, record: &Record) -> Result<()> {
        insert(&mut *self.transaction, &record.ticket).await?;
        for comment in &record.comments {
            insert_comment(&mut *self.transaction, &record.ticket.key, comment).await?;
        }
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}

async fn fetch(executor: impl SqliteExecutor<'_>, key: &str) -> Result<Ticket> {
    let query = sqlx::query("SELECT * FROM tickets WHERE key = ?").bind(key);
    Ok(query.try_map(|row| ticket(&row)).fetch_one(executor).await?)
}

async fn insert(executor: impl SqliteExecutor<'_>, ticket: &Ticket) -> Result<(), sqlx::Error> {
    let query = sqlx::query("INSERT INTO tickets (key, title, body, priority, state, revision) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(&ticket.key)
        .bind(&ticket.title)
        .bind(&ticket.body)
        .bind(ticket.priority)
        .bind(ticket.state.name())
        .bind(ticket.revision);
    query.execute(executor).await?;
    Ok(())
}

async fn insert_comment(
    executor: impl SqliteExecutor<'_>,
    key: &str,
    comment: &Comment,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query("INSERT INTO comments (ticket, author, text) VALUES (?, ?, ?)");
    query.bind(key).bind(&comment.author).bind(&comment.text).execute(executor).await?;
    Ok(())
}

fn ticket(row: &SqliteRow) -> Result<Ticket, sqlx::Error> {
    let state: &str = row.try_get("state")?;
    let unknown = || sqlx::Error::Decode(format!("there is no state {state:?}").into());
    Ok(Ticket {
        key: row.try_get("key")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        priority: row.try_get("priority")?,
        state: State::from_name(state).ok_or_else(unknown)?,
        revision: row.try_get("revision")?,
    })
}

/// A temporary folder that is removed in the end.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new() -> std::io::Result<Folder> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tickets-{}-{number}", std::process::id()));
        remove(&path);
        std::fs::create_dir(&path)?;
        Ok(Folder { path })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// What cannot be removed stays in the system's folder for such things.
fn remove(path: &Path) {
    std::fs::remove_dir_all(path).ok();
}
