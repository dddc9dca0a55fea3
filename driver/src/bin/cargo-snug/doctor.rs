//! `cargo snug doctor`: is everything there, does it work, and what to do if not.
//!
//! Each check says one line; what is wrong is followed by what to do about it. The last checks
//! compile and run a program, once with each backend.

use std::path::Path;
use std::process::{Command, ExitCode, Output};

use anyhow::{Context, Result, bail};
use snug_driver::compilers;
use snug_driver::error::Error;
use snug_driver::installation::{Backend, Installation};
use snug_driver::toolchain::{self, Toolchain};

use crate::config::Config;
use crate::options::Options;
use crate::{cargo, hidden_flags, sharing, targets};

/// A future that is smaller only if Snug has laid it out. It prints its size in bytes.
const PROBE: &str = "
async fn wait() {}
async fn probe(kilobyte: [u8; 1024]) -> u8 {
    wait().await;
    kilobyte[7]
}
fn main() {
    let future = std::pin::pin!(probe([7; 1024]));
    print!(\"{} \", size_of_val(&*future));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::future::Future::poll(future, &mut context) {
        std::task::Poll::Ready(seven) => println!(\"{seven}\"),
        std::task::Poll::Pending => println!(\"pending\"),
    }
}
";

/// What the program prints: the future needs the kilobyte, a tag and the awaited future; stock rustc takes
/// the kilobyte twice.
fn is_good(printed: &str) -> bool {
    let mut words = printed.split_whitespace();
    let size = words.next().and_then(|size| size.parse::<usize>().ok());
    size.is_some_and(|size| (1024..2048).contains(&size)) && words.next() == Some("7")
}

/// Runs all checks. The exit status says whether all is well.
pub(crate) fn run(options: &Options, config: &Config, targets: &[String]) -> Result<ExitCode> {
    let mut findings = Findings::default();
    let toolchain = find_toolchain(options);
    let installation = findings.note("files of Snug", files(toolchain.as_ref().ok()));
    let toolchain = findings.note("toolchain", toolchain);
    findings.note("environment", environment());
    if let Some(sccache) = sharing::sccache() {
        findings.note("sccache", sharing::check(&sccache));
    }
    findings.note("cargo's configuration", configuration(config));
    hidden_flags::warnings(config).iter().for_each(|warning| findings.warn("flags", warning));
    if let (Some(installation), Some(toolchain)) = (installation, toolchain) {
        findings.note("linker", linker());
        for (what, found) in targets::check(targets, config, &toolchain) {
            findings.note(&what, found);
        }
        for backend in Backend::ALL {
            let what = format!("a program with {}", backend.name());
            findings.note(&what, probe(&installation, &toolchain, backend));
        }
    }
    Ok(findings.end())
}

/// Counts what is wrong, and says it.
#[derive(Default)]
struct Findings {
    wrong: usize,
}

impl Findings {
    fn note<T: Noted>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(found) => {
                println!("    ok  {what}: {}", found.describe());
                Some(found)
            }
            Err(error) => {
                self.wrong += 1;
                println!("WRONG   {what}: {}", indented(&format!("{error:#}")));
                None
            }
        }
    }

    /// Something that may be meant, but is worth a look.
    fn warn(&mut self, what: &str, warning: &str) {
        println!("  look  {what}: {}", indented(warning));
    }

    fn end(self) -> ExitCode {
        match self.wrong {
            0 => {
                println!("All is well.");
                ExitCode::SUCCESS
            }
            1 => {
                println!("One thing is wrong.");
                ExitCode::FAILURE
            }
            wrong => {
                println!("{wrong} things are wrong.");
                ExitCode::FAILURE
            }
        }
    }
}

/// Lines that follow the first stand below it.
fn indented(text: &str) -> String {
    text.replace('\n', "\n        ")
}

/// What a check found, in words.
trait Noted {
    fn describe(&self) -> String;
}

impl Noted for Installation {
    fn describe(&self) -> String {
        let compilers = compilers::installed().unwrap_or_default();
        let others = compilers.iter().filter(|compiler| compiler.folder != self.folder());
        let others: Vec<&str> = others.map(|compiler| compiler.version.as_str()).collect();
        let others = match &*others {
            [] => String::new(),
            others => format!("; there is also Snug for rustc {}", others.join(" and for rustc ")),
        };
        format!("all in `{}`{others}", self.folder().display())
    }
}

impl Noted for Toolchain {
    fn describe(&self) -> String {
        format!("rustc {} in `{}`", self.compiler.version, self.sysroot.display())
    }
}

impl Noted for String {
    fn describe(&self) -> String {
        self.clone()
    }
}

/// The files for a toolchain or, where that is wrong, for any.
fn files(toolchain: Option<&Toolchain>) -> Result<Installation> {
    let compilers = compilers::installed().map_err(|error| plain(&error))?;
    let compiler = toolchain.map(|toolchain| &toolchain.compiler).or(compilers.first());
    let compiler = compiler.context("Snug is installed for no compiler")?;
    let installation = Installation::of_compiler(compiler).map_err(|error| plain(&error))?;
    installation.check_sums().map_err(|error| plain(&error))?;
    Ok(installation)
}

