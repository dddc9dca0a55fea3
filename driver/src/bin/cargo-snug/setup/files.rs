//! The files of each editor, in its own format.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Editor, File, Project};

/// How rust-analyzer is to check.
const CHECK: [&str; 6] = [
    "cargo",
    "snug",
    "check",
    "--workspace",
    "--all-targets",
    "--message-format=json-diagnostic-rendered-ansi",
];
/// What it is to start in the place of cargo.
const RUNS: &str = "cargo-snug";

/// An editor's files.
pub(super) fn of(editor: Editor, project: &Project) -> Vec<File> {
    match editor {
        Editor::Vscode => vscode(project),
        Editor::Zed => zed(project),
        Editor::Neovim => vec![File { path: ".nvim.lua".to_owned(), text: neovim(project) }],
        Editor::Helix => helix(),
        Editor::RustRover => {
            let runs = project.programs.iter().map(|(package, name)| {
                rustrover(project, name, &format!("run --package {package} --bin {name}"))
            });
            runs.chain([rustrover(project, "test", "test --workspace")]).collect()
        }
    }
}

/// What else the user has to do.
pub(super) fn advice(editor: Editor) -> &'static str {
    match editor {
        Editor::Vscode => {
            "The extensions rust-analyzer and CodeLLDB are needed. `Run` and `Test` above functions, and the tasks and debugging \
             sessions of these files, are Snug's."
        }
        Editor::Zed => {
            "The tasks and debugging sessions are in the command palette: `task: spawn`, `debugger: start`."
        }
        Editor::Neovim => {
            "`:set exrc` in your own configuration makes Neovim read this file; nvim-lspconfig and nvim-dap are \
             needed, and gdb 14 or newer."
        }
        Editor::Helix => {
            "`:run-shell-command cargo snug test` runs the tests; `:debug-start snug target/snug/debug/NAME` debugs. lldb-dap \
             is needed."
        }
        Editor::RustRover => {
            "RustRover reads the run configurations in `.run`; `Run` and `Debug` are Snug's then. It calls cargo itself, so these set the \
             compiler instead, and optimised profiles are LLVM's."
        }
    }
}

fn json_file(path: &str, value: &Value) -> File {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    File { path: path.to_owned(), text }
}

/// The command line that builds a program.
fn build((package, name): &(String, String)) -> [&str; 6] {
    ["snug", "build", "--package", package, "--bin", name]
}

fn vscode(project: &Project) -> Vec<File> {
    let settings = json!({
        "rust-analyzer.check.overrideCommand": CHECK,
        "rust-analyzer.runnables.command": RUNS,
    });
    let task = |label: &str, arguments: &[&str]| {
        json!({
            "label": label,
            "type": "process",
            "command": "cargo",
            "args": arguments,
            "problemMatcher": ["$rustc"],
            "group": if arguments.contains(&"test") { "test" } else { "build" },
        })
    };
    let mut tasks = vec![task("snug: test", &["snug", "test"])];
    let mut sessions = Vec::new();
    for program in &project.programs {
        let (package, name) = program;
        let run = ["snug", "run", "--package", package, "--bin", name];
        tasks.push(task(&format!("snug: run {name}"), &run));
        sessions.push(json!({
            "name": format!("snug: debug {name}"),
            "type": "lldb",
            "request": "launch",
            "cargo": { "args": build(program), "filter": { "name": name, "kind": "bin" } },
            "args": [],
            "cwd": "${workspaceFolder}",
        }));
    }
    for package in &project.libraries {
        sessions.push(json!({
            "name": format!("snug: debug tests of {package}"),
            "type": "lldb",
            "request": "launch",
            "cargo": {
                "args": ["snug", "test", "--no-run", "--lib", "--package", package],
                "filter": { "kind": "lib" },
            },
            "args": [],
            "cwd": "${workspaceFolder}",
        }));
    }
    vec![
        json_file(".vscode/settings.json", &settings),
        json_file(".vscode/tasks.json", &json!({ "version": "2.0.0", "tasks": tasks })),
        json_file(
            ".vscode/launch.json",
            &json!({ "version": "0.2.0", "configurations": sessions }),
        ),
    ]
}

