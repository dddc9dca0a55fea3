//! Cargo's command line, as cargo reads it: which command it is, which options it has, and which of
//! them are Snug's.
//!
//! What a program is to get is not Snug's: what stands behind `--`, what `cargo run` passes on from its first
//! positional argument on, and what somebody else's subcommand gets. So options with values must be known, short
//! ones too, and aliases resolved (`xtask = "run -p xtask --"`).
//!
//! Mirrors `cli.rs`, `main.rs` and `commands/` in cargo's `src/bin/cargo`. Cargo gets the words as they are,
//! and says itself what is wrong with them.

mod known;
mod part;

use std::ffi::{OsStr, OsString};

pub(crate) use self::known::OWN_COMMANDS;
use self::known::{ALIKE, COMMANDS, GLOBAL, OWN, WITH_PROGRAM, built_in, is_one_of};
use self::part::Part;

/// A call of cargo.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommandLine {
    /// What cargo gets: everything but Snug's options.
    pub(crate) words: Vec<OsString>,
    /// Snug's options, and what stands before the command and is not cargo's.
    pub(crate) own: Vec<OsString>,
    /// The options of Snug's own command, where it is one that takes cargo's options, too.
    pub(crate) of_command: Vec<OsString>,
    /// The command; what it stands for if it is an alias.
    pub(crate) command: Option<String>,
    /// All options, those of aliases too: names without dashes, and values.
    options: Vec<(String, Option<OsString>)>,
    /// Where in `words` a `--config` must be put for cargo to take it, and to take it last.
    place_for_config: usize,
}

impl CommandLine {
    /// Reads what stands after `cargo snug`.
    pub(crate) fn read(
        arguments: &[OsString],
        alias: impl Fn(&str) -> Option<Vec<String>>,
    ) -> CommandLine {
        let mut line = CommandLine::default();
        let at = line.read_before_command(arguments, true);
        let Some(name) = arguments.get(at) else { return line };
        line.place_for_config = line.words.len();
        line.words.push(name.clone());
        let of_user = arguments.len() - at - 1;
        let arguments = line.resolve(arguments[at..].to_vec(), alias);
        line.read_after_command(&arguments, arguments.len().saturating_sub(of_user));
        line
    }

    /// The value of an option, the last one if there are several.
    pub(crate) fn value(&self, name: &str) -> Option<&OsStr> {
        self.values(name).last()
    }

    /// All values of an option.
    pub(crate) fn values(&self, name: &str) -> impl DoubleEndedIterator<Item = &OsStr> {
        self.options.iter().filter(move |option| option.0 == name).filter_map(|it| it.1.as_deref())
    }

