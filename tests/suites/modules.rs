//! The modules of the backend (`src/`) import each other in one direction.
//!
//! The grain is the file. A file takes something from another if it names it: in a `use`, in a path, or in the
//! arguments of a macro. `mod` declarations and links in comments do not count. On top of that, the rooms of
//! `src/`, its folders and the files beside them, have no circle either.
//!
//! What it reads is syntax, as `syn` parses it: a path is resolved by the names of the modules and of the `use`s
//! at the top of the file, as rustc would do, but names that a glob import brings in are not followed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use proc_macro2::{TokenStream, TokenTree};
use snug_tests::Result;
use snug_tests::harness::{self, Tools};
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, contains_all, same};
use syn::visit::{self, Visit};

/// A module's path without `crate`: empty for `lib.rs`.
type Module = Vec<String>;

/// Which names each file takes from which other file. Files are named by their paths in `src/`.
type Imports = BTreeMap<(String, String), BTreeSet<String>>;

fn main() -> ExitCode {
    harness::main(|tools| {
        Ok(vec![
            harness::test("files import in one direction", files_import_in_one_direction),
            harness::test("rooms import in one direction", rooms_import_in_one_direction),
            harness::test("circles are found and named", move || {
                circles_are_found_and_named(tools)
            }),
        ])
    })
}

fn files_import_in_one_direction() -> Result<()> {
    let imports = read(&package().join("../src"));
    if imports.len() <= 100 {
        return Err(format!("only {} imports were found in src/", imports.len()));
    }
    same("circles", circles(&imports).as_str(), "")
}

fn rooms_import_in_one_direction() -> Result<()> {
    let mut of_rooms = Imports::new();
    for ((from, to), names) in read(&package().join("../src")) {
        let room = |file: &str| file.split('/').next().unwrap_or_default().to_owned();
        if room(&from) != room(&to) {
            of_rooms.entry((room(&from), room(&to))).or_default().extend(names);
        }
    }
    same("circles", circles(&of_rooms).as_str(), "")
}

fn circles_are_found_and_named(tools: Tools) -> Result<()> {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::{self, x as y}; fn f() { b::z(); y() }"),
        ("b/mod.rs", "mod inner; pub fn x() { inner::Deep::new(); } pub fn z() {}"),
        ("b/inner.rs", "pub struct Deep; fn f() { println!(\"{}\", crate::c::g(1)) }"),
        ("c.rs", "pub fn g(_: u8) -> impl Fn() -> super::a::T { loop {} }"),
        ("d.rs", "//! [`crate::d`], see [`crate::a`].\nuse crate::a; pub(in crate::d) fn f() {}"),
    ];
    let folder = Workshop::new(tools, &files)?;
    let found = circles(&read(&folder.path(".")));
    let expected = "a.rs -> b/mod.rs (b, x, z)\n\
                    b/mod.rs -> b/inner.rs (Deep)\n\
                    b/inner.rs -> c.rs (g)\n\
                    c.rs -> a.rs (T)\n";
    contains_all(&found, &[expected])?;
    same(&format!("lines of {found}"), found.lines().count(), 5)
}

/// Every circle as text: why it matters, and a shortest way around it. Empty if there is none.
fn circles(imports: &Imports) -> String {
    let edges = imports.keys().map(|(from, to)| (from.as_str(), to.as_str()));
    let graph: DiGraphMap<&str, ()> = DiGraphMap::from_edges(edges);
    let mut text = String::new();
    for component in tarjan_scc(&graph).iter().filter(|component| component.len() > 1) {
        let start = component.iter().min().unwrap();
        text += &format!(
            "{} modules of src/ import each other in a circle; move what two of them need to a third:\n",
            component.len()
        );
        for (from, to) in way_around(&graph, start) {
            let names = &imports[&(from.to_owned(), to.to_owned())];
            let names = Vec::from_iter(names.iter().cloned()).join(", ");
            text += &format!("{from} -> {to} ({names})\n");
        }
    }
    text
}

/// A shortest way from a node back to itself.
fn way_around<'a>(graph: &DiGraphMap<&'a str, ()>, start: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut before = BTreeMap::new();
    let mut pending = VecDeque::from([start]);
    while let Some(node) = pending.pop_front() {
        for next in graph.neighbors(node) {
            before.entry(next).or_insert_with(|| {
                pending.push_back(next);
                node
            });
        }
    }
    let mut way = Vec::new();
    let mut node = start;
    loop {
        way.push((before[node], node));
        node = before[node];
        if node == start {
            break;
        }
    }
    way.reverse();
    way
}

