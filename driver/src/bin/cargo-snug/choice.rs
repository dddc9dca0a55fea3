//! Which backend compiles: what the user says, else what Cargo.toml or cargo's configuration say, else by the
//! profile.
//!
//! Or both do: with `mixed`, Cranelift compiles the packages of the workspace, which are compiled often, and LLVM all
//! others, which are compiled once and may be what a debug build waits for while it runs.
//!
//! Cranelift compiles what is compiled often and run little (profiles that come from `dev`), LLVM
//! what is to be fast (those that come from `release`) and what is to be optimised across crates: only LLVM
//! can do that, and it wants all crates to be its own.

use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;
use snug_driver::installation::Backend;

use crate::arguments::CommandLine;
use crate::config::{self, Config};
use crate::workspace::Settings;

/// What compiles the crates of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Choice {
    /// Compiles fast
    Cranelift,
    /// Optimises
    Llvm,
    /// Cranelift for the workspace's own packages, LLVM for all others
    Mixed,
}

impl Choice {
    /// The backend of the packages of a workspace.
    pub(crate) fn of_workspace(self) -> Backend {
        match self {
            Choice::Cranelift | Choice::Mixed => Backend::Cranelift,
            Choice::Llvm => Backend::Llvm,
        }
    }

    /// The backend of all others.
    pub(crate) fn of_others(self) -> Backend {
        match self {
            Choice::Cranelift => Backend::Cranelift,
            Choice::Llvm | Choice::Mixed => Backend::Llvm,
        }
    }

    fn from_name(name: &str) -> Option<Choice> {
        <Choice as ValueEnum>::from_str(name, false).ok()
    }
}

/// What the backends of profiles depend on.
pub(crate) struct Profiles<'a> {
    /// From `[workspace.metadata.snug]`.
    settings: &'a Settings,
    config: &'a Config,
    /// The workspace's Cargo.toml.
    manifest: toml::Table,
}

impl<'a> Profiles<'a> {
    /// Reads the workspace's Cargo.toml, if there is one.
    pub(crate) fn new(settings: &'a Settings, config: &'a Config, root: Option<&Path>) -> Self {
        let text = root.and_then(|root| std::fs::read_to_string(root.join("Cargo.toml")).ok());
        // If it cannot be read, cargo says why.
        let manifest = text.and_then(|text| text.parse().ok()).unwrap_or_default();
        Profiles { settings, config, manifest }
    }

    /// The backend for a command.
    pub(crate) fn backend(&self, line: &CommandLine) -> Result<Choice> {
        // Only LLVM can measure coverage.
        if line.command.as_deref() == Some("llvm-cov") {
            return Ok(Choice::Llvm);
        }
        match self.by_profile(&profile(line), tells_why(line))? {
            Some(backend) => Ok(backend),
            // Cargo complains of profiles that nobody has defined; to others the name is something else.
            None if line.has("release") => Ok(Choice::Llvm),
            None => Ok(Choice::Cranelift),
        }
    }

    /// The backend for a profile, if it comes from `dev` or `release`.
    fn by_profile(&self, profile: &str, tells_why: bool) -> Result<Option<Choice>> {
        let mut name = profile.to_owned();
        let mut lto = None;
        // Profiles that inherit in a circle are cargo's to complain about.
        for _ in 0..16 {
            if let Some(backend) = self.chosen(&name)? {
                return Ok(Some(backend));
            }
            lto = lto.or_else(|| self.setting(&name, "lto"));
            match name.as_str() {
                "dev" if lto.as_deref().is_some_and(is_across_crates) => {
                    if tells_why {
                        eprintln!(
                            "note: LLVM compiles everything, because profile `{profile}` has `lto`, which \
                             Cranelift lacks"
                        );
                    }
                    return Ok(Some(Choice::Llvm));
                }
                "dev" => return Ok(Some(Choice::Cranelift)),
                "release" => return Ok(Some(Choice::Llvm)),
                _ => match self.inherits(&name) {
                    Some(parent) => name = parent,
                    None => break,
                },
            }
        }
        Ok(None)
    }

