//! `--svg`: the picture of a future is drawn from what the list says, and the one in docs/ is what the command draws today.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::workshop::{contains_all, same};

use crate::project::user;

/// The picture in docs/usage.md.
const PICTURE: &str = "../docs/sizes.svg";

/// It is drawn again by `SNUG_BLESS=1`.
pub(crate) fn is_as_drawn(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let said = user.succeed("sizes -q --stock --why serve --svg serve.svg")?.stdout;
    same("said", said.as_str(), "async fn app::serve is drawn in `serve.svg`.\n")?;
    let drawn = user.workspace.read("serve.svg")?;
    let path = package().join(PICTURE);
    if std::env::var_os("SNUG_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &drawn).map_err(|error| error.to_string())?;
    }
    let kept =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if drawn != kept {
        return Err(format!(
            "docs/sizes.svg is not what is drawn; SNUG_BLESS=1 renews it:\n{drawn}"
        ));
    }
    let parts = [
        "async fn app::serve: 1,320 bytes",
        "layout: 1,800 bytes",
        "before it is polled",
        "awaits async fn net::Client::fetch",
        "kept because it is borrowed at",
    ];
    contains_all(&drawn, &parts)?;
    same("it is small", drawn.len() < 60_000, true)?;
    let refused = user.snug("sizes --svg serve.svg")?.expect_exit(2, "a picture of nothing")?;
    contains_all(&refused.stderr, &["--why"])
}
