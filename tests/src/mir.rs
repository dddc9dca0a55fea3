//! Reads what `-Zdump-mir=RelocateUpvars` writes, and shows the part of a body that is about its captures and variables.
//!
//! Shown are the statements and calls that mention them, or a temporary that is moved to or from one of them, of the blocks
//! that run if nothing panics and the coroutine is not dropped, each once, in the order of the control flow. Variables have their names, captures are `captures.NAME`, temporaries
//! are counted in the order in which they come: nothing depends on where in its file the body is, or on which number
//! rustc gives to a local.

use std::collections::{BTreeMap, BTreeSet};

/// A body.
#[derive(Debug, Default)]
struct Body {
    /// The names of locals and captures: `_3`, `_1.0`.
    names: BTreeMap<String, String>,
    /// Statements and terminators.
    lines: Vec<String>,
}

/// A basic block: its lines, and the blocks that it leads to.
#[derive(Debug, Default)]
struct Block<'a> {
    lines: Vec<&'a str>,
    targets: Vec<&'a str>,
}

/// The interesting part of a body, before the pass and as a later step leaves it.
pub fn interesting(before: &str, later: &str) -> [String; 2] {
    let before = parse(before);
    let mut later = parse(later);
    // Captures have become locals there, and only these have names.
    let captures = before.names.iter().filter(|(key, _)| key.starts_with("captures."));
    later.names.extend(captures.map(|(key, name)| (key.clone(), name.clone())));
    [before, later].map(|body| body.interesting())
}

impl Body {
    fn interesting(&self) -> String {
        let body = self;
        let watched = body.watched();
        let mut temporaries = BTreeMap::new();
        let mut text = String::new();
        for line in &body.lines {
            let locals: BTreeSet<String> = locals(line).into_iter().collect();
            let is_interesting = line == "yield"
                || locals.contains("_1")
                || locals.iter().any(|local| watched.contains(local));
            if is_interesting {
                text += &format!("    {}\n", body.named(line, &mut temporaries));
            }
        }
        text
    }
}

fn parse(dump: &str) -> Body {
    let mut body = Body::default();
    let mut blocks = BTreeMap::new();
    let mut current: Option<(&str, Block<'_>)> = None;
    for line in without_layout(dump).lines().map(str::trim) {
        if let Some((name, place)) = debug_info(line) {
            body.name(name, place);
        } else if line.starts_with("bb") && line.ends_with('{') {
            let name = line.split([':', ' ']).next().unwrap_or_default();
            current = Some((name, Block::default()));
        } else if line == "}" {
            blocks.extend(current.take());
        } else if let Some((_, block)) = &mut current {
            block.lines.push(line);
            block.targets.extend(targets(line));
        }
    }
    // From the entry on, depth first.
    let mut pending = vec!["bb0"];
    while let Some(block) = pending.pop().and_then(|name| blocks.remove(name)) {
        body.lines.extend(block.lines.into_iter().filter_map(shortened));
        pending.extend(block.targets.into_iter().rev());
        while pending.last().is_some_and(|name| !blocks.contains_key(name)) {
            pending.pop();
        }
    }
    body
}

/// Where a terminator leads to if nothing unwinds and the coroutine is not dropped. The last case of a match comes first:
/// that of `Pending`, which leads to the suspension.
fn targets(line: &str) -> Vec<&str> {
    let Some((_, targets)) = line.strip_suffix(';').and_then(|line| line.rsplit_once(" -> "))
    else {
        return Vec::new();
    };
    let targets = targets.trim_matches(['[', ']']).split(", ");
    let taken = targets.filter_map(|target| match target.split_once(": ") {
        Some(("unwind" | "drop" | "imaginary", _)) => None,
        Some((_, block)) => Some(block),
        None => Some(target),
    });
    let mut taken: Vec<&str> = taken.filter(|block| block.starts_with("bb")).collect();
    taken.reverse();
    taken
}

/// The dump without the comment that describes the coroutine's layout.
fn without_layout(dump: &str) -> &str {
    dump.split_once("} */").map_or(dump, |(_, rest)| rest)
}

/// The name and the place in `debug x => _3;`.
fn debug_info(line: &str) -> Option<(&str, String)> {
    let (name, place) = line.strip_prefix("debug ")?.strip_suffix(';')?.split_once(" => ")?;
    // Which resume argument a context is in says nothing about captures; results of awaits are other bodies' values.
    let is_internal = ["_task_context", "result"].contains(&name);
    (!is_internal).then(|| (name, without_types(place)))
}

/// A statement or terminator without its types and edges; `None` for what is never interesting.
fn shortened(line: &str) -> Option<String> {
    let noise = ["FakeRead(", "PlaceMention(", "AscribeUserType(", "nop;", "goto ", "assert("];
    if noise.iter().any(|start| line.starts_with(start)) {
        return None;
    }
    let line = line.strip_suffix(';').unwrap_or(line);
    let line = line.split_once(" -> ").map_or(line, |(line, _)| line);
    let line = without_types(line);
    match line.split_once(" = yield(") {
        Some(_) => Some("yield".into()),
        None => Some(without_paths(&line)),
    }
}

/// Makes `_1.0` of `(_1.0: [u8; 64])`.
fn without_types(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('(') {
        text += &rest[..at];
        let inside = &rest[at + 1..];
        let Some(end) = end_of_group(inside) else {
            text += &rest[at..];
            return text;
        };
        let group = &inside[..end];
        rest = &inside[end + 1..];
        match typed_place(group) {
            Some(place) => text += &without_types(place),
            None => text += &format!("({})", without_types(group)),
        }
    }
    text + rest
}

/// Where the parenthesis closes that opened before this text.
fn end_of_group(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The place in `PLACE.FIELD: TYPE`.
fn typed_place(group: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b':' if depth == 0 && group[at..].starts_with(": ") => {
                let place = &group[..at];
                let (_, field) = place.rsplit_once('.')?;
                return field.bytes().all(|byte| byte.is_ascii_digit()).then_some(place);
            }
            _ => {}
        }
    }
    None
}

