//! Which backend compiles: what the user says, else what Cargo.toml says, else by the profile.
//!
//! Cranelift compiles what is compiled often and run little (profiles that come from `dev`), LLVM
//! what is to be fast (those that come from `release`).

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result, bail};
use snug_driver::installation::Backend;

use crate::workspace::Settings;

/// The profile of a cargo command.
pub(crate) fn profile(arguments: &[OsString]) -> String {
    let command = arguments.first().map(|name| name.to_string_lossy().into_owned());
    let arguments: Vec<_> = arguments
        .iter()
        .skip(1)
        .take_while(|argument| *argument != "--")
        .map(|argument| argument.to_string_lossy())
        .collect();
    for (at, argument) in arguments.iter().enumerate() {
        if let Some(name) = argument.strip_prefix("--profile=") {
            return name.to_owned();
        }
        match argument.as_ref() {
            "--profile" => return arguments.get(at + 1).map_or("dev", |name| name).to_owned(),
            "--release" | "-r" => return "release".to_owned(),
            _ => {}
        }
    }
    let is_debug = arguments.iter().any(|argument| argument == "--debug");
    match command.as_deref() {
        Some("bench") => "bench",
        Some("install") if !is_debug => "release",
        Some("test" | "t") => "test",
        _ => "dev",
    }
    .to_owned()
}

/// The backend for a profile, whose inheritance is in the workspace's Cargo.toml.
pub(crate) fn by_profile(profile: &str, settings: &Settings, manifest: &Path) -> Result<Backend> {
    // Profiles that inherit in a circle are cargo's to complain about.
    let mut name = profile.to_owned();
    for _ in 0..16 {
        if let Some(chosen) = settings.profile.get(&name) {
            return Ok(chosen.backend);
        }
        match name.as_str() {
            "dev" | "test" => return Ok(Backend::Cranelift),
            "release" | "bench" => return Ok(Backend::Llvm),
            _ => match inherits(&name, manifest)? {
                Some(parent) => name = parent,
                None => break,
            },
        }
    }
    bail!(
        "Snug does not know what profile `{profile}` is made from: say which backend it should have, \
         with `--backend cranelift` or `--backend llvm`"
    )
}

fn inherits(profile: &str, manifest: &Path) -> Result<Option<String>> {
    let Ok(text) = std::fs::read_to_string(manifest) else { return Ok(None) };
    let manifest: toml::Table =
        text.parse().with_context(|| format!("{} cannot be read", manifest.display()))?;
    let parent = manifest.get("profile").and_then(|it| it.get(profile)?.get("inherits")?.as_str());
    Ok(parent.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile_of(text: &str) -> String {
        profile(&text.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn profiles_are_cargos() {
        assert_eq!(profile_of("build"), "dev");
        assert_eq!(profile_of("t -p app"), "test");
        assert_eq!(profile_of("run -r"), "release");
        assert_eq!(profile_of("run -- -r"), "dev");
        assert_eq!(profile_of("bench"), "bench");
        assert_eq!(profile_of("install app"), "release");
        assert_eq!(profile_of("install --debug app"), "dev");
        assert_eq!(profile_of("build --profile small"), "small");
        assert_eq!(profile_of("test --profile=small"), "small");
    }

    #[test]
    fn a_profile_is_what_it_inherits_from() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("Cargo.toml");
        let text = "[profile.small]\ninherits = \"tiny\"\n[profile.tiny]\ninherits = \"release\"\n\
                    [profile.quick]\ninherits = \"dev\"\n[profile.circle]\ninherits = \"circle\"\n";
        std::fs::write(&manifest, text).unwrap();
        let by = |name| by_profile(name, &Settings::default(), &manifest).ok();
        assert_eq!(by("small"), Some(Backend::Llvm));
        assert_eq!(by("quick"), Some(Backend::Cranelift));
        assert_eq!(by("dev"), Some(Backend::Cranelift));
        assert_eq!(by("circle"), None);
        assert_eq!(by("unknown"), None);
    }
}
