//! What the user asks for: Snug's own options, and a cargo command that is passed on untouched.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::arguments::{CommandLine, OWN_COMMANDS};
use crate::choice::Choice;
use crate::config::Config;
use crate::setup::Editor;

/// The commands that are Snug's alone: cargo has no part in them.
const OWN_ALONE: [&str; 4] = ["completions", "doctor", "man", "setup"];

/// Runs a cargo command, compiled by Snug: the same program with smaller futures.
///
/// Dev and test profiles are compiled with Cranelift, release and bench with LLVM; both give futures
/// the same layout. Results go into a folder of their own, so stock builds are not disturbed.
/// Snug's options may stand before or after the command, but not among a program's arguments (`run app ..`, `--`).
#[derive(Clone, Debug, Parser)]
#[command(
    name = "cargo snug",
    bin_name = "cargo snug",
    override_usage = "cargo snug [SNUG OPTIONS] <CARGO COMMAND> [CARGO OPTIONS]\n       cargo snug sizes [OPTIONS] [CARGO'S BUILD OPTIONS]\n       cargo snug stack [OPTIONS] [CARGO'S BUILD OPTIONS]\n       cargo snug ram [OPTIONS] [CARGO'S BUILD OPTIONS]\n       cargo snug doctor | setup | completions",
    after_help = "Examples:\n  cargo snug build --release\n  cargo snug --backend llvm test -p server\n  \
                  cargo snug build --llvm ring      (a dev build in which LLVM optimises ring)\n  \
                  cargo snug run --backend mixed    (.. in which it optimises all dependencies)",
    disable_version_flag = true,
    disable_help_subcommand = true,
    max_term_width = 120
)]
pub(crate) struct Options {
    /// Compile everything with this backend [default: by profile]
    #[arg(long, value_enum, value_name = "BACKEND")]
    pub(crate) backend: Option<Choice>,
    /// Compile this package with LLVM in any case (may be repeated)
    #[arg(long, value_name = "PACKAGE")]
    pub(crate) llvm: Vec<String>,
    /// How futures are laid out [default: packed]
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(crate) layout: Option<Layout>,
    /// Whether values that only move from one variable to the next get one place [default: on]. `off` is for unsafe
    /// code that uses the place of a value which has moved away; futures get bigger
    #[arg(long, value_enum, value_name = "SWITCH")]
    pub(crate) coalesce: Option<Switch>,
    /// How long a value that has moved away keeps its bytes [default: moves]
    #[arg(long, value_enum, value_name = "LIVENESS")]
    pub(crate) liveness: Option<Liveness>,
    /// Whether small functions of other crates are inlined in unoptimised builds by Cranelift [default: on]
    #[arg(long, value_enum, value_name = "SWITCH")]
    pub(crate) inline: Option<Switch>,
    /// Write a report on every future into this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) report: Option<PathBuf>,
    /// Say which versions of everything this is
    #[arg(short = 'V', long)]
    version: bool,
    /// Only for `-vV`, which is one word: cargo gets a word of its own.
    #[arg(short, long, hide = true)]
    verbose: bool,
    /// From `+TOOLCHAIN`.
    #[arg(skip)]
    pub(crate) toolchain: Option<OsString>,
    /// What cargo is to do.
    #[arg(skip)]
    line: CommandLine,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Check that everything Snug needs is there and works, and say what to do if not
    Doctor {
        /// Check also what compiling for this target needs (may be repeated) [default: `build.target`]
        #[arg(long, value_name = "TARGET")]
        target: Vec<String>,
    },
    /// Show which futures are big, and why
    ///
    /// Builds as `cargo check` does, without generating code, and takes its options: `-p`, `--release`, `--features`,
    /// `--target`, `--tests`...
    #[command(override_usage = "cargo snug sizes [OPTIONS] [CARGO'S BUILD OPTIONS]")]
    Sizes(snug_sizes::Options),
    /// Show how much stack the poll functions of programs need, and the deepest chain of calls below each task
    ///
    /// Builds the programs with debug information, and takes the options of `cargo build`: `-p`, `--release`, `--bin`...
    #[command(override_usage = "cargo snug stack [OPTIONS] [CARGO'S BUILD OPTIONS]")]
    Stack(snug_stack::Options),
    /// Show what the statics of programs take of the RAM, and first of all the tasks of embassy
    ///
    /// Builds the programs, in the release profile unless another one is named, and takes the options of `cargo build`: `--target`, `-p`,
    /// `--bin`, `--profile`...
    #[command(override_usage = "cargo snug ram [OPTIONS] [CARGO'S BUILD OPTIONS]")]
    Ram(snug_stack::ram::Options),
    /// Print or write what makes an editor run, test and debug with Snug
    Setup {
        /// The editor
        #[arg(value_enum)]
        editor: Editor,
        /// Write the files into the workspace; those that are there already are left as they are, and printed
        #[arg(long)]
        write: bool,
    },
    /// Print what makes a shell complete `cargo snug`
    ///
    /// bash: `cargo snug completions bash >> ~/.bashrc`; zsh: `cargo snug completions zsh > FOLDER/_cargo-snug`, for a folder in
    /// `fpath`; fish: `cargo snug completions fish > ~/.config/fish/conf.d/cargo-snug.fish`
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
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

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl Switch {
    /// As environment variables have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Switch::On => "on",
            Switch::Off => "off",
        }
    }
}