/// Makes `f(` of `path::to::f::<T>(` and of `<T as Trait>::f(`.
fn without_paths(line: &str) -> String {
    let Some((to, call)) = line.split_once(" = ") else { return line.to_owned() };
    let mut depth = 0;
    let mut callee = String::new();
    let mut has_path = false;
    for (at, letter) in call.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            '(' if depth == 0 && has_path => {
                let name = callee.trim_end_matches("::").rsplit("::").next().unwrap_or_default();
                return format!("{to} = {name}{}", &call[at..]);
            }
            // An operand, a cast, an operation.
            ' ' | '(' if depth == 0 => break,
            _ if depth == 0 => callee.push(letter),
            _ => {}
        }
        has_path |= callee.ends_with("::");
    }
    line.to_owned()
}

/// The locals in a line, in their order.
fn locals(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('_') {
        let is_start = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        if is_start && digits > 0 {
            found.push(rest[at..at + 1 + digits].to_owned());
        }
        rest = &rest[at + 1 + digits..];
    }
    found
}

/// Both locals of a line that moves or copies one to another as a whole.
fn moved(line: &str) -> Option<[&str; 2]> {
    let (to, from) = line.split_once(" = ")?;
    let from = from.strip_prefix("move ").or_else(|| from.strip_prefix("copy "))?;
    let is_local = |text: &str| locals(text).first().is_some_and(|local| local == text);
    (is_local(to) && is_local(from)).then_some([to, from])
}

impl Body {
    fn name(&mut self, name: &str, place: String) {
        // What is captured by reference has the name of what the reference leads to.
        let place = match place.strip_prefix("(*").and_then(|place| place.strip_suffix(')')) {
            Some(reference) => reference.to_owned(),
            None => place,
        };
        // A body's first argument holds the captures.
        let key = place.strip_prefix("_1.").map_or(place.clone(), |it| format!("captures.{it}"));
        self.names.entry(key).or_insert_with(|| name.to_owned());
    }

