//! The helpers that sqlx's own tests call. Their original is not published; this is another one with the same
//! interface, as far as the tests for SQLite use it.

use sqlx::pool::PoolOptions;
use sqlx::{Connection, Database, Pool};

/// The tests' environment is ready when they start.
pub fn setup_if_needed() {}

fn address() -> anyhow::Result<String> {
    Ok(std::env::var("DATABASE_URL")?)
}

/// A connection to the database of the environment.
pub async fn new<DB: Database>() -> anyhow::Result<DB::Connection> {
    Ok(DB::Connection::connect(&address()?).await?)
}

/// A pool of such connections.
pub async fn pool<DB: Database>() -> anyhow::Result<Pool<DB>> {
    let options = PoolOptions::new().max_connections(5).test_before_acquire(true);
    Ok(options.connect(&address()?).await?)
}

/// A test: each SQL expression is read as this value, and the value, bound to a statement, equals the expression.
/// The first literal may say how the latter is asked: `{0}` is the expression, the first `?` the value.
#[macro_export]
macro_rules! test_type {
    ($name:ident<$type:ty>($db:ident, $question:literal, $($sql:literal == $value:expr),+ $(,)?)) => {
        #[sqlx_macros::test]
        async fn $name() -> anyhow::Result<()> {
            use sqlx::Row as _;
            let mut connection = sqlx_test::new::<$db>().await?;
            $(
                let question = format!($question, $sql);
                let row = sqlx::query(&question)
                    .bind($value)
                    .bind($value)
                    .fetch_one(&mut connection)
                    .await?;
                assert!(row.try_get::<i32, _>(0)? != 0, "{question}");
                assert_eq!($value, row.try_get::<$type, _>(1)?, "{question}");
                assert_eq!($value, row.try_get::<$type, _>(2)?, "{question}");
            )+
            Ok(())
        }
    };
    ($name:ident<$type:ty>($db:ident, $($rest:tt)+)) => {
        $crate::test_type!($name<$type>($db, "SELECT {0} IS ?, {0}, ?", $($rest)+));
    };
    ($name:ident($db:ident, $($rest:tt)+)) => {
        $crate::test_type!($name<$name>($db, $($rest)+));
    };
}
