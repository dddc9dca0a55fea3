//! Places in sources, as the compiler's diagnostics write them: `src/main.rs:3:5: 3:20`.

use std::fmt;

/// A stretch of a file. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) start: (usize, usize),
    pub(crate) end: (usize, usize),
}

impl Place {
    /// Reads it; `None` if it is nowhere (code of the compiler's own).
    pub(crate) fn parse(text: &str) -> Option<Place> {
        // `(#3)` at the end is about macros.
        let text = text.split(" (#").next().unwrap_or(text).trim();
        let (start, end) = text.rsplit_once(": ")?;
        let mut parts = start.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        let file = parts.next()?.to_owned();
        let (end_line, end_column) = end.split_once(':')?;
        let end = (end_line.parse().ok()?, end_column.parse().ok()?);
        (line > 0).then_some(Place { file, start: (line, column), end })
    }

    /// The line where it starts.
    pub(crate) fn line(&self) -> usize {
        self.start.0
    }

    /// Whether a path that a user writes may mean its file: the end of it.
    pub(crate) fn is_in(&self, file: &str) -> bool {
        let file = file.trim_start_matches("./");
        self.file == file || self.file.ends_with(&format!("/{file}"))
    }

    /// The file and the line.
    pub(crate) fn short(&self) -> String {
        format!("{}:{}", shortened(&self.file), self.line())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", shortened(&self.file), self.start.0, self.start.1)
    }
}

/// A path from a folder of packages on, where it is in one: `tokio-1.48.0/src/task/spawn.rs`.
fn shortened(file: &str) -> &str {
    if !file.starts_with('/') {
        return file;
    }
    for folder in ["/registry/src/", "/git/checkouts/"] {
        if let Some((_, rest)) = file.split_once(folder)
            && let Some((_, path)) = rest.split_once('/')
        {
            return path;
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        let place = Place::parse("src/a b.rs:3:5: 4:20 (#0)").unwrap();
        assert_eq!(place, Place { file: "src/a b.rs".into(), start: (3, 5), end: (4, 20) });
        assert_eq!(place.to_string(), "src/a b.rs:3:5");
        assert!(place.is_in("./src/a b.rs") && place.is_in("a b.rs") && !place.is_in("b.rs"));
        assert_eq!(Place::parse("no-location"), None);
        assert_eq!(Place::parse("<core>:0:0: 0:0"), None);
    }

    #[test]
    fn packages_have_short_paths() {
        let path = "/home/a/.cargo/registry/src/index-1949cf8c6b5b557f/tokio-1.48.0/src/lib.rs";
        assert_eq!(shortened(path), "tokio-1.48.0/src/lib.rs");
        assert_eq!(shortened("/elsewhere/src/lib.rs"), "/elsewhere/src/lib.rs");
    }
}
