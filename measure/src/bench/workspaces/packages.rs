//! The five workspaces, what is edited in them, and what a newcomer does with the programs.
//!
//! `docs/workspaces.md` says why these.

/// A workspace to build.
#[derive(Debug)]
pub(super) struct Workspace {
    /// What it stands for.
    pub(super) kind: &'static str,
    /// The package that is built. Its `Cargo.lock` is used.
    pub(super) root: Published,
    /// Packages of the same project that are compiled from its folder, not the registry's.
    pub(super) members: &'static [Published],
    /// The cargo command.
    pub(super) command: &'static str,
    /// What a developer changes.
    pub(super) edit: Edit,
    /// What is made: `None` if it is only checked.
    pub(super) program: Option<&'static str>,
    /// What is done with the program.
    pub(super) trials: &'static [Trial],
}

/// A package as it is in the registry.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    /// Of the file that cargo downloads.
    pub(super) sha256: &'static str,
}

impl Published {
    /// Its folder and its file are called so.
    pub(super) fn full_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

/// A function is added at the end of a file, and a call of it behind a line.
#[derive(Debug)]
pub(super) struct Edit {
    /// The package that is compiled again first.
    pub(super) package: &'static str,
    /// The file, from the folder of the workspace.
    pub(super) file: &'static str,
    /// The text before the call; the file has it once.
    pub(super) behind: &'static str,
}

/// Something that is done with a program. All compilers' programs must answer the same.
#[derive(Debug)]
pub(super) enum Trial {
    /// It runs and ends. `text` is part of what it prints.
    Run { arguments: &'static [&'static str], text: &'static str },
    /// It serves HTTP on a port; `PORT` in the arguments is replaced. `text` is part of each answer.
    Http { arguments: &'static [&'static str], gets: &'static [Get] },
    /// It answers DNS queries on a port, likewise.
    Dns { arguments: &'static [&'static str], queries: &'static [Query] },
}

/// A request to a web server.
#[derive(Debug)]
pub(super) struct Get {
    pub(super) path: &'static str,
    /// A header more.
    pub(super) header: &'static str,
    /// The status of the answer.
    pub(super) status: &'static str,
}

/// A query for an address.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) name: &'static str,
    /// Something that is in the answer.
    pub(super) part: &'static [u8],
}

/// Files for the trials, which run in their folder.
pub(super) const INPUTS: [(&str, &str); 3] = [
    ("justfile", JUSTFILE),
    (
        "dns.toml",
        "listen_addrs_ipv4 = [\"127.0.0.1\"]\ndirectory = \".\"\ndrop_privileges = false\n\n\
         [[zones]]\nzone = \"example.com\"\nzone_type = \"Primary\"\nfile = \"example.com.zone\"\n",
    ),
    (
        "example.com.zone",
        "@ 3600 IN SOA ns.example.com. admin.example.com. 1 28800 7200 604800 86400\n\
         @ 3600 IN NS ns.example.com.\n\
         ns 3600 IN A 192.0.2.1\n\
         www 3600 IN A 192.0.2.7\n\
         alias 3600 IN CNAME www.example.com.\n",
    ),
];

const JUSTFILE: &str = "\
version := '1.' + replace_regex('x07', 'x0*', '') + uppercase('-rc')
hash := sha256('snug')

# Greets
greet name='you' *rest: _quiet
    @echo 'hello {{ name }}, {{ version }} {{ if rest == \"\" { \"alone\" } else { rest } }}'

[private]
_quiet:
    @echo {{ hash }}
";