    /// Variables, and temporaries that are moved to or from them.
    fn watched(&self) -> BTreeSet<String> {
        let mut watched: BTreeSet<String> =
            self.names.keys().filter(|key| key.starts_with('_')).cloned().collect();
        watched.remove("_1");
        loop {
            let before = watched.len();
            for line in &self.lines {
                if let Some(both) = moved(line)
                    && both.iter().any(|local| watched.contains(*local))
                {
                    watched.extend(both.map(str::to_owned));
                }
            }
            if watched.len() == before {
                return watched;
            }
        }
    }

    /// A line with names.
    fn named(&self, line: &str, temporaries: &mut BTreeMap<String, usize>) -> String {
        let mut text = String::new();
        let mut rest = line;
        for local in locals(line) {
            let at = rest.find(&local).unwrap_or(0);
            text += &rest[..at];
            rest = &rest[at + local.len()..];
            text += &match self.names.get(&local) {
                Some(name) => name.clone(),
                None if local == "_0" => "return".into(),
                None if local == "_1" => "captures".into(),
                None => {
                    let next = temporaries.len() + 1;
                    format!("t{}", temporaries.entry(local).or_insert(next))
                }
            };
        }
        self.with_captures(&(text + rest))
    }

    /// Makes `captures.x` of `captures.0`.
    fn with_captures(&self, line: &str) -> String {
        let mut parts = line.split("captures.");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (index, rest) = part.split_at(digits);
            let name = self.names.get(&format!("captures.{index}"));
            text += &format!("captures.{}{rest}", name.map_or(index, |name| name.as_str()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "\
fn shown::{closure#0}(_1: {async fn body of shown()}, _2: std::future::ResumeTy) -> u8
yields ()
 {
    debug _task_context => _2;
    debug x => (_1.0: (a::Big, [u8; 64]));
    let _3: (a::Big, [u8; 64]);
    scope 1 {
        debug x => _3;
    }

    bb0: {
        StorageLive(_3);
        _3 = move (_1.0: (a::Big, [u8; 64]));
        FakeRead(ForLet(None), _3);
        StorageLive(_8);
        _8 = move _3;
        _7 = path::to::eat::<(u8, u8)>(move _8) -> [return: bb1, unwind: bb2];
    }

    bb1: {
        _9 = no_matter() -> [return: bb4, unwind: bb2];
    }

    bb2 (cleanup): {
        drop(_3) -> [return: bb3, unwind terminate(cleanup)];
    }

    bb4: {
        _2 = yield(move _10) -> [resume: bb5, drop: bb2];
    }

    bb5: {
        _0 = copy ((_3.0: a::Big).1: [u8; 2])[_4];
        drop(((*_5).12: (a, b))) -> [return: bb3, unwind: bb2];
    }
}
";

    #[test]
    fn shows_what_is_about_variables_and_captures() {
        let later = BEFORE.replace("debug x => (_1.0: (a::Big, [u8; 64]));", "debug x => _3;");
        let expected = "    StorageLive(x)
    x = move captures.x
    StorageLive(t1)
    t1 = move x
    t2 = eat(move t1)
    yield
    return = copy x.0.1[t3]
";
        assert_eq!(interesting(BEFORE, &later), [expected, expected]);
    }

    #[test]
    fn types_and_edges_go() {
        assert_eq!(without_types("drop((((*_1).0: (a, b)).1: b))"), "drop((*_1).0.1)");
        assert_eq!(without_types("f((_1.0: fn(u8) -> u8), (_2))"), "f(_1.0, (_2))");
        let call = "_1 = <a::B<C> as D>::go(move _2)";
        assert_eq!(without_paths(call), "_1 = go(move _2)");
        assert_eq!(without_paths("_1 = a::f::<(u8, B)>(move _2)"), "_1 = f(move _2)");
        assert_eq!(without_paths("_1 = copy _2 as F (Transmute)"), "_1 = copy _2 as F (Transmute)");
        assert_eq!(without_paths("_1 = Add(copy _2, const 1)"), "_1 = Add(copy _2, const 1)");
    }

    #[test]
    fn finds_locals() {
        assert_eq!(locals("_12 = a_3(move _4.0)[_5]"), ["_12", "_4", "_5"]);
        assert_eq!(moved("_12 = move _4"), Some(["_12", "_4"]));
        assert_eq!(moved("_12 = move _4.0"), None);
    }
}