    /// The backend that the user wants for a profile.
    fn chosen(&self, profile: &str) -> Result<Option<Choice>> {
        if let Some(setting) = self.config.string(&["snug", "profile", profile, "backend"]) {
            let Some(choice) = Choice::from_name(&setting.value) else {
                bail!(
                    "`snug.profile.{profile}.backend` is `{}` in {}: it may be `cranelift`, `llvm` or `mixed`",
                    setting.value,
                    setting.from
                );
            };
            return Ok(Some(choice));
        }
        Ok(self.settings.profile.get(profile).map(|chosen| chosen.backend))
    }

    fn inherits(&self, profile: &str) -> Option<String> {
        let built_in = || match profile {
            "test" | "doc" => Some("dev".to_owned()),
            "bench" => Some("release".to_owned()),
            _ => None,
        };
        self.setting(profile, "inherits").or_else(built_in)
    }

    /// A setting of a profile: that of cargo's configuration, else that of Cargo.toml.
    fn setting(&self, profile: &str, name: &str) -> Option<String> {
        let in_manifest = || config::word(self.manifest.get("profile")?.get(profile)?.get(name)?);
        let configured = self.config.string(&["profile", profile, name]);
        configured.map(|setting| setting.value).or_else(in_manifest)
    }
}

/// Whether a command may generate code, so that it matters which backend does: to others, a note would be noise.
fn tells_why(line: &CommandLine) -> bool {
    const GENERATE: [&str; 6] = ["bench", "build", "install", "run", "rustc", "test"];
    let generates = match line.command.as_deref() {
        Some(command) if line.is_cargos() => GENERATE.contains(&command),
        command => command != Some("clippy"),
    };
    generates && !line.has("help") && !line.has("h")
}

/// Whether a value of `lto` is about more than the parts of one crate.
fn is_across_crates(lto: &str) -> bool {
    ["true", "fat", "thin"].contains(&lto)
}

