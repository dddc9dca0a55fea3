//! What `cargo snug` gives to shells, manuals and editors, tried out.

use std::process::Command;

use serde_json::Value;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::{contains_all, same};

/// bash completes Snug's words and cargo's after `cargo snug`, and cargo's alone after `cargo`.
pub(crate) fn in_bash(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let script = user.succeed("completions bash")?.stdout;
    user.workspace.write("snug.bash", &script)?;
    // Cargo's own completions, or one that shows what it is asked.
    user.workspace.write(
        "cargo.bash",
        "_cargo() { COMPREPLY=($(compgen -W 'build bench --release' -- \"${COMP_WORDS[COMP_CWORD]}\")); }\n\
         complete -F _cargo cargo\n",
    )?;
    let complete = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let script = format!(
            "source ./cargo.bash; source ./snug.bash\n\
             COMP_WORDS=({}); COMP_CWORD={}; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}\n\
             function=$(complete -p cargo | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n\
             \"$function\" cargo \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
             echo \"${{COMPREPLY[*]}}\"",
            words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
            words.len() - 1,
        );
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", &script]).current_dir(user.workspace.path("."));
        let finished = command::run(&mut bash)?.expect_success(line)?;
        Ok::<_, String>(finished.stdout.trim().to_owned())
    };
    same("cargo b", complete("cargo b")?.as_str(), "build bench")?;
    same("cargo sn", complete("cargo sn")?.as_str(), "snug")?;
    same("cargo snug si", complete("cargo snug si")?.as_str(), "sizes")?;
    same("cargo snug b", complete("cargo snug b")?.as_str(), "bench build")?;
    same("cargo snug --la", complete("cargo snug --la")?.as_str(), "--layout")?;
    same("values", complete("cargo snug --backend m")?.as_str(), "mixed")?;
    same("of a command", complete("cargo snug sizes --advi")?.as_str(), "--advise")
}

/// `cargo help snug` asks the executable, and the page that is installed says the same of each command.
pub(crate) fn manual(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let help = user.in_shell("\"$CARGO\" help snug")?.expect_success("cargo help snug")?.stdout;
    contains_all(&help, &["cargo snug [SNUG OPTIONS]", "doctor", "setup", "--backend"])?;
    let page = user.succeed("man")?.stdout;
    contains_all(&page, &[".TH cargo-snug 1", ".SH \"CARGO SNUG SIZES\"", "\\-\\-advise"])
}

/// What an editor is told to build and debug is what is there afterwards. Files of the user's stay.
pub(crate) fn of_editors(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let own = "{ \"editor.tabSize\": 3 }\n";
    user.workspace.write(".vscode/settings.json", own)?;
    let said = user.succeed("setup vscode --write")?.stdout;
    contains_all(&said, &["settings.json is there already", "overrideCommand", "written: "])?;
    same("the user's", user.workspace.read(".vscode/settings.json")?.as_str(), own)?;
    let parse = |path: &str| {
        serde_json::from_str::<Value>(&user.workspace.read(path)?)
            .map_err(|e| format!("{path}: {e}"))
    };
    let line = |value: &Value| {
        let words: Vec<&str> =
            value.as_array().into_iter().flatten().flat_map(Value::as_str).collect();
        words.join(" ")
    };
    for session in parse(".vscode/launch.json")?["configurations"].as_array().into_iter().flatten()
    {
        let arguments = line(&session["cargo"]["args"]);
        let arguments = arguments.strip_prefix("snug ").ok_or("it is not Snug that builds")?;
        let built = user.succeed(&format!("{arguments} --message-format=json"))?.stdout;
        let kind = session["cargo"]["filter"]["kind"].as_str().unwrap_or_default();
        let is_debugged = |line: &str| {
            let message: Value = serde_json::from_str(line).unwrap_or_default();
            let program = message["executable"].as_str().unwrap_or_default();
            message["target"]["kind"][0] == kind && program.contains("target/snug/debug")
        };
        same(&format!("a program of {arguments}"), built.lines().any(is_debugged), true)?;
    }
    user.succeed("setup zed --write")?;
    let session = &parse(".zed/debug.json")?[0];
    let program = session["program"].as_str().unwrap_or_default();
    let program = program.strip_prefix("$ZED_WORKTREE_ROOT/").ok_or("the program is elsewhere")?;
    user.succeed(line(&session["build"]["args"]).trim_start_matches("snug "))?;
    same("zed's program", user.workspace.path(program).exists(), true)?;
    // RustRover calls cargo itself: with the variables of its file, it is Snug that compiles.
    let printed = user.succeed("setup rustrover")?.stdout;
    let value = |name: &str| {
        let (_, rest) = printed.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split_once('"').map(|(value, _)| value.replace("$PROJECT_DIR$", "."))
    };
    let command = value("command").ok_or("no command")?;
    let (rustc, folder) = (value("RUSTC"), value("CARGO_TARGET_DIR"));
    let variables = [("RUSTC", rustc), ("CARGO_TARGET_DIR", folder)];
    let mut line = String::new();
    for (name, value) in variables {
        line += &format!("{name}={} ", value.ok_or(name)?);
    }
    let run = user.in_shell(&format!("{line}\"$CARGO\" {command}"))?.expect_success("rustrover")?;
    same("its size", run.stdout.trim(), snug_tests::user::SMALL)?;
    for editor in ["neovim", "helix"] {
        contains_all(
            &user.succeed(&format!("setup {editor}"))?.stdout,
            &["overrideCommand", "debug"],
        )?;
    }
    contains_all(&user.snug("setup emacs")?.stderr, &["emacs", "possible values", "rustrover"])
}
