//! `cargo snug completions SHELL`, and the manual page.
//!
//! clap knows Snug's own commands and options. All others are cargo's, which has completions of its own; a shell asks one
//! function for a command's completions, and for `cargo` that is cargo's:
//!
//! * zsh: cargo's function calls `_cargo-snug` for what follows `cargo snug`.
//! * fish: completions of a command add up, so ours are those of a cargo that has no command but `snug`.
//! * bash: cargo's function knows nothing of other people's commands. Ours takes its place, calls it as if `snug` did not
//!   stand there, and adds what is Snug's.
//! * elvish and PowerShell: `cargo-snug` is completed, as clap does it.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::options::Options;

/// The name of the executable.
const EXECUTABLE: &str = "cargo-snug";

/// What it is called in bash alone: what clap makes of a name with `-` finds no options of commands.
const IN_BASH: &str = "cargo_snug";

/// Asks both functions. Nothing is done where cargo's is not loaded yet: it is, at the first use.
const BASH: &str = r#"
_cargo_and_snug() {
    local at snug=0
    for (( at = 1; at < COMP_CWORD; at++ )); do
        case "${COMP_WORDS[at]}" in
            snug) snug=$at; break ;;
            [-+]*) ;;
            *) break ;;
        esac
    done
    if ! declare -F _cargo >/dev/null; then
        declare -F _completion_loader >/dev/null && _completion_loader cargo
        declare -F __load_completion >/dev/null && __load_completion cargo
        complete -F _cargo_and_snug -o bashdefault -o default cargo
    fi
    COMPREPLY=()
    if (( snug == 0 )); then
        declare -F _cargo >/dev/null && _cargo "$@"
        [[ $COMP_CWORD -eq 1 && snug == "${COMP_WORDS[1]}"* ]] && COMPREPLY+=(snug)
        return
    fi
    local words=("${COMP_WORDS[@]}") line=$COMP_LINE point=$COMP_POINT cword=$COMP_CWORD
    COMP_WORDS=(cargo_snug "${words[@]:snug+1}") COMP_CWORD=$(( cword - snug ))
    _cargo_snug cargo_snug "$2" "$3"
    local own=("${COMPREPLY[@]}")
    COMP_WORDS=(cargo "${words[@]:snug+1}") COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
    COMPREPLY=()
    declare -F _cargo >/dev/null && _cargo cargo "$2" "$3"
    COMPREPLY=($(printf '%s\n' "${own[@]}" "${COMPREPLY[@]}" | sort -u))
    COMP_WORDS=("${words[@]}") COMP_LINE=$line COMP_POINT=$point COMP_CWORD=$cword
}
complete -F _cargo_and_snug -o bashdefault -o default cargo
"#;

/// Prints a shell's completions.
pub(crate) fn print(shell: Shell) -> Result<ExitCode> {
    let text = text(shell);
    io::stdout().write_all(&text).context("the completions could not be printed")?;
    Ok(ExitCode::SUCCESS)
}

fn text(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    match shell {
        Shell::Fish => {
            let snug = command("snug");
            let mut cargo = Command::new("cargo").disable_help_subcommand(true).subcommand(snug);
            clap_complete::generate(shell, &mut cargo, "cargo", &mut text);
        }
        Shell::Bash => {
            clap_complete::generate(shell, &mut command(IN_BASH), IN_BASH, &mut text);
            text.extend_from_slice(BASH.as_bytes());
        }
        _ => clap_complete::generate(shell, &mut command(EXECUTABLE), EXECUTABLE, &mut text),
    }
    text
}

/// Snug's commands, with another name: that of its commands' full names, too.
fn command(name: &'static str) -> Command {
    let command = Options::command().name(name).bin_name(name);
    command.mut_subcommands(|own| {
        let full = format!("{name} {}", own.get_name());
        own.bin_name(full)
    })
}

/// Prints the manual page: all commands in one.
pub(crate) fn manual() -> Result<ExitCode> {
    io::stdout().write_all(&page()?).context("the manual page could not be printed")?;
    Ok(ExitCode::SUCCESS)
}

fn page() -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut root = command(EXECUTABLE);
    root.build();
    let man = clap_mangen::Man::new(root.clone());
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    for own in root.get_subcommands().filter(|own| !own.is_hide_set()) {
        writeln!(text, ".SH \"CARGO SNUG {}\"", own.get_name().to_uppercase())?;
        let man = clap_mangen::Man::new(own.clone());
        let mut part = Vec::new();
        man.render_description_section(&mut part)?;
        man.render_options_section(&mut part)?;
        // Their sections are parts of a section here.
        text.extend_from_slice(
            String::from_utf8_lossy(&part)
                .replace("\n.SH ", "\n.SS ")
                .replacen(".SH ", ".SS ", 1)
                .as_bytes(),
        );
    }
    man.render_extra_section(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page is installed as it is in the repository: nothing that is built has to be run for it.
    #[test]
    fn the_manual_page_is_up_to_date() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/cargo-snug.1");
        let now = String::from_utf8(page().unwrap()).unwrap();
        if std::env::var("SNUG_BLESS").is_ok_and(|value| value == "1") {
            std::fs::write(file, &now).unwrap();
        }
        let written = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            written == now,
            "{file} is not what `cargo snug man` prints: SNUG_BLESS=1 ./y.sh test 'crate driver'"
        );
        for own in ["SIZES", "STACK", "RAM", "DOCTOR", "SETUP", "COMPLETIONS"] {
            assert!(now.contains(&format!(".SH \"CARGO SNUG {own}\"")), "{own}");
        }
    }

    #[test]
    fn every_shell_gets_all_commands() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Elvish, Shell::PowerShell] {
            let text = String::from_utf8(text(shell)).unwrap();
            // For the last two, clap lists no values of options.
            let with_values = [Shell::Bash, Shell::Zsh, Shell::Fish].contains(&shell);
            let values: &[&str] = if with_values { &["mixed", "captures-only"] } else { &[] };
            for word in ["doctor", "sizes", "setup", "advise"].iter().chain(values) {
                assert!(text.contains(word), "{shell}: {word}");
            }
        }
    }
}