    /// Whether an option is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(option, _)| option == name)
    }

    /// Whether cargo does it itself.
    pub(crate) fn is_cargos(&self) -> bool {
        self.command.as_deref().is_none_or(|command| is_one_of(COMMANDS, command))
    }

    /// The same call with another command in the place of Snug's own.
    pub(crate) fn with_command(mut self, command: &str) -> CommandLine {
        let at = self
            .words
            .iter()
            .position(|word| Some(word.as_os_str()) == self.command.as_deref().map(OsStr::new));
        if let Some(at) = at {
            self.words[at] = command.into();
        }
        self.command = Some(command.to_owned());
        self
    }

    /// The same call in the release profile, if it names no other.
    pub(crate) fn released(mut self) -> CommandLine {
        if !self.has("release") && !self.has("profile") {
            let command = self.command.as_deref().map(OsStr::new);
            let command = self.words.iter().position(|word| Some(word.as_os_str()) == command);
            let at = command.map_or(self.words.len(), |at| at + 1);
            self.words.insert(at, "--release".into());
            if at <= self.place_for_config {
                self.place_for_config += 1;
            }
            self.options.push(("release".to_owned(), None));
        }
        self
    }

    /// What cargo gets if it is also told these settings (`key = value`), more urgent than all others.
    pub(crate) fn words_with_settings(&self, settings: &[String]) -> Vec<OsString> {
        let (before, after) = self.words.split_at(self.place_for_config);
        let settings = settings.iter().flat_map(|it| ["--config".into(), OsString::from(it)]);
        before.iter().cloned().chain(settings).chain(after.iter().cloned()).collect()
    }

    /// Reads the options before a command. Returns where the command is.
    fn read_before_command(&mut self, arguments: &[OsString], of_user: bool) -> usize {
        let mut at = 0;
        while let Some(part) = Part::read(arguments, at, "") {
            if part.is_word {
                break;
            }
            let is_cargos = part.options.iter().all(|(name, _)| is_one_of(GLOBAL, name));
            if of_user {
                let list = if is_cargos { &mut self.words } else { &mut self.own };
                list.extend_from_slice(&arguments[at..part.end]);
            }
            self.options.extend(part.options);
            at = part.end;
        }
        at
    }

    /// Finds out which command it is. Returns its arguments, those of aliases first.
    fn resolve(
        &mut self,
        mut words: Vec<OsString>,
        alias: impl Fn(&str) -> Option<Vec<String>>,
    ) -> Vec<OsString> {
        let mut seen = Vec::new();
        while let Some(name) = words.first().map(|name| name.to_string_lossy().into_owned()) {
            let stands_for = match alias(&name) {
                _ if is_one_of(COMMANDS, &name) => None,
                None => built_in(&name).map(|command| vec![command.to_owned()]),
                found => found,
            };
            words.remove(0);
            match stands_for {
                // Cargo complains of circles.
                Some(stands_for) if !seen.contains(&name) => {
                    let stands_for = stands_for.into_iter().map(OsString::from);
                    words.splice(0..0, stands_for);
                    let at = self.read_before_command(&words, false);
                    words.drain(..at);
                    seen.push(name);
                }
                _ => {
                    self.command = Some(name);
                    break;
                }
            }
        }
        words
    }

    /// Reads a command's arguments; those from `user` on are not from aliases.
    fn read_after_command(&mut self, arguments: &[OsString], user: usize) {
        let command = self.command.clone().unwrap_or_default();
        let ends_at_word = is_one_of(WITH_PROGRAM, &command);
        let own = OWN_COMMANDS.into_iter().find(|own| own.name == command);
        let may_have_own = self.is_cargos() || is_one_of(ALIKE, &command) || own.is_some();
        let with_value = own.map_or("", |own| own.with_value);
        let mut at = 0;
        while let Some(part) = Part::read(arguments, at, with_value) {
            if part.is_escape || part.is_word && ends_at_word {
                break;
            }
            let is_option_of =
                |names: &str| part.options.iter().any(|(name, _)| is_one_of(names, name));
            let list = if may_have_own && is_option_of(OWN) {
                &mut self.own
            } else if own.is_some_and(|own| is_option_of(own.options)) {
                &mut self.of_command
            } else {
                &mut self.words
            };
            list.extend_from_slice(&arguments[at.max(user)..part.end.max(user)]);
            at = part.end;
            if part.options.iter().any(|(name, _)| name == "config") && at > user {
                self.place_for_config = self.words.len();
            }
            self.options.extend(part.options);
        }
        self.words.extend_from_slice(&arguments[at.max(user)..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    /// With the aliases `xtask`, `fast`, `twice` and `circle`.
    fn read(text: &str) -> CommandLine {
        CommandLine::read(&words(text), |name| {
            let stands_for = match name {
                "xtask" => "run --package xtask --",
                "fast" => "--offline build --release -p",
                "twice" => "fast app --config a=1",
                "circle" => "circle -r",
                "build" => "check",
                _ => return None,
            };
            Some(stands_for.split(' ').map(str::to_owned).collect())
        })
    }

    /// What is cargo's, and what is Snug's.
    fn split(text: &str) -> (String, String) {
        let line = read(text);
        let text = |words: Vec<OsString>| words.join(OsStr::new(" ")).into_string().unwrap();
        (text(line.words), text(line.own))
    }

    #[track_caller]
    fn assert_split(text: &str, cargos: &str, own: &str) {
        assert_eq!(split(text), (cargos.to_owned(), own.to_owned()));
    }

    #[test]
    fn own_options_may_stand_anywhere_before_two_dashes() {
        assert_split(
            "--llvm a --offline build --layout=x -p app --backend y -- --backend z",
            "--offline build -p app -- --backend z",
            "--llvm a --layout=x --backend y",
        );
    }

    #[test]
    fn unknown_options_are_cargos_after_the_command_and_snugs_before_it() {
        assert_split("test -V --help --version --x", "test -V --help --version --x", "");
        assert_split("--help -V --x test", "test", "--help -V --x");
    }

    #[test]
    fn what_a_program_gets_is_not_snugs() {
        assert_split("run x --layout y", "run x --layout y", "");
        assert_split("run -p x --layout y z --layout a", "run -p x z --layout a", "--layout y");
        assert_split("r --bin --layout y", "r --bin", "--layout y");
        assert_split("run -qp x --layout y", "run -qp x", "--layout y");
        assert_split("run -px z --layout y", "run -px z --layout y", "");
        assert_split("run -j 2 -F a --layout y", "run -j 2 -F a", "--layout y");
        assert_split("test x --layout y", "test x", "--layout y");
        assert_split("rustc a --layout y", "rustc a --layout y", "");
    }

    #[test]
    fn aliases_may_end_in_a_program() {
        assert_split("xtask --backend x", "xtask --backend x", "");
        assert_split("--backend y xtask dist", "xtask dist", "--backend y");
        assert_split("fast app --backend x", "fast app", "--backend x");
    }

    #[test]
    fn sizes_has_options_of_its_own_and_cargos() {
        let line =
            read("--layout x sizes -p app --top 3 --why a::b --release --coalesce=off --stock -h");
        let text = |words: &[OsString]| words.join(OsStr::new(" ")).into_string().unwrap();
        assert_eq!(text(&line.words), "sizes -p app --release");
        assert_eq!(text(&line.own), "--layout x --coalesce=off");
        assert_eq!(text(&line.of_command), "--top 3 --why a::b --stock -h");
        assert_eq!(text(&line.with_command("check").words), "check -p app --release");
        // In other commands these are somebody else's.
        assert_split("check --top 3", "check --top 3", "");
        let line = read("stack --limit 1MiB --release --top=0 -p app");
        assert_eq!(text(&line.of_command), "--limit 1MiB --top=0");
        assert_eq!(text(&line.words), "stack --release -p app");
        let line = read("ram --memory x --target t --limit 5% --ram=64KiB");
        assert_eq!(text(&line.of_command), "--memory x --limit 5% --ram=64KiB");
        assert_eq!(line.value("target"), Some(OsStr::new("t")));
    }

    #[test]
    fn settings_stand_after_the_users_in_a_release_build() {
        for line in ["ram --config a.b=1 -p x", "ram -p x", "--config a.b=1 ram -p x"] {
            let line = read(line).with_command("build").released();
            let words = line.words_with_settings(&["c.d=2".to_owned()]);
            let words = words.join(OsStr::new(" ")).into_string().unwrap();
            assert!(words.contains("--config c.d=2"), "{words}");
            assert!(words.contains("build --release"), "{words}");
            assert!(!words.contains("a.b") || words.contains("--config a.b=1"), "{words}");
            let [own, ours] = ["a.b=1", "c.d=2"].map(|it| words.find(it));
            assert!(own < ours, "{words}");
        }
    }

    #[test]
    fn somebody_elses_options_are_theirs() {
        assert_split("udeps --backend x", "udeps --backend x", "");
        assert_split("--backend llvm udeps", "udeps", "--backend llvm");
        assert_split("nextest run --backend llvm x", "nextest run x", "--backend llvm");
        assert_split("clippy --layout y -- -D x", "clippy -- -D x", "--layout y");
    }

    #[test]
    fn aliases_are_resolved() {
        let command = |text| read(text).command.unwrap();
        assert_eq!(command("b"), "build");
        assert_eq!(command("build"), "build");
        assert_eq!(command("--config x b"), "build");
        assert_eq!(command("xtask"), "run");
        assert_eq!(command("twice"), "build");
        assert_eq!(command("circle"), "circle");
        assert_eq!(command("nextest run"), "nextest");
        assert!(read("twice").has("release") && read("twice").has("offline"));
        assert_eq!(read("twice").value("package"), Some(OsStr::new("app")));
        assert_eq!(read("fast other").value("package"), Some(OsStr::new("other")));
        assert!(read("--list").command.is_none());
    }

    #[test]
    fn options_are_found() {
        assert!(read("build -vr").has("release"));
        assert!(!read("build -pr").has("release"));
        assert!(!read("run x -r").has("release"));
        assert!(!read("run -- -r").has("release"));
        assert_eq!(read("build --profile=a").value("profile"), Some(OsStr::new("a")));
        assert_eq!(read("build --profile a").value("profile"), Some(OsStr::new("a")));
        let line = read("--config a build --config=b x");
        assert_eq!(line.values("config").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn settings_are_the_last_ones() {
        let with = |text| {
            let words = read(text).words_with_settings(&["a=1".to_owned()]);
            words.join(OsStr::new(" ")).into_string().unwrap()
        };
        assert_eq!(with("-v build x"), "-v --config a=1 build x");
        assert_eq!(with("--config b build x"), "--config b --config a=1 build x");
        assert_eq!(with("build --config b x"), "build --config b --config a=1 x");
        assert_eq!(with("xtask --config b"), "--config a=1 xtask --config b");
    }
}