/// The profile of a command.
pub(crate) fn profile(line: &CommandLine) -> String {
    let command = line.command.as_deref().unwrap_or_default();
    // nextest has profiles of its own.
    let option = if command == "nextest" { "cargo-profile" } else { "profile" };
    let named = line.value(option).map(|name| name.to_string_lossy().into_owned());
    let by_command = match command {
        "bench" => "bench",
        "install" => "release",
        "test" | "nextest" => "test",
        _ => "dev",
    };
    match named {
        // What `cargo rustc` calls so is no profile.
        Some(name) if name == "check" && command == "rustc" => "dev".to_owned(),
        Some(name) => name,
        None if line.has("release") => "release".to_owned(),
        None if line.has("debug") => "dev".to_owned(),
        None => by_command.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};

    use super::*;

    fn line(text: &str) -> CommandLine {
        let words: Vec<OsString> = text.split(' ').map(OsString::from).collect();
        CommandLine::read(&words, |_| None)
    }

    #[test]
    fn profiles_are_cargos() {
        let profile_of = |text| profile(&line(text));
        assert_eq!(profile_of("build"), "dev");
        assert_eq!(profile_of("t -p app"), "test");
        assert_eq!(profile_of("run -r"), "release");
        assert_eq!(profile_of("run -qr"), "release");
        assert_eq!(profile_of("run -- -r"), "dev");
        assert_eq!(profile_of("run x -r"), "dev");
        assert_eq!(profile_of("bench"), "bench");
        assert_eq!(profile_of("bench --profile dev"), "dev");
        assert_eq!(profile_of("install app"), "release");
        assert_eq!(profile_of("install --debug --path app"), "dev");
        assert_eq!(profile_of("install --profile small app"), "small");
        assert_eq!(profile_of("build --profile small"), "small");
        assert_eq!(profile_of("test --profile=small"), "small");
        assert_eq!(profile_of("rustc --profile check"), "dev");
        assert_eq!(profile_of("rustc --profile test"), "test");
        assert_eq!(profile_of("clippy --release"), "release");
        assert_eq!(profile_of("fix --release"), "release");
        assert_eq!(profile_of("nextest run --profile ci"), "test");
        assert_eq!(profile_of("nextest run --profile ci --cargo-profile small"), "small");
        assert_eq!(profile_of("nextest run --release"), "release");
    }

    /// The backend for a command in a workspace with this Cargo.toml, with these settings on the command line.
    fn backend(manifest: &str, config: &[&str], text: &str) -> Option<Choice> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        let config = Config::default().with_arguments(config.iter().map(OsStr::new));
        let manifest: toml::Table = manifest.parse().unwrap();
        let settings = manifest.get("workspace").and_then(|it| it.get("metadata")?.get("snug"));
        let settings = settings.map(|it| it.clone().try_into().unwrap()).unwrap_or_default();
        Profiles::new(&settings, &config, Some(folder.path())).backend(&line(text)).ok()
    }

    const CRANELIFT: Option<Choice> = Some(Choice::Cranelift);
    const LLVM: Option<Choice> = Some(Choice::Llvm);

    #[test]
    fn a_profile_is_what_it_inherits_from() {
        let manifest = "[profile.small]\ninherits = \"tiny\"\n[profile.tiny]\ninherits = \"release\"\n\
                        [profile.quick]\ninherits = \"test\"\n[profile.circle]\ninherits = \"circle\"\n";
        let by = |text| backend(manifest, &[], text);
        assert_eq!(by("build --profile small"), LLVM);
        assert_eq!(by("build --profile quick"), CRANELIFT);
        assert_eq!(by("build"), CRANELIFT);
        assert_eq!(by("bench"), LLVM);
        // Cargo complains.
        assert_eq!(by("build --profile circle"), CRANELIFT);
        assert_eq!(by("build --profile unknown"), CRANELIFT);
        assert_eq!(backend("[profile.test]\ninherits = \"release\"\n", &[], "test"), LLVM);
    }

    #[test]
    fn lto_is_llvms() {
        let by = |lto, text| {
            backend(
                &format!("[profile.dev]\nlto = {lto}\n[profile.bench]\nlto = false\n"),
                &[],
                text,
            )
        };
        assert_eq!(by("true", "build"), LLVM);
        assert_eq!(by("\"thin\"", "test"), LLVM);
        assert_eq!(by("false", "build"), CRANELIFT);
        assert_eq!(by("\"off\"", "build"), CRANELIFT);
        assert_eq!(by("true", "bench"), LLVM);
        let config = ["profile.dev.lto='fat'", "profile.test.lto=false"];
        assert_eq!(backend("", &config, "build"), LLVM);
        assert_eq!(backend("", &config, "test"), CRANELIFT);
    }

    #[test]
    fn configuration_has_profiles_too() {
        let manifest = "[profile.small]\ninherits = \"release\"\n";
        let config = ["profile.small.inherits='own'", "profile.own.inherits='dev'"];
        assert_eq!(backend(manifest, &[], "build --profile small"), LLVM);
        assert_eq!(backend(manifest, &config, "build --profile small"), CRANELIFT);
        assert_eq!(backend(manifest, &config, "build --profile own"), CRANELIFT);
    }

    #[test]
    fn a_choice_for_a_profile_is_one_for_its_heirs() {
        let manifest = "[workspace.metadata.snug.profile]\ndev.backend = \"llvm\"\n\
                        bench.backend = \"cranelift\"\n";
        assert_eq!(backend(manifest, &[], "build"), LLVM);
        assert_eq!(backend(manifest, &[], "test"), LLVM);
        assert_eq!(backend(manifest, &[], "bench"), CRANELIFT);
        assert_eq!(backend(manifest, &[], "build --release"), LLVM);
        assert_eq!(backend("", &["snug.profile.dev.backend='mixed'"], "test"), Some(Choice::Mixed));
        let config = ["snug.profile.test.backend='cranelift'"];
        assert_eq!(backend(manifest, &config, "test"), CRANELIFT);
        assert_eq!(backend(manifest, &config, "build"), LLVM);
        assert_eq!(backend(manifest, &["snug.profile.dev.backend='gcc'"], "build"), None);
    }

    #[test]
    fn commands_of_others_have_other_profiles() {
        assert_eq!(backend("", &[], "somebodys --profile ci --release"), LLVM);
        assert_eq!(backend("", &[], "somebodys --profile ci"), CRANELIFT);
        assert_eq!(backend("", &[], "somebodys --profile release"), LLVM);
        assert_eq!(backend("", &[], "llvm-cov nextest"), LLVM);
    }
}