/// How long a value that has moved away keeps its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Liveness {
    /// Not at all
    Moves,
    /// Until its scope ends, if it was ever borrowed. For unsafe code that reads what has moved away; futures get bigger
    Stock,
}

impl Liveness {
    /// As environment variables have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Liveness::Moves => "moves",
            Liveness::Stock => "stock",
        }
    }
}

/// What is to be done.
pub(crate) enum Action {
    /// What is there, for these targets, too.
    Doctor {
        targets: Vec<String>,
    },
    Version,
    /// An editor's settings, and whether they are to be written.
    Setup(Editor, bool),
    /// A shell's completions.
    Completions(clap_complete::Shell),
    /// The manual page.
    Man,
    /// Questions about the sizes of what a cargo command builds.
    Sizes(snug_sizes::Options, CommandLine),
    /// Questions about the stacks of what a cargo command builds.
    Stack(snug_stack::Options, CommandLine),
    /// Questions about the statics of what a cargo command builds.
    Ram(snug_stack::ram::Options, CommandLine),
    /// A cargo command.
    Cargo(CommandLine),
}

impl Options {
    /// Whether more is to be said than usual.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose || self.line.has("verbose")
    }

    /// Reads the arguments after `cargo snug`. Prints help and exits where that is asked for.
    pub(crate) fn parse(arguments: Vec<OsString>, config: &Config) -> Options {
        let (toolchain, arguments) = split_toolchain(arguments);
        let line = CommandLine::read(&arguments, |name| config.alias(name));
        let mut own = vec![OsString::from("cargo snug")];
        own.extend_from_slice(&line.own);
        if line.command.as_deref().is_some_and(|command| OWN_ALONE.contains(&command)) {
            own.extend_from_slice(&line.words);
        }
        for command in OWN_COMMANDS {
            if line.command.as_deref() == Some(command.name) {
                own.push(command.name.into());
                own.extend_from_slice(&line.of_command);
            }
        }
        let mut options = Options::try_parse_from(own).unwrap_or_else(|error| error.exit());
        options.toolchain = toolchain;
        options.line = line;
        options
    }

    /// What is to be done.
    pub(crate) fn action(&self) -> Result<Action> {
        Ok(match &self.command {
            _ if self.version => Action::Version,
            Some(Command::Doctor { target }) => Action::Doctor { targets: target.clone() },
            Some(Command::Setup { editor, write }) => Action::Setup(*editor, *write),
            Some(Command::Completions { shell }) => Action::Completions(*shell),
            Some(Command::Man) => Action::Man,
            Some(Command::Sizes(options)) => {
                Action::Sizes(options.clone(), self.line.clone().with_command("check"))
            }
            Some(Command::Stack(options)) => {
                Action::Stack(options.clone(), self.line.clone().with_command("build"))
            }
            Some(Command::Ram(options)) => {
                Action::Ram(options.clone(), self.line.clone().with_command("build").released())
            }
            None if self.line.words.is_empty() => {
                Options::command().print_help()?;
                std::process::exit(0)
            }
            None => Action::Cargo(self.line.clone()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    fn cargo_arguments(text: &str) -> (Options, Vec<OsString>) {
        let options = Options::parse(words(text), &Config::default());
        let Action::Cargo(line) = options.action().unwrap() else { panic!("{text}") };
        (options, line.words)
    }

    #[test]
    fn options_are_snugs_and_all_else_is_cargos() {
        let (options, rest) =
            cargo_arguments("build --layout=classic -p app --backend llvm -- --backend x");
        assert_eq!(rest, words("build -p app -- --backend x"));
        assert_eq!(options.layout, Some(Layout::Classic));
        assert_eq!(options.backend, Some(Choice::Llvm));
        assert_eq!(options.coalesce, None);
        let (options, rest) = cargo_arguments("build --coalesce=off");
        assert_eq!((options.coalesce, rest), (Some(Switch::Off), words("build")));
        let (options, rest) = cargo_arguments("--liveness moves build");
        assert_eq!((options.liveness, rest), (Some(Liveness::Moves), words("build")));
        let (options, rest) = cargo_arguments("test --inline off x");
        assert_eq!((options.inline, rest), (Some(Switch::Off), words("test x")));
        let text = "test --release -V --help --version --config build.jobs=1";
        assert_eq!(cargo_arguments(text).1, words(text));
        assert_eq!(cargo_arguments("--list").1, words("--list"));
    }

    #[test]
    fn packages_add_up_and_a_toolchain_is_understood() {
        let (options, rest) = cargo_arguments("+1.95.0 --llvm ring check --llvm image");
        assert_eq!(options.llvm, ["ring", "image"]);
        assert_eq!(options.toolchain, Some("1.95.0".into()));
        assert_eq!(rest, words("check"));
    }

    #[test]
    fn what_is_not_cargos_is_done_here() {
        let action = |text| Options::parse(words(text), &Config::default()).action().unwrap();
        let targets = |text| match action(text) {
            Action::Doctor { targets } => targets,
            _ => panic!("{text}"),
        };
        assert_eq!(targets("doctor"), [""; 0]);
        assert_eq!(targets("doctor --target a --target=b"), ["a", "b"]);
        let Action::Sizes(options, line) = action("sizes --release --top 3 --why a") else {
            panic!("sizes")
        };
        assert_eq!((options.top, options.why.as_deref()), (3, Some("a")));
        assert_eq!(line.words, words("check --release"));
        let ram = |text| match action(text) {
            Action::Ram(options, line) => (options.stock, line),
            _ => panic!("{text}"),
        };
        let (stock, line) = ram("ram --stock -p app");
        assert_eq!((stock, line.words.clone()), (true, words("build --release -p app")));
        assert!(line.has("release"));
        assert_eq!(ram("ram -r").1.words, words("build -r"));
        assert_eq!(ram("ram --profile dev").1.words, words("build --profile dev"));
        assert!(matches!(action("setup zed --write"), Action::Setup(Editor::Zed, true)));
        assert!(matches!(action("completions fish"), Action::Completions(_)));
        assert!(matches!(action("--version"), Action::Version));
        assert!(matches!(action("-V build"), Action::Version));
        assert!(matches!(action("-vV"), Action::Version));
        assert!(matches!(action("-v --version"), Action::Version));
    }
}
