//! The workspace that is asked about.

use std::collections::BTreeMap;

use serde_json::Value;
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::Workshop;

/// `app` is a program; `net` has futures of its own, and generic ones; `made` is a proc macro that both use, and `app`
/// has a build script.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nmembers = [\"app\", \"net\", \"made\"]\nresolver = \"3\"\n"),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nnet = { path = \"../net\" }\n",
    ),
    ("app/build.rs", "fn main() { println!(\"cargo::rustc-env=BUILT=1\") }"),
    ("app/src/main.rs", MAIN),
    (
        "net/Cargo.toml",
        "[package]\nname = \"net\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nmade = { path = \"../made\" }\n",
    ),
    ("net/src/lib.rs", NET),
    (
        "made/Cargo.toml",
        "[package]\nname = \"made\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
    ),
    (
        "made/src/lib.rs",
        "use proc_macro::TokenStream;\n\
         #[proc_macro] pub fn seven(_: TokenStream) -> TokenStream { \"7\".parse().unwrap() }",
    ),
];

pub(crate) const NET: &str = "
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub struct Client {
    pub name: [u8; 64],
}

impl Client {
    pub async fn fetch(&self, path: [u8; 200]) -> u8 {
        let buffer = [1u8; 1024];
        let sent = self.send(path).await;
        sent + look(&buffer)
    }

    async fn send(&self, path: [u8; 200]) -> u8 {
        wait().await;
        path[0] + self.name[0]
    }
}

pub struct Big([u8; 500]);

impl Big {
    pub fn new(number: u8) -> Big {
        Big([number; 500])
    }
    pub fn look(&self) -> u8 {
        look(&self.0)
    }
}

impl Drop for Big {
    fn drop(&mut self) {}
}

pub fn look(bytes: &[u8]) -> u8 {
    std::hint::black_box(bytes)[0]
}

pub async fn kept<T: AsRef<[u8]>>(value: T) -> u8 {
    let inside = value;
    wait().await;
    look(inside.as_ref())
}

struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

pub async fn wait() {
    Wait(false).await
}

pub fn spawn<F: Future<Output = u8>>(future: F) -> u8 {
    block_on(future) + made::seven!()
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
";

/// It prints the sizes of its futures, by the names that lists have.
const MAIN: &str = "
use net::{Big, Client, block_on, kept, look, spawn, wait};

async fn serve(client: Client) -> u8 {
    let first = client.fetch([2; 200]).await;
    let small = Box::pin(tiny()).await;
    first + small + held().await
}

async fn tiny() -> u8 {
    wait().await;
    7
}

async fn held() -> u8 {
    let big = Big::new(5);
    let seen = big.look();
    wait().await;
    seen
}

async fn sum(values: [u8; 300]) -> u8 {
    wait().await;
    look(&values)
}

fn print<F>(name: &str, future: F) -> F {
    println!(\"{name} {}\", size_of::<F>());
    future
}

fn main() {
    let client = || Client { name: [1; 64] };
    print(\"async fn app::tiny\", tiny());
    print(\"async fn app::held\", held());
    print(\"async fn net::Client::fetch\", client().fetch([1; 200]));
    print(\"async fn net::kept\", kept([0u8; 333]));
    print(\"async fn net::wait\", wait());
    let numbers = [
        spawn(print(\"async fn app::serve\", serve(client()))),
        block_on(print(\"async fn app::sum\", sum([5; 300]))),
        block_on(print(\"async block in app::main\", async {
            let kept_here = Big::new(9);
            wait().await;
            kept_here.look() + env!(\"BUILT\").len() as u8
        })),
    ];
    println!(\"{numbers:?}\");
}
";

/// The user who asks.
pub(crate) fn user(tools: Tools) -> Result<User> {
    Ok(User::of(tools, Workshop::new(tools, FILES)?))
}

/// The sizes that the program prints, by names.
pub(crate) fn printed(stdout: &str) -> Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    for line in stdout.lines().filter(|line| line.starts_with("async ")) {
        let (name, size) = line.rsplit_once(' ').ok_or("no size")?;
        sizes.insert(name.to_owned(), size.parse().map_err(|_| format!("no size: {line}"))?);
    }
    Ok(sizes)
}

/// What `cargo snug sizes --format json` and some options say.
pub(crate) fn json(user: &User, options: &str) -> Result<Value> {
    let said = user.succeed(&format!("sizes -q --format json {options}"))?.stdout;
    serde_json::from_str(&said).map_err(|error| format!("{error}: {said}"))
}

/// A number of each listed future, by names. Of several of one name, the biggest.
pub(crate) fn listed(list: &Value, key: &str) -> BTreeMap<String, u64> {
    let mut numbers = BTreeMap::new();
    for future in list["futures"].as_array().into_iter().flatten() {
        let name = future["name"].as_str().unwrap_or_default().to_owned();
        let number = numbers.entry(name).or_default();
        *number = future[key].as_u64().unwrap_or_default().max(*number);
    }
    numbers
}
