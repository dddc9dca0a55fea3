//! A user with a workspace, who has Snug installed and calls `cargo snug`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::clean_environment;
use crate::harness::Tools;
use crate::workshop::Workshop;

/// A library with a future that stock makes 2,003 bytes big, and a program that prints its size.
pub const STORE: &str = "
pub async fn keep(kilobyte: [u8; 1000]) -> u8 {
    async {}.await;
    std::hint::black_box(&kilobyte);
    async {}.await;
    kilobyte[0]
}
pub fn size() -> usize { size_of_val(&keep([0; 1000])) }
";

/// The size in bytes of that future under Snug.
pub const SMALL: &str = "1002";
/// Under stock rustc, in either of its versions of the layout.
pub const BIG: &str = "2002";

/// The workspace: `app` depends on `store`.
const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"app\", \"store\"]\nresolver = \"3\"\n\
         [profile.release]\ndebug = 1\n\
         [profile.small]\ninherits = \"release\"\nopt-level = \"s\"\n",
    ),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nstore = { path = \"../store\" }\n",
    ),
    ("app/src/main.rs", "fn main() { println!(\"{}\", store::size()) }\n"),
    ("store/Cargo.toml", "[package]\nname = \"store\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("store/src/lib.rs", STORE),
];

/// The user.
pub struct User {
    tools: Tools,
    /// The workspace, or a folder with several.
    pub workspace: Workshop,
    /// Where in it the user is.
    folder: String,
    variables: Vec<(String, PathBuf)>,
    cargo_snug: PathBuf,
    /// How long a command may take.
    limit: Duration,
}

impl User {
    /// With that workspace, and more files.
    pub fn new(tools: Tools, files: &[(&str, &str)]) -> Result<User> {
        let workspace = Workshop::new(tools, FILES)?;
        for (path, text) in files {
            workspace.write(path, text)?;
        }
        Ok(User::of(tools, workspace))
    }

    /// With other workspaces.
    pub fn of(tools: Tools, workspace: Workshop) -> User {
        let (folder, variables) = (".".to_owned(), Vec::new());
        let (cargo_snug, limit) = (tools.cargo_snug(), command::LIMIT);
        User { tools, workspace, folder, variables, cargo_snug, limit }
    }

    /// Goes to a folder of the workspace.
    pub fn go_to(&mut self, folder: &str) {
        folder.clone_into(&mut self.folder);
    }

    /// A path in the folder where the user is.
    pub fn here(&self, path: &str) -> PathBuf {
        self.workspace.path(&self.folder).join(path)
    }

    /// The same with a variable.
    pub fn env(mut self, name: &str, value: impl Into<PathBuf>) -> User {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// The same with more patience: for big builds.
    pub fn patient(mut self, limit: Duration) -> User {
        self.limit = limit;
        self
    }

    /// The same with another installation.
    pub fn installed(mut self, prefix: &Path) -> User {
        self.install(prefix);
        self
    }

    /// The same in a folder of the workspace.
    pub fn in_folder(mut self, folder: &str) -> User {
        self.go_to(folder);
        self
    }

    /// Takes another installation from now on.
    pub fn install(&mut self, prefix: &Path) {
        self.cargo_snug = prefix.join("bin/cargo-snug");
    }

    /// Calls `cargo snug`, as cargo would, with the arguments in a line of text.
    pub fn snug(&self, arguments: &str) -> Result<Finished> {
        let mut command = Command::new(&self.cargo_snug);
        command.arg("snug").args(arguments.split_whitespace());
        self.run(&mut command)
    }

    /// Calls stock cargo.
    pub fn cargo(&self, arguments: &str) -> Result<Finished> {
        let mut command = Command::new(&self.tools.cargo);
        command.args(arguments.split_whitespace());
        self.run(&mut command)
    }

    /// Calls the compiler by hand.
    pub fn snug_rustc(&self, arguments: &str) -> Result<Finished> {
        let mut command = Command::new(self.cargo_snug.with_file_name("snug-rustc"));
        command.args(arguments.split_whitespace());
        self.run(command.env("SNUG_SYSROOT", self.tools.sysroot()))
    }

    /// Calls `cargo snug`, and expects success.
    pub fn succeed(&self, arguments: &str) -> Result<Finished> {
        self.snug(arguments)?.expect_success(&format!("`cargo snug {arguments}`"))
    }

    fn run(&self, command: &mut Command) -> Result<Finished> {
        self.prepare(command)?;
        command::run_within(command, self.limit)
    }

    /// Runs a line of shell, in which `$C` is stock cargo or `cargo snug`.
    pub fn shell(&self, with_snug: bool, line: &str) -> Result<Finished> {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        self.prepare(&mut command)?;
        let snug = format!("{} snug", self.cargo_snug.display());
        command.env(
            "C",
            if with_snug { snug.into() } else { self.tools.cargo.clone().into_os_string() },
        );
        command::run(&mut command)
    }

    /// Runs a line of shell in which `cargo snug` is a command.
    pub fn in_shell(&self, line: &str) -> Result<Finished> {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        self.prepare(&mut command)?;
        let set = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path);
        let path = set.map(OsStr::to_owned).unwrap_or_default();
        let own = self.cargo_snug.parent().map(Path::to_owned);
        let folders = own.into_iter().chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).map_err(|error| error.to_string())?);
        command::run(&mut command)
    }

    fn prepare(&self, command: &mut Command) -> Result<()> {
        clean_environment(command);
        command.current_dir(self.here("."));
        // The test runner's own.
        command.env_remove("CARGO_TARGET_DIR");
        command.env("CARGO", &self.tools.cargo).env("CARGO_NET_OFFLINE", "true");
        // As under rustup, where `rustc` is the toolchain's.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = self.tools.rustc.parent().map(Path::to_owned);
        let folders = own.into_iter().chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).map_err(|error| error.to_string())?);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Ok(())
    }

    /// Which code generator compiled a library, by what its debug information says.
    pub fn generator(&self, rlib: &str) -> Result<&'static str> {
        let path = self.workspace.path(rlib);
        let content = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let has = |text: &str| content.windows(text.len()).any(|window| window == text.as_bytes());
        match (has(") with cranelift "), has("clang LLVM (rustc")) {
            (true, false) => Ok("cranelift"),
            (false, true) => Ok("llvm"),
            found => Err(format!("{rlib}: Cranelift and LLVM: {found:?}")),
        }
    }
}

/// The first error that a compiler has a number for, with all that follows.
pub fn first_error(stderr: &str) -> Option<&str> {
    stderr.split("error[").nth(1)
}

/// A text without the hashes in the names of files and folders: they depend on what a compiler says of itself.
pub fn without_hashes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('-') {
        let (before, after) = rest.split_at(at + 1);
        plain.push_str(before);
        let is_hash =
            after.len() >= 16 && after.bytes().take(16).all(|byte| byte.is_ascii_hexdigit());
        rest = if is_hash { &after[16..] } else { after };
    }
    plain + rest
}
