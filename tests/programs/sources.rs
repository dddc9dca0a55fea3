//! Gets the programs through Cargo, however it is set up, and puts them side by side.
//!
//! ```text
//! build/programs/bat-0.26.1    as published, with its own Cargo.lock
//! build/programs/trial         where the finished programs are tried out
//! build/programs/target        a folder for stock, one for Snug; both are shared by all programs
//! ```
//!
//! `cargo info` downloads a package without asking for all that it depends on, in versions that nobody needs. Then the
//! package's own `Cargo.lock` says what is fetched.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::Result;
use crate::cargo::Cargo;
use crate::command;
use crate::compiler::Compiler;
use crate::harness::Tools;
use crate::toolchain::package;

use super::table::{self, Program};

/// Enough for hundreds of packages over a slow line.
const DOWNLOAD: Duration = Duration::from_secs(1800);

/// Where everything about programs is.
#[derive(Clone, Debug)]
pub struct Place {
    root: PathBuf,
}

impl Place {
    /// `build/programs`, or where `SNUG_PROGRAMS` says.
    pub fn find() -> Result<Place> {
        let named = std::env::var_os("SNUG_PROGRAMS").map(PathBuf::from);
        let root = named.unwrap_or_else(|| package().join("../build/programs"));
        let made = std::fs::create_dir_all(&root).and_then(|()| root.canonicalize());
        let root = made.map_err(|error| format!("{}: {error}", root.display()))?;
        Ok(Place { root })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A program's folder.
    pub fn folder(&self, program: &Program) -> PathBuf {
        self.root.join(program.full_name())
    }

    /// Puts a program's sources into its folder, and downloads what its lock file lists. The files' times are always the same, so
    /// Cargo compiles nothing twice.
    ///
    /// Tests may write into their folder, so this is done again for each way.
    pub fn unpack(&self, tools: Tools, program: &Program) -> Result<()> {
        let folder = self.folder(program);
        shell(Command::new("rm").arg("-rf").arg(&folder))?;
        match &program.sha256 {
            Some(sum) => {
                let file = self.download(tools, program, sum)?;
                shell(Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(&self.root))?;
            }
            None => {
                let ours = table::folder().join("packages").join(&program.name);
                shell(Command::new("cp").arg("-pRH").arg(ours).arg(&folder))?;
            }
        }
        let target = program.target.as_deref().unwrap_or("x86_64-unknown-linux-gnu");
        let cargo = Cargo::new(tools, &folder, Compiler::Stock).online().limit(DOWNLOAD);
        cargo.succeed(&format!("fetch --locked --target {target}"))?;
        Ok(())
    }

    /// The file of a program, which Cargo downloads if it is not there.
    fn download(&self, tools: Tools, program: &Program, sum: &str) -> Result<PathBuf> {
        if let Some(file) = downloaded(program, sum)? {
            return Ok(file);
        }
        let spec = format!("{}@{}", program.name, program.version);
        let cargo = Cargo::new(tools, &self.root, Compiler::Stock).online().limit(DOWNLOAD);
        cargo.succeed(&format!("info {spec}"))?;
        downloaded(program, sum)?.ok_or_else(|| {
            format!("`cargo info {spec}` has not downloaded a file with the checksum {sum}")
        })
    }
}

/// The file of a program, if Cargo has it, and if it is the right one.
fn downloaded(program: &Program, sum: &str) -> Result<Option<PathBuf>> {
    let named = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let home = named.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let home = home.ok_or("there is no home directory, and no CARGO_HOME")?;
    let Ok(registries) = std::fs::read_dir(home.join("registry/cache")) else { return Ok(None) };
    for registry in registries.filter_map(std::result::Result::ok) {
        let file = registry.path().join(program.full_name() + ".crate");
        if std::fs::read(&file).is_ok_and(|content| sha256(&content) == sum) {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// The sum of some bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs a program of the system's.
pub fn shell(command: &mut Command) -> Result<()> {
    let what = command.get_program().to_string_lossy().into_owned();
    command::run(command)?.expect_success(&format!("`{what}`")).map(drop)
}