fn find_toolchain(options: &Options) -> Result<Toolchain> {
    let toolchain = cargo::toolchain(options).map_err(|error| plain(&error))?;
    let library = toolchain.rustlib().join(host()).join("lib");
    if !library.is_dir() {
        bail!("the standard library is missing\n`rustup component add rust-std` installs it");
    }
    Ok(toolchain)
}

/// Variables that make cargo do something else than users of Snug mean.
fn environment() -> Result<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if set("RUSTC_BOOTSTRAP").is_some() {
        bail!(
            "RUSTC_BOOTSTRAP is set: build scripts believe they are on nightly\n\
             `unset RUSTC_BOOTSTRAP`: Snug does not need it"
        );
    }
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "RUSTDOCFLAGS"] {
        if set(name).is_some_and(|flags| flags.contains("codegen-backend")) {
            bail!(
                "{name} names a codegen backend, and Snug is one\ntake `-Zcodegen-backend` \
                 out of it: `cargo snug --backend cranelift` or `--backend llvm` chooses"
            );
        }
    }
    for name in ["RUSTC", "RUSTDOC"] {
        if let Some(value) = set(name) {
            bail!("{name} is `{value}`: `cargo snug` replaces it\n`unset {name}`");
        }
    }
    Ok("nothing in the way".to_owned())
}

/// The same in cargo's configuration.
fn configuration(config: &Config) -> Result<String> {
    for tool in ["rustc", "rustdoc"] {
        if let Some(setting) = config.string(&["build", tool]) {
            bail!(
                "`build.{tool}` is `{}` in {}: `cargo snug` replaces it\ntake it out if that is not what you want",
                setting.value,
                setting.from
            );
        }
    }
    let flags = [&["build", "rustflags"][..], &["build", "rustdocflags"], &["target"]];
    let flags = flags.iter().flat_map(|key| config.strings_below(key));
    if let Some((_, from)) = flags.into_iter().find(|flag| flag.0.contains("codegen-backend")) {
        bail!(
            "flags in {from} name a codegen backend, and Snug is one\ntake `-Zcodegen-backend` out \
             of it: `cargo snug --backend cranelift` or `--backend llvm` chooses"
        );
    }
    if let Some((_, from)) = config.strings_below(&["env", "RUSTC_BOOTSTRAP"]).first() {
        bail!(
            "`env.RUSTC_BOOTSTRAP` is set in {from}: build scripts believe they are on nightly\n\
             take it out: Snug does not need it"
        );
    }
    Ok("nothing in the way".to_owned())
}

fn linker() -> Result<String> {
    let output = Command::new("cc").arg("--version").output();
    match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok(text.lines().next().unwrap_or("cc").to_owned())
        }
        _ => bail!(
            "`cc` cannot be started, and rustc links with it\ninstall a C compiler, on \
             Debian `apt install gcc`"
        ),
    }
}

/// Compiles and runs a program.
fn probe(installation: &Installation, toolchain: &Toolchain, backend: Backend) -> Result<String> {
    let folder = tempfile::tempdir().context("no temporary folder can be made")?;
    std::fs::write(folder.path().join("probe.rs"), PROBE)?;
    let mut rustc = rustc(installation, toolchain, backend)?;
    checked(rustc.args(["--edition=2024", "probe.rs", "-o", "probe"]).current_dir(folder.path()))?;
    let output = checked(&mut Command::new(folder.path().join("probe")))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if !is_good(&printed) {
        bail!(
            "it prints `{}`, which is not what Snug makes of it: please report it",
            printed.trim()
        );
    }
    let size = printed.split_whitespace().next().unwrap_or_default();
    Ok(format!("a future with a kilobyte in it has {size} bytes"))
}

pub(crate) fn rustc(
    installation: &Installation,
    toolchain: &Toolchain,
    backend: Backend,
) -> Result<Command> {
    let mut rustc = Command::new(installation.rustc(backend).map_err(anyhow::Error::msg)?);
    rustc
        .env(toolchain::SYSROOT, &toolchain.sysroot)
        .env_remove("SNUG_LAYOUT")
        .env_remove("SNUG_COALESCE")
        .env_remove("SNUG_LIVENESS")
        .env_remove("SNUG_INLINE")
        .env_remove("SNUG_SHARE_STACK");
    Ok(rustc)
}

pub(crate) fn checked(command: &mut Command) -> Result<Output> {
    let name = Path::new(command.get_program()).display().to_string();
    let output = command.output().with_context(|| format!("`{name}` cannot be started"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{name}` fails ({}):\n{}", output.status, said.trim_end());
    }
    Ok(output)
}

/// An error of the library's, as it stands after the name of a check.
fn plain(error: &Error) -> anyhow::Error {
    let (message, help) = error.parts();
    let lines: Vec<&str> = [message].into_iter().chain(help).collect();
    anyhow::Error::msg(lines.join("\n"))
}

/// What Snug is built for, and so runs on.
fn host() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stocks_future_is_not_good_enough() {
        assert!(is_good("1026 7\n"));
        assert!(!is_good("2051 7\n"));
        assert!(!is_good("1026 pending\n"));
        assert!(!is_good(""));
    }
}