/// All of them.
pub(super) const WORKSPACES: [Workspace; 5] = [
    Workspace {
        kind: "CLI",
        root: Published {
            name: "ripgrep",
            version: "15.2.0",
            sha256: "a30750b6d0743bfdd2656ebbaf4555aa278c43144b84bc389bcbfa399485ec71",
        },
        members: &[],
        command: "build",
        edit: Edit {
            package: "ripgrep",
            file: "ripgrep-15.2.0/crates/core/main.rs",
            behind: "fn main() -> ExitCode {\n",
        },
        program: Some("rg"),
        trials: &[
            Trial::Run { arguments: &["--version"], text: "ripgrep 15.2.0" },
            Trial::Run {
                arguments: &[
                    "--sort=path",
                    "-nU",
                    r"fn [a-z_]+\(\n? *&self",
                    "../ripgrep-15.2.0/crates",
                ],
                text: "fn ",
            },
            Trial::Run {
                arguments: &[
                    "--sort=path",
                    "-ino",
                    "--replace=the $1",
                    r"(?:haystack|\bsherlock)s?\W+(\w+)",
                    "../ripgrep-15.2.0/tests",
                ],
                text: "the is\n",
            },
        ],
    },
    Workspace {
        kind: "web server",
        root: Published {
            name: "static-web-server",
            version: "2.44.1",
            sha256: "83e528e708e362e8a3ea37cdec2422ff821d29a6780355aae51bc03e69edb09d",
        },
        members: &[],
        command: "build",
        edit: Edit {
            package: "static-web-server",
            file: "static-web-server-2.44.1/src/handler.rs",
            behind: "        log_addr::pre_process(&self.opts, req, remote_addr);\n\n        async move {\n",
        },
        program: Some("static-web-server"),
        trials: &[
            Trial::Run { arguments: &["--help"], text: "--directory-listing" },
            Trial::Http {
                arguments: &[
                    "--host=127.0.0.1",
                    "--port=PORT",
                    "--root=../static-web-server-2.44.1/src",
                    "--directory-listing=true",
                ],
                gets: &[
                    Get { path: "/", header: "Accept: */*", status: "200 OK" },
                    Get { path: "/handler.rs", header: "Range: bytes=100-20000", status: "206" },
                    Get { path: "/handler.rs", header: "Accept-Encoding: gzip", status: "200 OK" },
                    Get { path: "/handler.rs", header: "Accept-Encoding: br", status: "200 OK" },
                    Get { path: "/handler.rs", header: "Accept-Encoding: zstd", status: "200 OK" },
                    Get { path: "/missing", header: "Accept: */*", status: "404" },
                ],
            },
        ],
    },
    Workspace {
        kind: "embedded, no_std",
        root: Published {
            name: "trouble-host",
            version: "0.8.0",
            sha256: "19a566cc37ceaff5cc2a6ff8cc02debd1ee6b95d59ced8830d005da8b080cbe9",
        },
        members: &[],
        command: "check",
        edit: Edit {
            package: "trouble-host",
            file: "trouble-host-0.8.0/src/host.rs",
            behind: "        let control_fut = self.control.run();\n        \
                     let rx_fut = self.rx.run_with_handler(event_handler);\n",
        },
        program: None,
        trials: &[],
    },
    Workspace {
        kind: "procedural macros",
        root: Published {
            name: "just",
            version: "1.59.0",
            sha256: "7e46c1911c9c129f5b4f05edb3cd9aa75bba81e0198bbdbcf6181f7bcc21d74e",
        },
        members: &[],
        command: "build",
        edit: Edit {
            package: "just",
            file: "just-1.59.0/src/run.rs",
            behind: "pub fn run(args: impl Iterator<Item = impl Into<OsString> + Clone>) -> Result<(), i32> {\n",
        },
        program: Some("just"),
        trials: &[
            Trial::Run { arguments: &["--version"], text: "just 1.59.0" },
            Trial::Run {
                arguments: &["greet", "world", "1", "2"],
                text: "hello world, 1.7-RC 1 2",
            },
            Trial::Run { arguments: &["--dump", "--dump-format=json"], text: "\"doc\":\"Greets\"" },
            Trial::Run { arguments: &["--list"], text: "greet name='you' *rest" },
        ],
    },
    Workspace {
        kind: "tokio, several crates",
        root: Published {
            name: "hickory-dns",
            version: "0.26.3",
            sha256: "2c00f9de6ccb1de862fa8fac2cb03ad826cb7637aeb4406f9ea54b44d6c1e2e1",
        },
        members: &[
            Published {
                name: "hickory-server",
                version: "0.26.3",
                sha256: "950c2ad9ba2ad35d6890b725baff91305f65b87d7719a6c6071514dc70f13eeb",
            },
            Published {
                name: "hickory-resolver",
                version: "0.26.3",
                sha256: "3f3da5255c95d5a716857d54b5b8f4e8d67c3484d3beaaaae2ce25063b3ba981",
            },
            Published {
                name: "hickory-net",
                version: "0.26.3",
                sha256: "c480823ed7c2c5d0f09c41020cb6b7c28029ce60ec42dc942158dcf22f8e0a4d",
            },
            Published {
                name: "hickory-proto",
                version: "0.26.3",
                sha256: "12b92608f679a6fa515dd1d15c1ff89443026e391200a2c840c7afcba482893d",
            },
        ],
        command: "build",
        edit: Edit {
            package: "hickory-server",
            file: "hickory-server-0.26.3/src/zone_handler/catalog.rs",
            behind: "        trace!(\"request: {:?}\", request);\n",
        },
        program: Some("hickory-dns"),
        trials: &[
            Trial::Run { arguments: &["--version"], text: "Hickory DNS named server 0.26.3" },
            Trial::Dns {
                arguments: &["--config=dns.toml", "--zonedir=.", "--port=PORT"],
                queries: &[
                    Query { name: "www.example.com", part: &[0, 4, 192, 0, 2, 7] },
                    Query { name: "alias.example.com", part: &[] },
                    Query { name: "missing.example.com", part: &[] },
                    Query { name: "example.org", part: &[] },
                ],
            },
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_pinned_and_edited_in_its_own_folder() {
        for workspace in &WORKSPACES {
            let mut all = workspace.members.iter().chain([&workspace.root]);
            assert!(all.clone().all(|package| package.sha256.len() == 64));
            let edited = all.find(|package| package.name == workspace.edit.package).unwrap();
            assert!(workspace.edit.file.starts_with(&format!("{}/", edited.full_name())));
            assert_eq!(workspace.program.is_some(), !workspace.trials.is_empty());
        }
    }
}
