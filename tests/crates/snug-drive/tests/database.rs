//! sqlx with SQLite in memory: transactions, streams, pools, and futures that are dropped half way.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, Row, SqliteConnection, SqlitePool};
use tokio::time::timeout;

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Ticket {
    id: i64,
    title: String,
    price: Option<f64>,
    data: Vec<u8>,
}

const TABLE: &str = "CREATE TABLE tickets (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, \
                     price REAL, data BLOB NOT NULL)";

async fn connection() -> SqliteConnection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::query(TABLE).execute(&mut connection).await.unwrap();
    connection
}

async fn pool(connections: u32) -> SqlitePool {
    // Every connection to `:memory:` has a database of its own, unless they share it.
    let options: SqliteConnectOptions =
        format!("sqlite:file:{}?mode=memory&cache=shared", unique()).parse().unwrap();
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_millis(200))
        .connect_with(options)
        .await
        .unwrap();
    sqlx::query(TABLE).execute(&pool).await.unwrap();
    pool
}

fn unique() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn ticket(id: i64) -> Ticket {
    Ticket {
        id,
        title: format!("ticket {id}"),
        price: (id % 3 != 0).then_some(id as f64 / 4.0),
        data: vec![id as u8; id as usize],
    }
}

async fn insert(connection: &mut SqliteConnection, ticket: &Ticket) -> sqlx::Result<u64> {
    let query = sqlx::query("INSERT INTO tickets (id, title, price, data) VALUES (?, ?, ?, ?)")
        .bind(ticket.id)
        .bind(&ticket.title)
        .bind(ticket.price)
        .bind(&ticket.data);
    Ok(query.execute(connection).await?.rows_affected())
}

async fn count(connection: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM tickets").fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let mut connection = connection().await;
    for id in 1..=50 {
        assert_eq!(insert(&mut connection, &ticket(id)).await.unwrap(), 1);
    }
    let all: Vec<Ticket> = sqlx::query_as("SELECT * FROM tickets ORDER BY id")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(all, (1..=50).map(ticket).collect::<Vec<_>>());
    let none: Option<Ticket> = sqlx::query_as("SELECT * FROM tickets WHERE id = ?")
        .bind(51)
        .fetch_optional(&mut connection)
        .await
        .unwrap();
    assert_eq!(none, None);
    connection.close().await.unwrap();
}

#[tokio::test]
async fn errors_are_the_databases() {
    let mut connection = connection().await;
    insert(&mut connection, &ticket(1)).await.unwrap();
    let error = insert(&mut connection, &Ticket { id: 2, ..ticket(1) }).await.unwrap_err();
    assert!(error.as_database_error().unwrap().is_unique_violation(), "{error}");
    let error = sqlx::query("SELECT thing FROM nowhere").execute(&mut connection).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("no such table: nowhere"), "{error}");
    assert!(matches!(
        sqlx::query("SELECT 1 WHERE 0").fetch_one(&mut connection).await,
        Err(sqlx::Error::RowNotFound)
    ));
    assert_eq!(count(&mut connection).await, 1);
}

#[tokio::test]
async fn rows_come_as_a_stream() {
    let mut connection = connection().await;
    for id in 1..=300 {
        insert(&mut connection, &ticket(id)).await.unwrap();
    }
    let mut sum = 0;
    let mut rows = sqlx::query("SELECT id, data FROM tickets").fetch(&mut connection);
    while let Some(row) = rows.try_next().await.unwrap() {
        sum += row.get::<i64, _>("id");
        assert_eq!(row.get::<Vec<u8>, _>(1).len() as i64, row.get::<i64, _>(0));
        tokio::task::yield_now().await;
    }
    drop(rows);
    assert_eq!(sum, 300 * 301 / 2);
    // Only some rows, and the connection is still good.
    for taken in [0, 1, 7, 100] {
        let rows = sqlx::query("SELECT id FROM tickets ORDER BY id").fetch(&mut connection);
        let ids: Vec<i64> =
            rows.take(taken).map(|row| row.unwrap().get::<i64, _>(0)).collect().await;
        assert_eq!(ids, (1..=taken as i64).collect::<Vec<_>>());
    }
    assert_eq!(count(&mut connection).await, 300);
}

