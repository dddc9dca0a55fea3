//! The page of `--html` in a browser: it shows what there is, searches, and is used with a mouse or with keys.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::same;

use crate::project::user;

/// What drives the browser.
pub(crate) const DRIVER: &str = "chromedriver";

/// A driver, which ends with this.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Driver {
    /// Starts one; says where it listens.
    fn start() -> Result<(Driver, String)> {
        let complaint = |error: std::io::Error| format!("{DRIVER}: {error}");
        let mut child = Command::new(DRIVER)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(complaint)?;
        let stdout = child.stdout.take().ok_or("no output")?;
        let driver = Driver(child);
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(complaint)?;
            if let Some((_, port)) = line.split_once("successfully on port ") {
                return Ok((driver, format!("http://localhost:{}", port.trim_end_matches('.'))));
            }
        }
        Err(format!("{DRIVER} does not say where it listens"))
    }
}

/// Looks at pages.
pub(crate) fn pages(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    user.succeed("sizes -q --stock --html page.html")?;
    let page = user.workspace.read("page.html")?;
    user.workspace.write("many.html", &with_many(&page)?)?;
    let (_driver, address) = Driver::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1400,900",
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let Value::Object(capabilities) = options else { return Err("no options".to_owned()) };
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&address).await;
        let browser = Browser(client.map_err(|error| error.to_string())?);
        let result = looked_at(&browser, &user.here("page.html"), &user.here("many.html")).await;
        let closed = browser.0.close().await;
        result.and(closed.map_err(|error| error.to_string()))
    })
}

async fn looked_at(browser: &Browser, page: &Path, many: &Path) -> Result<()> {
    browser.open(page).await?;
    same("name", browser.text("#name").await?.as_str(), "async fn app::serve")?;
    same("loaded", browser.number("performance.getEntriesByType('resource').length").await?, 0)?;
    same("rows", browser.number("document.querySelectorAll('.row').length").await?, 9)?;
    same(
        "maps of bytes",
        browser.number("document.querySelectorAll('#bytes svg').length").await?,
        2,
    )?;
    searches(browser).await?;
    is_used(browser).await?;
    let screenshot = browser.0.screenshot().await.map_err(|error| error.to_string())?;
    same("colours", colours(&screenshot)? > 10, true)?;
    // A list of ten thousand has no more in it than can be seen.
    browser.open(many).await?;
    same(
        "all",
        browser
            .number("JSON.parse(document.getElementById('data').textContent).futures.length")
            .await?,
        10_000,
    )?;
    let in_page = browser.number("document.querySelectorAll('*').length").await?;
    same(&format!("{in_page} elements"), in_page < 3000, true)?;
    browser.keys("#list", &Key::End.to_string()).await?;
    let last = browser
        .number("Number(document.querySelector('.row[aria-selected=true]').dataset.index)")
        .await?;
    same("the last one", last, 9_999)
}

async fn searches(browser: &Browser) -> Result<()> {
    browser.keys("#search", "HELD").await?;
    let found = browser.texts(".row .label").await?;
    same("found", found, vec!["async fn app::held".to_owned()])?;
    let delete = Key::Backspace.to_string().repeat(4);
    browser.keys("#search", &delete).await?;
    same("all again", browser.texts(".row .label").await?.len(), 9)
}

async fn is_used(browser: &Browser) -> Result<()> {
    browser.click(".row[data-index='2']").await?;
    same("clicked", browser.text("#name").await?.as_str(), "async fn app::held")?;
    browser.keys("#list", &Key::Up.to_string()).await?;
    same("with keys", browser.text("#name").await?.as_str(), "async fn net::Client::fetch")?;
    browser.keys("#map [data-index='3']", &Key::Enter.to_string()).await?;
    same("an area", browser.text("#name").await?.as_str(), "async block in app::main")?;
    browser.click("button[data-sort='name']").await?;
    same(
        "by name",
        browser.texts(".row .label").await?.first().map(String::as_str),
        Some("async block in app::main"),
    )?;
    browser.keys("#list", "/").await?;
    same(
        "`/` searches",
        browser.number("Number(document.activeElement.id === 'search')").await?,
        1,
    )?;
    let named = "[...document.querySelectorAll('#map [role=button], svg[role=img], #search, #list')]\
                 .every((it) => it.getAttribute('aria-label'))";
    same("everything has a name", browser.number(&format!("Number({named})")).await?, 1)
}

/// The same page with ten thousand futures.
fn with_many(page: &str) -> Result<String> {
    let (before, rest) = page.split_once("type=\"application/json\">").ok_or("no data")?;
    let (data, after) = rest.split_once("</script>").ok_or("no end of data")?;
    let mut data: Value = serde_json::from_str(data).map_err(|error| error.to_string())?;
    let one = data["futures"][0].clone();
    let many = (0..10_000).map(|number| {
        let mut copy = one.clone();
        copy["size"] = json!(20_000 - number);
        copy["inside"] = json!([]);
        copy
    });
    data["futures"] = many.collect();
    Ok(format!("{before}type=\"application/json\">{data}</script>{after}"))
}

/// How many colours a picture has.
fn colours(png: &[u8]) -> Result<usize> {
    let complaint = |error: png::DecodingError| error.to_string();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().map_err(complaint)?;
    let size = reader.output_buffer_size().ok_or("the picture is too big")?;
    let mut pixels = vec![0; size];
    let info = reader.next_frame(&mut pixels).map_err(complaint)?;
    let samples = info.color_type.samples();
    let all: std::collections::BTreeSet<&[u8]> =
        pixels[..info.buffer_size()].chunks(samples).collect();
    Ok(all.len())
}

struct Browser(Client);

impl Browser {
    /// Opens a file, and waits until its program has drawn it.
    async fn open(&self, file: &Path) -> Result<()> {
        let address = format!("file://{}", file.display());
        self.0.goto(&address).await.map_err(|error| error.to_string())?;
        let ready = self.0.wait().for_element(Locator::Css("html[data-ready=true]")).await;
        ready.map(drop).map_err(|error| format!("{address} is not ready: {error}"))
    }

    async fn element(&self, css: &str) -> Result<fantoccini::elements::Element> {
        let found = self.0.wait().for_element(Locator::Css(css)).await;
        found.map_err(|error| format!("{css}: {error}"))
    }

    async fn text(&self, css: &str) -> Result<String> {
        self.element(css).await?.text().await.map_err(|error| format!("{css}: {error}"))
    }

    async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let script =
            format!("return [...document.querySelectorAll(\"{css}\")].map((it) => it.textContent)");
        let found = self.0.execute(&script, Vec::new()).await.map_err(|error| error.to_string())?;
        serde_json::from_value(found).map_err(|error| error.to_string())
    }

    /// What an expression comes to.
    async fn number(&self, expression: &str) -> Result<u64> {
        let found = self.0.execute(&format!("return {expression}"), Vec::new()).await;
        let found = found.map_err(|error| format!("{expression}: {error}"))?;
        found.as_u64().ok_or_else(|| format!("{expression}: {found}"))
    }

    async fn click(&self, css: &str) -> Result<()> {
        self.element(css).await?.click().await.map_err(|error| format!("{css}: {error}"))
    }

    async fn keys(&self, css: &str, keys: &str) -> Result<()> {
        self.element(css).await?.send_keys(keys).await.map_err(|error| format!("{css}: {error}"))
    }
}
