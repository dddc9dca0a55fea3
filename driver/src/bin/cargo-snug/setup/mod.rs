//! `cargo snug setup EDITOR`: what makes an editor check, run, test and debug with Snug.
//!
//! rust-analyzer itself stays stock's: types and errors are the same, and sizes that it shows are rustc's own estimates. What
//! it starts is told to be `cargo snug`: checks while one types, and programs and tests that one starts. Debuggers
//! get the program that `cargo snug build` has made, below `target/snug`.
//!
//! Files go into the workspace, so a team has them once. One that is there already is the user's: it is left alone, and
//! what should be in it is printed.

mod files;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::arguments::CommandLine;
use crate::cargo;
use crate::config::Config;
use crate::options::Options;
use crate::workspace::{OWN_FOLDER, Place, Workspace};

/// An editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Editor {
    /// Visual Studio Code, with the extensions rust-analyzer and CodeLLDB
    Vscode,
    /// Zed
    Zed,
    /// Neovim 0.11, with nvim-lspconfig and nvim-dap
    Neovim,
    /// Helix
    Helix,
    /// RustRover
    #[value(name = "rustrover")]
    RustRover,
}

/// A file of an editor's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    /// Below the workspace.
    path: String,
    text: String,
}

/// What settings depend on.
struct Project {
    /// Package and name of each program.
    programs: Vec<(String, String)>,
    /// The packages that have a library.
    libraries: Vec<String>,
    /// Where `cargo snug build` puts programs, below the workspace where it is there.
    folder: String,
    /// The compiler for tools that cannot call `cargo snug`.
    rustc: String,
}

/// Prints or writes the settings.
pub(crate) fn run(
    options: &Options,
    config: &Config,
    editor: Editor,
    write: bool,
) -> Result<ExitCode> {
    let line = CommandLine::default();
    let place = Place::of(&line, config.clone());
    let workspace = cargo::own_workspace(options, &place, &line, "setup")?;
    let root = workspace.workspace_root.clone();
    for File { path, text } in files::of(editor, &Project::of(&workspace)?) {
        let file = root.join(&path);
        if write && !file.exists() {
            let folder = file.parent().unwrap_or(&root);
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&file, &text))
                .with_context(|| format!("the file `{}` cannot be written", file.display()))?;
            println!("written: {}", file.display());
        } else if write {
            println!("{} is there already. It should also have:\n\n{text}", file.display());
        } else {
            println!("--- {path}\n{text}");
        }
    }
    println!("{}", files::advice(editor));
    Ok(ExitCode::SUCCESS)
}

impl Project {
    fn of(workspace: &Workspace) -> Result<Project> {
        let of_kind = |kind| {
            let mut found: Vec<(String, String)> = workspace
                .of_kind(kind)
                .map(|(package, name)| (package.into(), name.into()))
                .collect();
            found.sort();
            found
        };
        let target = &workspace.target_directory;
        let target = target.strip_prefix(&workspace.workspace_root).unwrap_or(target);
        let own = std::env::current_exe().context("Snug cannot find its own folder")?;
        let rustc = own.parent().unwrap_or(Path::new("/")).join("snug-rustc");
        Ok(Project {
            programs: of_kind("bin"),
            libraries: of_kind("lib").into_iter().map(|(package, _)| package).collect(),
            folder: target.join(OWN_FOLDER).display().to_string(),
            rustc: rustc.display().to_string(),
        })
    }
}