fn zed(project: &Project) -> Vec<File> {
    let analyzer =
        json!({ "check": { "overrideCommand": CHECK }, "runnables": { "command": RUNS } });
    let settings = json!({ "lsp": { "rust-analyzer": { "initialization_options": analyzer } } });
    let task = |label: &str, arguments: &[&str]| json!({ "label": label, "command": "cargo", "args": arguments });
    let mut tasks = vec![task("snug: test", &["snug", "test"])];
    let mut sessions = Vec::new();
    for program in &project.programs {
        let (package, name) = program;
        let run = ["snug", "run", "--package", package, "--bin", name];
        tasks.push(task(&format!("snug: run {name}"), &run));
        sessions.push(json!({
            "label": format!("snug: debug {name}"),
            "adapter": "CodeLLDB",
            "request": "launch",
            "build": { "command": "cargo", "args": build(program) },
            "program": below(project, "$ZED_WORKTREE_ROOT", name),
            "cwd": "$ZED_WORKTREE_ROOT",
        }));
    }
    vec![
        json_file(".zed/settings.json", &settings),
        json_file(".zed/tasks.json", &tasks.into()),
        json_file(".zed/debug.json", &sessions.into()),
    ]
}

/// A program that a dev build makes.
fn below(project: &Project, root: &str, name: &str) -> String {
    let root = if project.folder.starts_with('/') { String::new() } else { format!("{root}/") };
    format!("{root}{}/debug/{name}", project.folder)
}

fn neovim(project: &Project) -> String {
    let check = CHECK.map(|word| format!("'{word}'")).join(", ");
    let mut text = format!(
        "vim.lsp.config('rust_analyzer', {{\n  settings = {{ ['rust-analyzer'] = {{\n    check = {{ overrideCommand = {{ {check} }} \
         }},\n    runnables = {{ command = '{RUNS}' }},\n  }} }},\n}})\n\
         vim.opt.makeprg = 'cargo snug $*'\n\
         vim.api.nvim_create_user_command('SnugTest', '!cargo snug test <args>', {{ nargs = '*' }})\n\
         vim.api.nvim_create_user_command('SnugRun', '!cargo snug run <args>', {{ nargs = '*' }})\n\n\
         local found, dap = pcall(require, 'dap')\nif found then\n  \
         dap.adapters.gdb = {{ type = 'executable', command = 'gdb', args = {{ '--interpreter=dap' }} }}\n  \
         dap.configurations.rust = {{\n"
    );
    for program in &project.programs {
        let (_, name) = program;
        let line = build(program).join(" ");
        let path = below(project, "", name);
        let path = path.trim_start_matches('/');
        let root = if project.folder.starts_with('/') { "'/" } else { "vim.fn.getcwd() .. '/" };
        let _ = writeln!(
            text,
            "    {{ name = 'snug: debug {name}', type = 'gdb', request = 'launch', cwd = '${{workspaceFolder}}',\n      \
             program = function()\n        vim.fn.system('cargo {line}')\n        return {root}{path}'\n      end }},"
        );
    }
    text + "  }\nend\n"
}

fn helix() -> Vec<File> {
    let check = CHECK.map(|word| format!("\"{word}\"")).join(", ");
    let languages = format!(
        "[language-server.rust-analyzer.config.check]\noverrideCommand = [{check}]\n\n\
         [language-server.rust-analyzer.config.runnables]\ncommand = \"{RUNS}\"\n\n\
         [[language]]\nname = \"rust\"\n\n[language.debugger]\nname = \"lldb-dap\"\ntransport = \"stdio\"\ncommand = \"lldb-dap\"\n\n\
         [[language.debugger.templates]]\nname = \"snug\"\nrequest = \"launch\"\n\
         completion = [{{ name = \"program\", completion = \"filename\" }}]\nargs = {{ program = \"{{0}}\" }}\n"
    );
    let config = "[keys.normal.space.C]\nb = \":run-shell-command cargo snug build\"\nr = \":run-shell-command cargo snug run\"\n\
                  t = \":run-shell-command cargo snug test\"\n";
    vec![
        File { path: ".helix/languages.toml".to_owned(), text: languages },
        File { path: ".helix/config.toml".to_owned(), text: config.to_owned() },
    ]
}

