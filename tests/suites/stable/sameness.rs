//! What `cargo snug` prints is what cargo prints, but for the names of folders, hashes in names, and
//! times.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::same;

use snug_tests::user::{User, without_hashes};

const MAIN: &str = "fn main() { let unused = 1; println!(\"printed\"); eprintln!(\"said\") }
    #[test] fn passes() {}
    #[test] fn fails() { panic!() }";

/// What is left of what cargo prints when all that has to differ is taken out.
fn plain(text: &str, user: &User, tools: Tools) -> Result<String> {
    let installed = format!("{}/", tools.built()?.display());
    let stock = tools.rustc.to_string_lossy().into_owned();
    let folder = user.workspace.path("").to_string_lossy().into_owned();
    let mut text = without_hashes(&text.replace("target/snug", "target")).replace(&folder, "");
    for backend in ["cranelift", "llvm"] {
        text = text.replace(&format!("{installed}{backend}/rustc"), "rustc");
        text = text.replace(&format!("{installed}{backend}/rustdoc"), "rustdoc");
    }
    text = text.replace(&stock, "rustc");
    // Another test may hold the lock.
    let lines = text.lines().filter(|line| !line.contains("waiting for file lock"));
    let lines = lines.map(|line| {
        // `-C metadata=0123..`, `finished in 0.00s`, `target(s) in 0.12s`, `5 files, 1.2MiB total`
        let words = line.split(' ').map(|word| match word {
            _ if word.starts_with("metadata=") => "metadata",
            _ if is_time(word) => "TIME",
            _ if is_thread(word) => "(THREAD)",
            _ => word,
        });
        words.collect::<Vec<_>>().join(" ")
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn is_time(word: &str) -> bool {
    let seconds = word.trim_end_matches(['\r', '\x1b', '[', '0', 'm', ';']);
    seconds.strip_suffix('s').is_some_and(|number| number.parse::<f64>().is_ok())
}

/// A thread that panics says its number.
fn is_thread(word: &str) -> bool {
    let number = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

fn compare(user: &User, tools: Tools, arguments: &str) -> Result<()> {
    let stock = user.cargo(arguments)?;
    let snug = user.snug(arguments)?;
    same(&format!("{arguments}: status"), &snug.status, &stock.status)?;
    let plain = |text: &str| plain(text, user, tools);
    let mut stock_lines = [plain(&stock.stdout)?, plain(&stock.stderr)?];
    let mut snug_lines = [plain(&snug.stdout)?, plain(&snug.stderr)?];
    if arguments.contains("-j1") {
        return same(arguments, snug_lines, stock_lines);
    }
    // Which of two tests or packages comes first is chance.
    for text in stock_lines.iter_mut().chain(&mut snug_lines) {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        *text = lines.join("\n");
    }
    same(arguments, snug_lines, stock_lines)
}

/// Command by command, from an empty target folder on.
pub(crate) fn output(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[("app/src/main.rs", MAIN)])?;
    for arguments in [
        "build -j1",
        "build -j1",
        "check -j1 --message-format=json",
        "build -j1 --message-format=json --release",
        "build -j1 -v --color always --profile small",
        "run -q",
        "run",
        "test --no-fail-fast",
        "test -q -p store",
        "doc --no-deps -p store",
        "bench --no-run -j1",
        "tree",
        "build -j1 -p nobody",
        "build --wrong",
        "build --profile nobodys",
        "run --bin nothing",
        "no-such-command",
        "help tree",
        "help",
        "--list",
        "version",
        "--explain E0001",
        "clean --dry-run -p nobody",
    ] {
        compare(&user, tools, arguments)?;
    }
    user.workspace.write("app/src/main.rs", "fn main() { let x: u8 = \"\"; }")?;
    compare(&user, tools, "build -j1 --color always")?;
    compare(&user, tools, "check -j1 --message-format=short")?;
    user.workspace.write("app/Cargo.toml", "[package]\nname = 1\n")?;
    compare(&user, tools, "build")
}

/// On a terminal there are colours and a progress bar.
pub(crate) fn terminal(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[("app/src/main.rs", MAIN)])?.env("TERM", "xterm-256color");
    // The bar only comes when something takes long: by chance.
    let user = user.env("CARGO_TERM_PROGRESS_WHEN", "never");
    let on_terminal = |with_snug| -> Result<String> {
        let ran = user.shell(with_snug, "script -qec \"$C build -j1; $C run\" /dev/null")?;
        plain(&ran.expect_success("script")?.stdout, &user, tools)
    };
    let stock = on_terminal(false)?;
    same("colours", stock.contains("\x1b[1m\x1b[92m   Compiling"), true)?;
    same("on a terminal", on_terminal(true)?, stock)
}

/// Help comes when nothing is asked for, as cargo's does, and when cargo is asked for help.
pub(crate) fn help(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let short = user.succeed("")?.stdout;
    same("short", short.starts_with("Runs a cargo command, compiled by Snug"), true)?;
    let long = user.succeed("--help")?.stdout;
    same("long", long.contains("but not among a program's arguments"), true)?;
    // `cargo help snug`
    let bin = tools.cargo_snug().with_file_name("");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [bin].into_iter().chain(std::env::split_paths(&path));
    let user = user.env("PATH", std::env::join_paths(folders).map_err(|e| e.to_string())?);
    same("cargo help snug", user.cargo("help snug")?.stdout, long.clone())?;
    same("cargo snug --help", user.cargo("snug --help")?.stdout, long)?;
    same("cargo snug", user.cargo("snug")?.stdout, short)
}
