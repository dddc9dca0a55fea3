//! Flags in cargo's configuration that a variable hides. Cargo takes one of its sources of flags and forgets the others:
//! a firmware whose `-Tlink.x` is hidden becomes an empty program, without an error.
//!
//! Mirrors `extra_args` in cargo's `src/cargo/core/compiler/build_context/target_info.rs`:
//!
//! 1. `CARGO_ENCODED_RUSTFLAGS`, also if it is empty;
//! 2. `RUSTFLAGS`, also if it is empty;
//! 3. `target.TARGET.rustflags` and all `target.'cfg(..)'.rustflags` that apply, together;
//! 4. `build.rustflags`.
//!
//! For rustdoc, the same with other names, but without `target.'cfg(..)'`.

use crate::config::Config;

/// The variables, the most urgent first, and what the settings are called.
const KINDS: [([&str; 2], &str); 2] = [
    (["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"], "rustflags"),
    (["CARGO_ENCODED_RUSTDOCFLAGS", "RUSTDOCFLAGS"], "rustdocflags"),
];

/// One warning for each variable that hides settings.
pub(crate) fn warnings(config: &Config) -> Vec<String> {
    warnings_given(config, |name| std::env::var_os(name).is_some())
}

fn warnings_given(config: &Config, is_set: impl Fn(&str) -> bool) -> Vec<String> {
    let warning = |(variables, key): ([&str; 2], &str)| {
        let variable = variables.into_iter().find(|name| is_set(name))?;
        let hidden = settings(config, key);
        if hidden.is_empty() {
            return None;
        }
        Some(format!(
            "{variable} is set, so cargo ignores {}\n`unset {variable}`, or put its flags beside the others: \
             `--config 'build.{key}=[\"..\"]'` (or `target.'cfg(all())'.{key}`, if those are below \
             `target`)",
            hidden.join(" and ")
        ))
    };
    KINDS.into_iter().filter_map(warning).collect()
}

/// The settings for flags, each with where it is.
fn settings(config: &Config, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    for target in config.keys(&["target"]) {
        let name = if target.contains('(') { format!("'{target}'") } else { target.clone() };
        for place in config.places(&["target", &target, key]) {
            found.push(format!("`target.{name}.{key}` in {place}"));
        }
    }
    let of_build = config.places(&["build", key]);
    found.extend(of_build.into_iter().map(|place| format!("`build.{key}` in {place}")));
    found
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn warned(settings: &[&str], set: &[&str]) -> Vec<String> {
        let config = Config::default().with_arguments(settings.iter().map(OsStr::new));
        warnings_given(&config, |name| set.contains(&name))
    }

    #[test]
    fn a_variable_hides_what_the_configuration_has() {
        let found = warned(
            &[
                "target.'cfg(unix)'.rustflags=['-x']",
                "target.a.rustflags='-y'",
                "build.rustflags=[]",
            ],
            &["RUSTFLAGS"],
        );
        assert_eq!(found.len(), 1);
        let settings = "RUSTFLAGS is set, so cargo ignores `target.a.rustflags` in --config and \
                        `target.'cfg(unix)'.rustflags` in --config and `build.rustflags` in --config\n";
        assert!(found[0].starts_with(settings), "{}", found[0]);
        let found = warned(&["build.rustflags='-x'"], &["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"]);
        assert!(found[0].starts_with("CARGO_ENCODED_RUSTFLAGS is set"), "{}", found[0]);
    }

    #[test]
    fn where_nothing_is_hidden_nothing_is_said() {
        assert!(warned(&["build.rustflags='-x'"], &[]).is_empty());
        assert!(warned(&["build.rustflags='-x'"], &["RUSTDOCFLAGS"]).is_empty());
        assert!(warned(&["target.a.linker='x'"], &["RUSTFLAGS"]).is_empty());
    }
}
