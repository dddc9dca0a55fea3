//! `--html`: the page has everything in it, and is one file.

use serde_json::Value;
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use crate::project::{json, listed, user};

/// What the page's program gets to read is what the list says; nothing is loaded from elsewhere.
pub(crate) fn is_whole(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    // A name that would end the script, if nobody took care.
    user.workspace.edit("app/src/main.rs", "fn main() {", "struct Odd<const TEXT: char>;\nasync fn odd<T>(_: T) { wait().await }\nfn main() {\n    block_on(odd(Odd::<'<'>));")?;
    let said = user.succeed("sizes -q --stock --html page.html")?.stdout;
    contains_all(&said, &["futures are in `page.html`."])?;
    let page = user.workspace.read("page.html")?;
    let elsewhere = ["http://", "https://", "src=", "@import", "url("];
    // The name of a namespace is no address.
    let text = page.replace("http://www.w3.org/2000/svg", "");
    let loads = elsewhere.iter().find(|part| text.contains(**part));
    same("nothing is loaded", loads, None)?;
    same("scripts", page.matches("</script>").count(), 2)?;
    let data =
        page.split("type=\"application/json\">").nth(1).and_then(|it| it.split("</script>").next());
    let data: Value =
        serde_json::from_str(data.ok_or("no data")?).map_err(|error| error.to_string())?;
    let list = json(&user, "--stock --top 0")?;
    for key in ["size", "stock", "bound"] {
        same(key, listed(&data, key), listed(&list, key))?;
    }
    let serve = data["futures"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|it| it["name"] == "async fn app::serve");
    let serve = serve.ok_or("no `serve`")?;
    same("states", serve["states"].as_array().map(Vec::len), Some(4))?;
    same("stock's, too", serve["stockStates"].as_array().map(Vec::len), Some(4))?;
    same("what is inside", serve["inside"].as_array().map(Vec::len), Some(1))
}