#[tokio::test]
async fn transactions_end_as_they_should() {
    let mut connection = connection().await;
    let mut kept = connection.begin().await.unwrap();
    insert(&mut kept, &ticket(1)).await.unwrap();
    {
        let mut inner = kept.begin().await.unwrap();
        insert(&mut inner, &ticket(2)).await.unwrap();
        assert_eq!(count(&mut inner).await, 2);
        // Dropped: rolled back to before it.
    }
    let mut inner = kept.begin().await.unwrap();
    insert(&mut inner, &ticket(3)).await.unwrap();
    inner.commit().await.unwrap();
    kept.commit().await.unwrap();
    {
        let mut lost = connection.begin().await.unwrap();
        insert(&mut lost, &ticket(4)).await.unwrap();
    }
    let mut lost = connection.begin().await.unwrap();
    insert(&mut lost, &ticket(5)).await.unwrap();
    lost.rollback().await.unwrap();
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM tickets ORDER BY id")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(ids, [1, 3]);
}

/// Inserts in a transaction, and waits in the middle for ever.
async fn stuck(pool: &SqlitePool, id: i64) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    insert(&mut transaction, &ticket(id)).await?;
    std::future::pending::<()>().await;
    transaction.commit().await
}

#[tokio::test]
async fn a_transaction_in_a_dropped_future_is_rolled_back() {
    let pool = pool(1).await;
    for id in 1..=10 {
        assert!(timeout(Duration::from_millis(30), stuck(&pool, id)).await.is_err());
        let mut connection = pool.acquire().await.unwrap();
        assert_eq!(count(&mut connection).await, 0);
    }
    pool.close().await;
    assert!(pool.is_closed());
}

#[tokio::test]
async fn queries_in_dropped_futures_do_no_harm() {
    let pool = pool(1).await;
    let forever = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 300000) \
                   SELECT SUM(i) FROM n";
    for milliseconds in 0..20 {
        let query = sqlx::query_scalar::<_, i64>(forever).fetch_one(&pool);
        match timeout(Duration::from_millis(milliseconds), query).await {
            Ok(Ok(sum)) => assert_eq!(sum, 300_000 * 300_001 / 2),
            Ok(Err(error)) => assert!(matches!(error, sqlx::Error::PoolTimedOut), "{error}"),
            Err(_) => {}
        }
    }
    let pool_still_works = async {
        loop {
            match sqlx::query_scalar::<_, i64>("SELECT 41 + 1").fetch_one(&pool).await {
                Err(sqlx::Error::PoolTimedOut) => {}
                other => break other,
            }
        }
    };
    let answer = timeout(Duration::from_secs(60), pool_still_works).await.unwrap();
    assert_eq!(answer.unwrap(), 42);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_is_shared() {
    let pool = pool(1).await;
    let tasks = (1..=30).map(|id| {
        let pool = pool.clone();
        tokio::spawn(async move {
            loop {
                match pool.acquire().await {
                    Ok(mut connection) => break insert(&mut connection, &ticket(id)).await,
                    Err(sqlx::Error::PoolTimedOut) => tokio::task::yield_now().await,
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    for inserted in futures::future::join_all(tasks).await {
        assert_eq!(inserted.unwrap().unwrap(), 1);
    }
    let mut held = pool.acquire().await.unwrap();
    assert_eq!(count(&mut held).await, 30);
    assert!(matches!(pool.acquire().await, Err(sqlx::Error::PoolTimedOut)));
    drop(held);
    assert!(pool.acquire().await.is_ok());
}
