//! Compiles a crate's tests in any way, and tells which programs came out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::Result;
use crate::cargo::Cargo;
use crate::harness::Tools;

use super::sources::Workspace;
use super::table::Crate;
use super::way::Way;

/// Enough for the largest crate with all its dependencies on a slow machine.
const LIMIT: Duration = Duration::from_secs(5400);

/// What compilation made.
#[derive(Debug, Default)]
pub struct Built {
    /// The test programs.
    pub programs: Vec<TestProgram>,
    /// The crate's own programs, by name, where its tests need them.
    pub bins: BTreeMap<String, PathBuf>,
    /// The targets that could not be compiled, with the first error.
    pub broken: BTreeMap<String, String>,
}

/// A test program.
#[derive(Debug, PartialEq)]
pub struct TestProgram {
    /// What Cargo calls the target; `lib` for the library's own tests.
    pub target: String,
    /// The program.
    pub file: PathBuf,
}

/// A line of Cargo's JSON output.
#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

impl Target {
    fn label(self) -> String {
        if self.kind.iter().any(|kind| kind.ends_with("lib")) { "lib".into() } else { self.name }
    }
}

/// Compiles the tests of a crate.
pub fn tests(tools: Tools, workspace: &Workspace, krate: &Crate, way: Way) -> Result<Built> {
    let target = workspace.root().join("target").join(way.folder());
    let mut cargo = Cargo::new(tools, workspace.root(), way.compiler)
        .limit(LIMIT)
        .env("CARGO_TARGET_DIR", target)
        // Warnings are the crates' own affair, and some crates deny them.
        .flag("--cap-lints=allow")
        // Tokio's own tests, and those of what is built on it, want all of Tokio.
        .flag("--cfg=tokio_unstable");
    for (name, value) in environment(workspace, krate) {
        cargo = cargo.env(&name, value);
    }
    let default = if krate.default_features { "" } else { "--no-default-features" };
    let features = match &krate.features[..] {
        [] => String::new(),
        features => format!("--features {}", features.join(",")),
    };
    let call = format!(
        "test --no-run --no-fail-fast --locked --message-format=json --tests {} -p {} {default} {features}",
        way.profile.flag(),
        krate.spec()
    );
    let finished = cargo.call(&call)?;
    let built = read(&finished.stdout, &krate.name)?;
    // Otherwise Cargo fails without a diagnostic: no such feature, the lock file is out of date...
    if !finished.success && built.broken.is_empty() {
        return Err(finished.describe());
    }
    Ok(built)
}

/// The variables that a crate's tests want, when they are compiled and when they are run.
pub fn environment(workspace: &Workspace, krate: &Crate) -> Vec<(String, String)> {
    let folder = workspace.member(krate).display().to_string();
    let variables = krate.environment.iter();
    variables.map(|(name, value)| (name.clone(), value.replace("{package}", &folder))).collect()
}

/// Reads Cargo's messages about a crate's tests. An error in another crate is an error.
pub fn read(messages: &str, krate: &str) -> Result<Built> {
    let mut built = Built::default();
    for line in messages.lines().filter(|line| line.starts_with('{')) {
        let message: Message =
            serde_json::from_str(line).map_err(|error| format!("Cargo's output: {error}"))?;
        let Some(target) = message.target else { continue };
        let is_bin = target.kind.iter().any(|kind| kind == "bin");
        let target = target.label();
        let test = message.profile.is_some_and(|profile| profile.test);
        match (message.reason.as_str(), message.executable, message.message) {
            ("compiler-artifact", Some(file), _) if test => {
                built.programs.push(TestProgram { target, file });
            }
            ("compiler-artifact", Some(file), _) if is_bin => {
                built.bins.insert(target, file);
            }
            ("compiler-message", _, Some(error)) if error.level == "error" => {
                let text = error.rendered.unwrap_or_default();
                let package = message.package_id.unwrap_or_default();
                if !is_of(&package, krate) {
                    return Err(format!("{package} does not compile: {text}"));
                }
                built.broken.entry(target).or_insert(text);
            }
            _ => {}
        }
    }
    built.programs.sort_by(|a, b| a.target.cmp(&b.target));
    Ok(built)
}

/// Whether a package id (`path+file:///members/a-1.0.0#a@1.0.0`, or `..#1.0.0` where the folder is called
/// like the crate) is of a crate.
fn is_of(package_id: &str, krate: &str) -> bool {
    let Some((place, rest)) = package_id.rsplit_once('#') else { return false };
    match rest.split_once('@') {
        Some((name, _)) => name == krate,
        None => place.ends_with(&format!("/{krate}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = r#""package_id":"path+file:///x/members/a-1.0.0#a@1.0.0""#;

    fn artifact(kind: &str, test: bool) -> String {
        format!(
            r#"{{"reason":"compiler-artifact",{OURS},"target":{{"name":"t","kind":["{kind}"]}},"profile":{{"test":{test}}},"executable":"/x/t"}}"#
        )
    }

    fn error(package: &str, level: &str) -> String {
        format!(
            r#"{{"reason":"compiler-message",{package},"target":{{"name":"t","kind":["test"]}},"message":{{"level":"{level}","rendered":"what"}}}}"#
        )
    }

    #[test]
    fn programs_are_found() {
        let lines = [artifact("test", true), artifact("rlib", true), artifact("bin", false)];
        let built = read(&lines.join("\n"), "a").unwrap();
        let targets: Vec<&str> = built.programs.iter().map(|p| p.target.as_str()).collect();
        assert_eq!(targets, ["lib", "t"]);
        assert_eq!(built.bins["t"], PathBuf::from("/x/t"));
        assert!(built.broken.is_empty());
    }

    #[test]
    fn errors_are_found_where_they_are() {
        let built = read(&error(OURS, "error"), "a").unwrap();
        assert_eq!(built.broken["t"], "what");
        assert!(read(&error(OURS, "warning"), "a").unwrap().broken.is_empty());
        let other = r#""package_id":"registry+https://x#b@1.0.0""#;
        assert!(read(&error(other, "error"), "a").unwrap_err().contains("b@1.0.0"));
    }

    #[test]
    fn package_ids_name_crates() {
        assert!(is_of("path+file:///x/members/a-1.0.0#a@1.0.0", "a"));
        assert!(is_of("path+file:///x/members/a#1.0.0", "a"));
        assert!(!is_of("path+file:///x/members/ba#1.0.0", "a"));
        assert!(!is_of("registry+x#b@1.0.0", "a"));
    }
}