fn rustrover(project: &Project, name: &str, command: &str) -> File {
    let folder = below_project(project);
    let [command, shown, rustc, folder] = [command, name, &project.rustc, &folder].map(escaped);
    let text = format!(
        "<component name=\"ProjectRunConfigurationManager\">\n  \
         <configuration default=\"false\" name=\"snug: {shown}\" type=\"CargoCommandRunConfiguration\" factoryName=\"Cargo Command\">\n    \
         <option name=\"command\" value=\"{command}\" />\n    \
         <option name=\"workingDirectory\" value=\"file://$PROJECT_DIR$\" />\n    \
         <envs>\n      <env name=\"RUSTC\" value=\"{rustc}\" />\n      <env name=\"CARGO_TARGET_DIR\" value=\"{folder}\" />\n    </envs>\n    \
         <method v=\"2\">\n      <option name=\"CARGO.BUILD_TASK_PROVIDER\" enabled=\"true\" />\n    </method>\n  </configuration>\n</component>\n"
    );
    File { path: format!(".run/snug {name}.run.xml"), text }
}

fn below_project(project: &Project) -> String {
    match project.folder.starts_with('/') {
        true => project.folder.clone(),
        false => format!("$PROJECT_DIR$/{}", project.folder),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(folder: &str) -> Project {
        Project {
            programs: vec![("a".to_owned(), "app".to_owned())],
            libraries: vec!["b".to_owned()],
            folder: folder.to_owned(),
            rustc: "/x/bin/snug-rustc".to_owned(),
        }
    }

    fn text(editor: Editor, folder: &str, path: &str) -> String {
        let files = of(editor, &project(folder));
        files.into_iter().find(|file| file.path == path).expect(path).text
    }

    #[test]
    fn json_and_toml_are_such() {
        for editor in [Editor::Vscode, Editor::Zed, Editor::Helix] {
            for File { path, text } in of(editor, &project("target/snug")) {
                match path.ends_with(".json") {
                    true => drop(serde_json::from_str::<Value>(&text).expect(&path)),
                    false => drop(text.parse::<toml::Table>().expect(&path)),
                }
            }
        }
    }

    #[test]
    fn each_editor_runs_tests_and_debugs() {
        let launch = text(Editor::Vscode, "target/snug", ".vscode/launch.json");
        let launch: Value = serde_json::from_str(&launch).unwrap();
        let args = &launch["configurations"][0]["cargo"]["args"];
        assert_eq!(*args, json!(["snug", "build", "--package", "a", "--bin", "app"]));
        let args = &launch["configurations"][1]["cargo"]["args"];
        assert_eq!(*args, json!(["snug", "test", "--no-run", "--lib", "--package", "b"]));
        let debug = text(Editor::Zed, "target/snug", ".zed/debug.json");
        assert!(debug.contains("\"$ZED_WORKTREE_ROOT/target/snug/debug/app\""), "{debug}");
        let lua = text(Editor::Neovim, "target/snug", ".nvim.lua");
        assert!(lua.contains("vim.fn.getcwd() .. '/target/snug/debug/app'"), "{lua}");
        let rover = text(Editor::RustRover, "target/snug", ".run/snug app.run.xml");
        assert!(rover.contains("value=\"$PROJECT_DIR$/target/snug\""), "{rover}");
    }

    #[test]
    fn a_target_folder_elsewhere_stays_there() {
        let debug = text(Editor::Zed, "/elsewhere/snug", ".zed/debug.json");
        assert!(debug.contains("\"/elsewhere/snug/debug/app\""), "{debug}");
        let lua = text(Editor::Neovim, "/elsewhere/snug", ".nvim.lua");
        assert!(lua.contains("return '/elsewhere/snug/debug/app'"), "{lua}");
        assert_eq!(escaped("a\"b&c<"), "a&quot;b&amp;c&lt;");
    }
}
