//! What cargo's and Snug's commands and options are called, and which options have a value.

/// Snug's own options; each has a value.
pub(super) const OWN: &str = "backend coalesce inline layout liveness llvm report";

/// A command of Snug's own that takes cargo's options for what it builds.
#[derive(Debug)]
pub(crate) struct OwnCommand {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Its options that are not cargo's.
    pub(super) options: &'static str,
    /// Those of them that have a value.
    pub(super) with_value: &'static str,
}

/// Answers questions about sizes.
const SIZES: OwnCommand = OwnCommand {
    name: "sizes",
    options: "advise bless check crate diff filter format full h help html sort stock svg top why",
    with_value: "crate diff filter format html sort svg top why",
};

/// Answers questions about stacks.
const STACK: OwnCommand = OwnCommand {
    name: "stack",
    options: "format h help limit root top",
    with_value: "format limit root top",
};

/// Answers questions about the RAM.
const RAM: OwnCommand = OwnCommand {
    name: "ram",
    options: "format h help limit memory ram stock top",
    with_value: "format limit memory ram top",
};

/// All of them.
pub(crate) const OWN_COMMANDS: [&OwnCommand; 3] = [&SIZES, &STACK, &RAM];

/// Cargo's options that may stand before the command.
pub(super) const GLOBAL: &str = "C Z color config explain frozen list locked offline quiet verbose";

/// Options that have a value. (Some only have it in some commands; in others they do not exist.)
const WITH_VALUE: &str = "C Z artifact-dir backend cargo-profile coalesce color config crate-type exclude \
                          explain features inline jobs layout liveness llvm lockfile-path \
                          manifest-path message-format output-format path print profile report target-dir";

/// Options that have a value unless another option follows.
const PERHAPS_WITH_VALUE: &str = "bench bin example package target test";

/// Short options that are more than their letter.
pub(super) const SHORT: [(char, &str); 6] = [
    ('F', "features"),
    ('j', "jobs"),
    ('p', "package"),
    ('q', "quiet"),
    ('r', "release"),
    ('v', "verbose"),
];

/// Cargo's own commands. No alias replaces them.
pub(super) const COMMANDS: &str = "add bench build check clean config doc fetch fix generate-lockfile \
                        git-checkout help info init install locate-project login logout metadata \
                        new owner package pkgid publish read-manifest remove report run rustc \
                        rustdoc search test tree uninstall update vendor verify-project version \
                        yank";

/// Aliases that everybody has who has no other with that name.
const ALIASES: [(&str, &str); 6] =
    [("b", "build"), ("c", "check"), ("d", "doc"), ("r", "run"), ("t", "test"), ("rm", "remove")];

/// Commands of others that read their arguments as cargo does: Snug's options may be among them.
pub(super) const ALIKE: &str = "clippy llvm-cov nextest";

/// Commands whose program gets all that follows the first positional argument.
pub(super) const WITH_PROGRAM: &str = "run rustc rustdoc";

/// Whether an option has a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HasValue {
    No,
    Perhaps,
    Yes,
}

pub(super) fn has_value(option: &str) -> HasValue {
    if is_one_of(WITH_VALUE, option) {
        HasValue::Yes
    } else if is_one_of(PERHAPS_WITH_VALUE, option) {
        HasValue::Perhaps
    } else {
        HasValue::No
    }
}

/// Whether a name is one of those in a list.
pub(super) fn is_one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|other| other == name)
}

/// What an alias stands for that everybody has.
pub(super) fn built_in(alias: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(name, _)| *name == alias).map(|(_, command)| *command)
}
