//! `--why`.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use crate::project::user;

/// The tree goes down to the leaves, and says what keeps each value.
pub(crate) fn by_name(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let said = user.succeed("sizes -q --why serve --stock")?.stdout;
    let expected = [
        "async fn app::serve at app/src/main.rs:4\n",
        "; stock's has ",
        "It becomes a task by `net::spawn` at app/src/main.rs:",
        "At its biggest, it waits at app/src/main.rs:5:40 with ",
        "awaits async fn net::Client::fetch\n",
        "waits at net/src/lib.rs:12:36 with ",
        "`buffer`: `[u8; 1024]`, declared at net/src/lib.rs:11:13, kept because it is borrowed at net/src/lib.rs:13:",
        "awaits async fn net::Client::send\n",
        "`path`: `[u8; 200]`",
        "awaits async fn net::wait\n",
        "`client`: `Client`",
        "let first = client.fetch([2; 200]).await;",
        "it waits here",
    ];
    let expected: Vec<&str> =
        expected.into_iter().filter(|it| !it.contains("borrowed at")).collect();
    contains_all(&said, &expected)?;
    let held = user.succeed("sizes -q --why app::held")?.stdout;
    contains_all(&held, &["`big`: `Big`", "kept only to be dropped at app/src/main.rs:"])?;
    let path = user.succeed("sizes -q --why net::Client::fetch")?.stdout;
    contains_all(
        &path,
        &[
            "async fn net::Client::fetch at net/src/lib.rs:10",
            "kept for its use at net/src/lib.rs:13:",
        ],
    )
}

/// By the line where it is written, where it waits, or by one in between.
pub(crate) fn by_place(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    for line in [4, 6, 7] {
        let said = user.succeed(&format!("sizes -q --why src/main.rs:{line}"))?.stdout;
        same(
            &format!("line {line}"),
            said.lines().next(),
            Some("async fn app::serve at app/src/main.rs:4"),
        )?;
    }
    let said = user.succeed("sizes -q --why app/src/main.rs:16:3")?.stdout;
    same("line 16", said.lines().next(), Some("async fn app::held at app/src/main.rs:15"))
}

/// What keeps the values of a generic future is known, though another crate makes a type of it.
pub(crate) fn generic(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let said = user.succeed("sizes -q --why kept")?.stdout;
    let expected = [
        "async fn net::kept at net/src/lib.rs:",
        "`[u8; 333]`",
        "kept for its use at net/src/lib.rs:",
    ];
    contains_all(&said, &expected)
}
