//! Makes the names of futures short enough for a line.
//!
//! ```text
//! {async fn body of tokio::sync::Semaphore::acquire()}      async fn Semaphore::acquire
//! {async block@src/main.rs:29:1: 29:15}                     async block main.rs:29
//! {async block@<a::B<c::D> as e::F>::call::{closure#0}}     async block <B<D> as F>::call
//! ```

/// What takes the place of something left out.
const GAP: char = '…';

/// A short form of a type's name, of at most `width` characters. Paths lose what comes before the last two names, or
/// before the type; then arguments are left out, the innermost first, until it fits.
pub(super) fn short(name: &str, width: usize) -> String {
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let name = name.strip_suffix("()").unwrap_or(name);
    let name = name
        .replace("async fn body of ", "async fn ")
        .replace("async block@", "async block ")
        .replace("()}", "}")
        .replace("'_, ", "")
        .replace("<'_>", "");
    let name = without_closures(&short_paths(&name));
    let depths = (1..=MAX_DEPTH).rev().map(|depth| without_arguments(&name, depth));
    let fits = |name: &String| name.chars().count() <= width;
    let shortest = || cut(&without_arguments(&name, 1), width);
    std::iter::once(name.clone()).chain(depths).find(fits).unwrap_or_else(shortest)
}

/// Arguments that are nested deeper are left out where anything is.
const MAX_DEPTH: usize = 8;

fn cut(name: &str, width: usize) -> String {
    let start: String = name.chars().take(width.saturating_sub(1)).collect();
    format!("{}{GAP}", start.trim_end_matches(GAP))
}

/// Shortens every path, be it of a type or of a file.
fn short_paths(name: &str) -> String {
    let mut short = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        if let Some((location, after)) = location(rest) {
            short += &location;
            rest = after;
        } else if starts_name(first) {
            let (path, after) = rest.split_at(path_length(rest));
            short += &short_path(path);
            rest = after;
        } else {
            short.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    short
}

fn starts_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of `one::two::three` at the start of a text.
fn path_length(text: &str) -> usize {
    let mut length = 0;
    loop {
        length += text[length..].find(|c| !starts_name(c)).unwrap_or(text.len() - length);
        let more =
            text[length..].strip_prefix("::").is_some_and(|next| next.starts_with(starts_name));
        if !more {
            return length;
        }
        length += "::".len();
    }
}

/// `tokio::sync::Semaphore::acquire` is `Semaphore::acquire`, `tokio::sync::Semaphore` is `Semaphore`, and
/// `tokio::time::sleep` is `time::sleep`.
fn short_path(path: &str) -> String {
    let names: Vec<&str> = path.split("::").collect();
    let is_type = names.last().is_some_and(|name| name.starts_with(char::is_uppercase));
    let kept = if is_type { 1 } else { 2 };
    names[names.len().saturating_sub(kept)..].join("::")
}

/// `some/folder/src/main.rs:29:1: 29:15` at the start of a text is `main.rs:29`; and what follows.
fn location(text: &str) -> Option<(String, &str)> {
    let in_path = |c: char| starts_name(c) || matches!(c, '/' | '.' | '-');
    let end = text.find(|c| !in_path(c)).unwrap_or(text.len());
    let (path, mut rest) = text.split_at(end);
    if !path.ends_with(".rs") {
        return None;
    }
    let mut numbers = Vec::new();
    for separator in [":", ":", ": ", ":"] {
        let after = rest.strip_prefix(separator)?;
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        numbers.push(&after[..digits]);
        rest = &after[digits..];
    }
    let file = path.rsplit('/').next()?;
    Some((format!("{file}:{}", numbers[0]), rest))
}

/// Leaves out `::{closure#0}`, the way to a block inside a function.
fn without_closures(name: &str) -> String {
    const CLOSURE: &str = "::{closure#";
    let mut pieces = name.split(CLOSURE);
    let first = pieces.next().unwrap_or("").to_string();
    pieces.fold(first, |all, piece| all + piece.split_once('}').map_or("", |(_, after)| after))
}

/// Leaves out what is in the brackets of arguments at this depth.
fn without_arguments(name: &str, limit: usize) -> String {
    let mut short = String::new();
    let mut open: Vec<bool> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let depth = |open: &[bool]| open.iter().filter(|arguments| **arguments).count();
        let closes = c == ')' || c == '>' && before != '-';
        if closes {
            open.pop();
        }
        if depth(&open) < limit {
            short.push(c);
        }
        if c == '(' || c == '<' {
            // `<A as B>` holds no arguments but says whose function it is.
            let arguments = c == '(' || starts_name(before) || before == ':';
            open.push(arguments);
            if arguments && depth(&open) == limit {
                short.push(GAP);
            }
        }
        before = c;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, width: usize, expected: &str) {
        assert_eq!(short(name, width), expected);
        assert!(expected.chars().count() <= width);
    }

    #[test]
    fn shortens_paths() {
        check(
            "{async fn body of tokio::sync::Semaphore::acquire()}",
            80,
            "async fn Semaphore::acquire",
        );
        check("{async fn body of scenario::crowd::own_ticket()}", 80, "async fn crowd::own_ticket");
        check("{async fn body of run()}", 80, "async fn run");
        check(
            "{async fn body of a::b::ConnectingTcp<'_>::connect()}",
            80,
            "async fn ConnectingTcp::connect",
        );
        check("{gen block@src/lib.rs:1:2: 3:4}", 80, "gen block@lib.rs:1");
    }

    #[test]
    fn names_blocks_by_where_they_are() {
        check("{async block@src/scenario/crowd.rs:21:23: 21:33}", 80, "async block crowd.rs:21");
        check(
            "{async block@/a/hyper-util-0.1.21/src/http.rs:965:8: 965:18}",
            80,
            "async block http.rs:965",
        );
        check(
            "{async block@<u::HttpConnector<dns::DynResolver> as tower_service::Service<http::Uri>>::call::{closure#0}}",
            80,
            "async block <HttpConnector<DynResolver> as Service<Uri>>::call",
        );
    }

    #[test]
    fn leaves_arguments_out_until_it_fits() {
        let name = "{async fn body of a::with_timeout<b::Conn<c::Tcp<d::E>>, {async fn body of a::f::via_proxy()}>()}";
        check(name, 80, "async fn a::with_timeout<Conn<Tcp<E>>, {async fn f::via_proxy}>");
        check(name, 61, "async fn a::with_timeout<Conn<…>, {async fn f::via_proxy}>");
        check(name, 30, "async fn a::with_timeout<…>");
        check(name, 12, "async fn a:…");
    }

    #[test]
    fn keeps_whose_function_it_is() {
        let name = "{async block@<fn(x::State<s::App>) -> impl f::Future<Output = r::Result<a::B, c::D>> {server::routes::change} as axum::handler::Handler<(e::F, g::H), s::App>>::call::{closure#0}}";
        check(
            name,
            80,
            "async block <fn(…) -> impl Future<…> {routes::change} as Handler<…>>::call",
        );
    }
}
