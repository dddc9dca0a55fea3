//! The options of `cargo snug sizes`.

use std::path::PathBuf;

use clap::ValueEnum;

/// What is asked, of which futures, and in which form.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Build a second time as stock rustc lays futures out, and show both sizes
    #[arg(long)]
    pub stock: bool,
    /// Show so many futures; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub top: usize,
    /// Only futures of this crate (may be repeated)
    #[arg(long = "crate", value_name = "NAME")]
    pub krate: Vec<String>,
    /// Only futures whose name or type matches this regular expression
    #[arg(long, value_name = "REGEX")]
    pub filter: Option<String>,
    /// What comes first
    #[arg(long, value_enum, value_name = "KEY", default_value_t = Sort::Size)]
    pub sort: Sort,
    /// Show whole types, with all their arguments
    #[arg(long)]
    pub full: bool,
    /// Explain one future: its name (`client::fetch`), or where it is (`src/client.rs:42`)
    #[arg(long, value_name = "NAME|FILE:LINE")]
    pub why: Option<String>,
    /// Draw what lies where in the future of `--why` at each suspension, with stock's beside it if there is `--stock`
    #[arg(long, value_name = "FILE", requires = "why")]
    pub svg: Option<PathBuf>,
    /// Say which changes of the source would save most
    #[arg(long)]
    pub advise: bool,
    /// Write a page with all futures, their areas and their bytes, that a browser shows without a network
    #[arg(long, value_name = "FILE", conflicts_with_all = ["why", "advise", "check", "bless", "diff"])]
    pub html: Option<PathBuf>,
    /// Fail if a future exceeds its budget, or is bigger than in `snug-sizes.json`
    #[arg(long, conflicts_with_all = ["why", "advise", "bless", "diff"])]
    pub check: bool,
    /// Write the sizes of the workspace's futures to `snug-sizes.json`
    #[arg(long, conflicts_with_all = ["why", "advise", "diff"])]
    pub bless: bool,
    /// Compare with such a file, or with `snug-sizes.json` in a commit
    #[arg(long, value_name = "FILE|GIT-REF")]
    pub diff: Option<String>,
    /// Text for people, or something that programs read
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub format: Format,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// The biggest
    Size,
    /// The biggest without the futures that they await
    #[value(name = "self")]
    Own,
    /// Those that save most against stock (needs `--stock`)
    Saved,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// docs/sizes.schema.json describes it
    Json,
    /// A table, for a comment
    Markdown,
    /// Annotations of GitHub's actions (with --check or --diff)
    Github,
    /// For code scanning (with --check or --diff)
    Sarif,
}