/// Reads all files of a crate.
fn read(src: &Path) -> Imports {
    let mut files = BTreeMap::new();
    find_files(src, &mut Vec::new(), &mut files);
    let mut imports = Imports::new();
    for (module, path) in &files {
        let text = std::fs::read_to_string(path).unwrap();
        let syntax =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = |path: &Path| path.strip_prefix(src).unwrap().to_str().unwrap().to_owned();
        let mut reader =
            Reader { files: &files, module, names: BTreeMap::new(), taken: Vec::new() };
        reader.visit_file(&syntax);
        for (other, item) in std::mem::take(&mut reader.taken) {
            if other != *module {
                let edge = (name(path), name(&files[&other]));
                imports.entry(edge).or_default().insert(item);
            }
        }
    }
    imports
}

fn find_files(folder: &Path, module: &mut Module, files: &mut BTreeMap<Module, PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            module.push(stem);
            find_files(&path, module, files);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut module = module.clone();
            if stem != "mod" && stem != "lib" {
                module.push(stem);
            }
            files.insert(module, path);
        }
    }
}

/// Finds what one file takes from others.
struct Reader<'a> {
    files: &'a BTreeMap<Module, PathBuf>,
    module: &'a Module,
    /// What the names that `use`s bring into the file stand for, as paths from the root of the crate.
    names: BTreeMap<String, Module>,
    /// The other modules, and the name of what is taken.
    taken: Vec<(Module, String)>,
}

impl Reader<'_> {
    /// The path from the root of the crate; `None` if it leads elsewhere.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut start = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().checked_sub(1)?].to_vec(),
            name => {
                let child = [self.module.as_slice(), &[name.to_owned()]].concat();
                match self.names.get(name) {
                    Some(module) => module.clone(),
                    None if self.files.contains_key(&child) => child,
                    None => return None,
                }
            }
        };
        for name in rest {
            match name.as_str() {
                "super" => _ = start.pop()?,
                _ => start.push(name.clone()),
            }
        }
        Some(start)
    }

    fn take(&mut self, path: &[String]) {
        let Some(path) = self.absolute(path) else { return };
        // The longest beginning that is a module; what follows is an item of it.
        for length in (0..=path.len()).rev() {
            if self.files.contains_key(&path[..length]) {
                let item = path.get(length).or(path.last()).cloned().unwrap_or_default();
                self.taken.push((path[..length].to_vec(), item));
                return;
            }
        }
    }

    /// Takes all that a `use` names.
    fn take_tree(&mut self, tree: &syn::UseTree, path: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.take_tree(&tree.tree, path);
                path.pop();
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.take_tree(tree, path));
            }
            syn::UseTree::Name(name) => self.take_leaf(path, &name.ident, &name.ident),
            syn::UseTree::Rename(name) => self.take_leaf(path, &name.ident, &name.rename),
            syn::UseTree::Glob(_) => self.take(path),
        }
    }

    fn take_leaf(&mut self, path: &[String], name: &syn::Ident, rename: &syn::Ident) {
        let leaf = match name == "self" {
            true => path.to_vec(),
            false => [path, &[name.to_string()]].concat(),
        };
        if let Some(module) = self.absolute(&leaf) {
            let known_as = if rename == "self" { leaf.last() } else { None };
            self.names.insert(known_as.cloned().unwrap_or(rename.to_string()), module);
        }
        self.take(&leaf);
    }

    /// Takes what looks like a path in the arguments of a macro.
    fn take_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.take_path(&std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                other => {
                    self.take_path(&std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.take_tokens(group.stream());
                    }
                }
            }
        }
        self.take_path(&path);
    }

    /// A single name is a local, or something that a `use` has named already.
    fn take_path(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.take(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    /// All `use`s first: names may be used before them.
    fn visit_file(&mut self, file: &'ast syn::File) {
        for item in &file.items {
            if let syn::Item::Use(item) = item {
                self.take_tree(&item.tree, &mut Vec::new());
            }
        }
        // Those that name modules which later ones have named.
        visit::visit_file(self, file);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.take_path(&names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.take_tokens(call.tokens.clone());
    }

    /// `pub(in crate::..)` takes nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}
