//! `database`: sqlx with SQLite in memory: rows are inserted in transactions, looked up, and listed as a stream.

use std::env;

use meter::{Counting, Meter};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{Error, Row};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ORDERS: i64 = 6_000;

async fn open() -> Result<SqlitePool, Error> {
    // One connection: each has a database in memory of its own.
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    sqlx::query("CREATE TABLE orders (id INTEGER PRIMARY KEY, name TEXT, price INTEGER)")
        .execute(&pool)
        .await?;
    Ok(pool)
}

async fn insert(pool: &SqlitePool, from: i64, count: i64) -> Result<(), Error> {
    let mut transaction = pool.begin().await?;
    for id in from..from + count {
        sqlx::query("INSERT INTO orders VALUES (?, ?, ?)")
            .bind(id)
            .bind(format!("order {id}"))
            .bind(id * 7 % 1000)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

async fn price(pool: &SqlitePool, id: i64) -> Result<i64, Error> {
    let row = sqlx::query("SELECT price FROM orders WHERE id = ?").bind(id).fetch_one(pool).await?;
    row.try_get(0)
}

async fn listed(pool: &SqlitePool, limit: i64) -> Result<u64, Error> {
    let rows = sqlx::query("SELECT name, price FROM orders ORDER BY price, id LIMIT ?").bind(limit);
    let mut sum = 0;
    for row in rows.fetch_all(pool).await? {
        let (name, price): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        sum = meter::mix(sum, name.len() as u64 ^ price as u64);
    }
    Ok(sum)
}

async fn work(orders: i64) -> Result<u64, Error> {
    let pool = open().await?;
    for from in (0..orders).step_by(100) {
        insert(&pool, from, 100).await?;
    }
    let mut sum = 0;
    for id in 0..orders {
        sum = meter::mix(sum, price(&pool, id).await? as u64);
    }
    sum = meter::mix(sum, listed(&pool, 1000).await?);
    pool.close().await;
    Ok(sum)
}

fn main() {
    let meter = Meter::new();
    assert!(env::args().len() == 1, "usage: database");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    let run = |orders| runtime.block_on(work(orders)).expect("SQLite does what it is asked");
    run(ORDERS / 20);
    meter.mark("begin");
    let sum = run(ORDERS);
    meter.mark("end");
    meter::result("database", sum);
}
