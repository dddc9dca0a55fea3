//! What the user asks for: Snug's own options, and a cargo command that is passed on untouched.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use snug_driver::installation::Backend;

/// Runs a cargo command, compiled by Snug: the same program with smaller futures.
///
/// Dev and test profiles are compiled with Cranelift, release and bench with LLVM; both give futures
/// the same layout. Results go into a folder of their own, so stock builds are not disturbed.
/// Snug's options may stand before or after the command, but not after `--`.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "cargo snug",
    bin_name = "cargo snug",
    override_usage = "cargo snug [SNUG OPTIONS] <CARGO COMMAND> [CARGO OPTIONS]\n       cargo snug doctor",
    after_help = "Examples:\n  cargo snug build --release\n  cargo snug --backend llvm test -p server\n  \
                  cargo snug build --llvm ring      (a dev build in which LLVM optimises ring)",
    disable_version_flag = true,
    disable_help_subcommand = true,
    max_term_width = 120
)]
pub(crate) struct Options {
    /// Compile everything with this backend [default: by profile]
    #[arg(long, value_enum, value_name = "BACKEND")]
    pub(crate) backend: Option<Backend>,
    /// Compile this package with LLVM in any case (may be repeated)
    #[arg(long, value_name = "PACKAGE")]
    pub(crate) llvm: Vec<String>,
    /// How futures are laid out [default: packed]
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(crate) layout: Option<Layout>,
    /// Write a report on every future into this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) report: Option<PathBuf>,
    /// Say which versions of everything this is
    #[arg(short = 'V', long)]
    version: bool,
    /// From `+TOOLCHAIN`.
    #[arg(skip)]
    pub(crate) toolchain: Option<OsString>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Check that everything Snug needs is there and works, and say what to do if not
    Doctor,
    /// Any command of cargo
    #[command(external_subcommand)]
    Cargo(Vec<OsString>),
}

/// How futures are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// What is never alive together may overlap
    Packed,
    /// As rust-lang/rust #135527
    CapturesOnly,
    /// As stock rustc
    Classic,
}

impl Layout {
    /// The value of `SNUG_LAYOUT`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Layout::Packed => "packed",
            Layout::CapturesOnly => "captures-only",
            Layout::Classic => "classic",
        }
    }
}

/// What is to be done.
pub(crate) enum Action {
    Doctor,
    Version,
    /// A cargo command and its arguments.
    Cargo(Vec<OsString>),
}

impl Options {
    /// Reads the arguments after `cargo snug`. Prints help and exits where that is asked for.
    pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Options> {
        let (toolchain, arguments) = split_toolchain(arguments);
        let program = OsString::from("cargo snug");
        let arguments = std::iter::once(program).chain(own_first(arguments));
        let mut options = Options::try_parse_from(arguments).unwrap_or_else(|error| error.exit());
        options.toolchain = toolchain;
        Ok(options)
    }

    /// What is to be done.
    pub(crate) fn action(&self) -> Result<Action> {
        Ok(match &self.command {
            _ if self.version => Action::Version,
            Some(Command::Doctor) => Action::Doctor,
            Some(Command::Cargo(arguments)) => Action::Cargo(arguments.clone()),
            None => {
                Options::command().print_help()?;
                std::process::exit(0)
            }
        })
    }
}

/// `+TOOLCHAIN`, which rustup would take as well if it stood before `snug`.
fn split_toolchain(mut arguments: Vec<OsString>) -> (Option<OsString>, Vec<OsString>) {
    let first = arguments.first().map(|first| first.to_string_lossy().into_owned());
    match first.as_deref().and_then(|first| first.strip_prefix('+')) {
        Some(toolchain) => (Some(toolchain.into()), arguments.split_off(1)),
        None => (None, arguments),
    }
}

/// Puts Snug's options, wherever they stand before `--`, before the command.
fn own_first(arguments: Vec<OsString>) -> Vec<OsString> {
    let (mut own, mut others) = (Vec::new(), Vec::new());
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            others.push(argument);
            others.extend(arguments);
            break;
        }
        match is_own(&argument) {
            None => others.push(argument),
            Some(has_value) => {
                own.push(argument);
                if !has_value {
                    own.extend(arguments.next());
                }
            }
        }
    }
    own.append(&mut others);
    own
}

/// Whether an argument is an option of Snug's, and if so whether its value is in it.
fn is_own(argument: &OsStr) -> Option<bool> {
    let text = argument.to_str()?;
    let (name, has_value) = text.split_once('=').map_or((text, false), |(name, _)| (name, true));
    ["--backend", "--llvm", "--layout", "--report"].contains(&name).then_some(has_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    fn cargo_arguments(text: &str) -> (Options, Vec<OsString>) {
        let options = Options::parse(words(text)).unwrap();
        let Action::Cargo(arguments) = options.action().unwrap() else { panic!("{text}") };
        (options, arguments)
    }

    #[test]
    fn own_options_may_stand_anywhere_before_two_dashes() {
        let (options, rest) =
            cargo_arguments("build --layout=classic -p app --backend llvm -- --backend x");
        assert_eq!(rest, words("build -p app -- --backend x"));
        assert_eq!(options.layout, Some(Layout::Classic));
        assert_eq!(options.backend, Some(Backend::Llvm));
    }

    #[test]
    fn all_else_is_cargos() {
        let text = "test --release -V --help --version --config build.jobs=1";
        assert_eq!(cargo_arguments(text).1, words(text));
    }

    #[test]
    fn packages_add_up_and_a_toolchain_is_understood() {
        let (options, rest) = cargo_arguments("+1.95.0 --llvm ring check --llvm image");
        assert_eq!(options.llvm, ["ring", "image"]);
        assert_eq!(options.toolchain, Some("1.95.0".into()));
        assert_eq!(rest, words("check"));
    }
}
