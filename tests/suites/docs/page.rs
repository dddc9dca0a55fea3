//! A page of the documentation, as far as it can be checked.

use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use snug_tests::Result;

/// A page.
pub(crate) struct Page {
    /// Its path in the repository.
    pub(crate) name: String,
    /// What its links and pictures lead to.
    pub(crate) links: Vec<String>,
    /// What stands between backticks.
    pub(crate) code: Vec<String>,
    /// Blocks of code.
    pub(crate) blocks: Vec<String>,
    /// Its headings, as links call them.
    headings: Vec<String>,
    /// All of it.
    pub(crate) text: String,
}

impl Page {
    /// Reads a file.
    pub(crate) fn read(root: &Path, name: &str) -> Result<Page> {
        let path = root.join(name);
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Page::parse(name, &text))
    }

    fn parse(name: &str, text: &str) -> Page {
        let mut page = Page {
            name: name.to_owned(),
            links: Vec::new(),
            code: Vec::new(),
            blocks: Vec::new(),
            headings: Vec::new(),
            text: text.to_owned(),
        };
        let (mut heading, mut block): (Option<String>, Option<String>) = (None, None);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default(), &page.headings);
                    page.headings.push(anchor);
                }
                Event::Start(Tag::CodeBlock(_)) => block = Some(String::new()),
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Text(text) => {
                    if let Some(part) = block.as_mut().or(heading.as_mut()) {
                        part.push_str(&text);
                    }
                }
                Event::Code(code) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&code);
                    }
                    page.code.push(code.into_string());
                }
                _ => {}
            }
        }
        page
    }

    /// A page that has nothing but a block of code.
    pub(crate) fn of_block(block: &str) -> Page {
        let lines: String = block.lines().map(|line| format!("    {line}\n")).collect();
        Page::parse("page.md", &lines)
    }

    /// Where it lies.
    pub(crate) fn folder(&self, root: &Path) -> PathBuf {
        root.join(&self.name).parent().unwrap_or(root).to_owned()
    }

    /// Whether links may name this heading.
    pub(crate) fn has_heading(&self, name: &str) -> bool {
        self.headings.iter().any(|heading| heading == name)
    }

    /// Whether a line that names a path says that it is in the sources of something else.
    pub(crate) fn is_elsewhere(&self, path: &str) -> bool {
        let quoted = format!("`{path}`");
        let lines = self.text.lines().filter(|line| line.contains(&quoted));
        let elsewhere = ["sccache 0", "cg_clif's", "cargo's", "rustc's", "in clippy's"];
        lines.into_iter().all(|line| elsewhere.iter().any(|other| line.contains(other)))
    }

    /// What is printed in a block after a line that begins so.
    pub(crate) fn printed_after(&self, command: &str) -> Option<String> {
        self.blocks.iter().find_map(|block| {
            let (first, rest) = block.split_once('\n')?;
            (first == command).then(|| rest.to_owned())
        })
    }
}

/// What a link calls a heading: as GitHub does it.
fn anchor(heading: &str, before: &[String]) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    let name: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
    let same = before.iter().filter(|other| {
        **other == name || other.strip_prefix(&format!("{name}-")).is_some_and(is_number)
    });
    match same.count() {
        0 => name,
        count => format!("{name}-{count}"),
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

/// This module's own tests: the suite has no other harness.
pub(crate) fn is_read() -> Result<()> {
    let text = "# One `two`, three?\n\n[a](b.md#c) and `src/x.rs`\n\n    $ run it\n    it runs\n\n\
                | a |\n|---|\n| `./y.sh test` |\n\n# Same\n\n# Same\n";
    let page = Page::parse("docs/x.md", text);
    let found = (
        page.links.join(" "),
        page.code.join(" "),
        page.headings.join(" "),
        page.printed_after("$ run it"),
    );
    let expected = (
        "b.md#c".to_owned(),
        "two src/x.rs ./y.sh test".to_owned(),
        "one-two-three same same-1".to_owned(),
        Some("it runs\n".to_owned()),
    );
    snug_tests::workshop::same("a page", found, expected)
}
