//! Which intrinsics cg_clif has: those for which its sources have a match arm.
//!
//! cg_clif matches intrinsics by their names and makes a trap, an error or a crash of the others. Nothing but these
//! `match`es says which there are, so this parses them, and panics where one has a form that it does not know:
//! `src/fallback/intrinsics.rs` must not promise too much. `build.rs` makes the backend's list with it, and
//! `tests/suites/intrinsics` the list of those that programs must call.
//!
//! | function of cg_clif | what is matched |
//! |---|---|
//! | `codegen_llvm_intrinsic_call` | LLVM's intrinsics; some go to other functions, by how their names begin |
//! | `codegen_simd_intrinsic_call` | rustc's own, whose names begin with `simd_` |
//! | `codegen_float_intrinsic_call`, `codegen_regular_intrinsic_call` | rustc's other intrinsics |

use std::path::Path;

use syn::{Arm, Expr, ExprMatch, File, ItemFn, Lit, Pat, Stmt};

/// The folder of cg_clif in which all of it is, from Snug's root.
pub(crate) const FOLDER: &str = "build/cg_clif/src/intrinsics";

/// Intrinsics that one function of cg_clif's matches: their names all begin alike.
pub(crate) struct Family {
    #[allow(dead_code, reason = "the tests need names alone")]
    pub(crate) beginning: String,
    pub(crate) known: Known,
}

/// What a `match` over the name of an intrinsic knows.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) names: Vec<String>,
    /// All names that begin so.
    pub(crate) beginnings: Vec<String>,
}

/// LLVM's intrinsics, in the order in which cg_clif looks for them.
#[allow(dead_code, reason = "the tests need rustc's alone")]
pub(crate) fn llvms(folder: &Path) -> Vec<Family> {
    let file = parse(folder, "llvm");
    let llvm = function(&file, "codegen_llvm_intrinsic_call");
    let mut families = Vec::new();
    for (beginning, module, name) in dispatches(llvm) {
        families.push(family(&beginning, matched(function(&parse(folder, &module), &name))));
    }
    families.push(family("", matched(llvm)));
    families
}

/// rustc's intrinsics, in the order in which cg_clif looks for them.
pub(crate) fn rustcs(folder: &Path) -> Vec<Family> {
    let simd = matched(function(&parse(folder, "simd"), "codegen_simd_intrinsic_call"));
    let module = parse(folder, "mod");
    let float = matched(function(&module, "codegen_float_intrinsic_call"));
    let regular = matched(function(&module, "codegen_regular_intrinsic_call"));
    let other = Known {
        names: [float.names, regular.names].concat(),
        beginnings: [float.beginnings, regular.beginnings].concat(),
    };
    vec![family("simd_", simd), family("", other)]
}

fn family(beginning: &str, known: Known) -> Family {
    let count = known.names.len() + known.beginnings.len();
    assert!(count > 3, "nothing is matched for `{beginning}`");
    Family { beginning: beginning.to_owned(), known }
}

fn parse(folder: &Path, module: &str) -> File {
    let path = folder.join(format!("{module}.rs"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}: run `./y.sh prepare`", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn function<'a>(file: &'a File, name: &str) -> &'a ItemFn {
    let functions = file.items.iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    let mut functions = functions.filter(|function| function.sig.ident == name);
    let found = functions.next();
    found.unwrap_or_else(|| panic!("cg_clif has no function `{name}` any more"))
}

/// `if intrinsic.starts_with("llvm.x86") { return llvm_x86::codegen_..(..); }`: the beginning, the module and
/// the function.
fn dispatches(function: &ItemFn) -> Vec<(String, String, String)> {
    let ifs = function.block.stmts.iter().filter_map(|statement| match statement {
        Stmt::Expr(Expr::If(found), _) => Some(found),
        _ => None,
    });
    let dispatch = |found: &syn::ExprIf| -> Option<(String, String, String)> {
        let beginning = beginning(&found.cond)?;
        let [Stmt::Expr(Expr::Return(returned), _)] = &found.then_branch.stmts[..] else {
            return None;
        };
        let Expr::Call(call) = returned.expr.as_deref()? else { return None };
        let Expr::Path(path) = &*call.func else { return None };
        let mut names = path.path.segments.iter().map(|segment| segment.ident.to_string());
        Some((beginning, names.next()?, names.next()?))
    };
    ifs.map(|found| dispatch(found).unwrap_or_else(|| unknown("an `if`", found))).collect()
}

/// What the function's own `match intrinsic` has arms for.
fn matched(function: &ItemFn) -> Known {
    let matches = function.block.stmts.iter().filter_map(|statement| {
        let expression = match statement {
            Stmt::Expr(expression, _) => expression,
            Stmt::Local(local) => &local.init.as_ref()?.expr,
            _ => return None,
        };
        match expression {
            Expr::Match(found) if is_intrinsic(&found.expr) => Some(found),
            _ => None,
        }
    });
    let matches: Vec<&ExprMatch> = matches.collect();
    // A second one tells apart what the first has let through.
    let first = matches.first().unwrap_or_else(|| unknown("a function", &function.sig));
    let mut known = Known::default();
    for arm in &first.arms {
        if !is_refusal(arm) {
            read_pattern(&arm.pat, &mut known);
        }
    }
    known
}

/// Whether an arm says that Cranelift cannot do it: `span_fatal` is all that it does.
fn is_refusal(arm: &Arm) -> bool {
    let Expr::Block(block) = &*arm.body else { return false };
    let [Stmt::Expr(Expr::MethodCall(call), _)] = &block.block.stmts[..] else { return false };
    call.method == "span_fatal"
}

fn read_pattern(pattern: &Pat, known: &mut Known) {
    match pattern {
        Pat::Or(or) => or.cases.iter().for_each(|pattern| read_pattern(pattern, known)),
        Pat::Lit(literal) => match &literal.lit {
            Lit::Str(name) => known.names.push(name.value()),
            _ => unknown("a pattern", pattern),
        },
        // `sym::simd_add`
        Pat::Path(path) if path.path.segments.len() == 2 => {
            let [first, last] = [0, 1].map(|index| path.path.segments[index].ident.to_string());
            match first == "sym" {
                true => known.names.push(last.trim_start_matches("r#").to_owned()),
                false => unknown("a pattern", pattern),
            }
        }
        Pat::Guard(guarded) if matches!(*guarded.pat, Pat::Wild(_)) => {
            read_guard(&guarded.guard, known);
        }
        // All others, which it does not know.
        Pat::Wild(_) => {}
        _ => unknown("a pattern", pattern),
    }
}

fn read_guard(guard: &Expr, known: &mut Known) {
    match guard {
        Expr::Binary(either) if matches!(either.op, syn::BinOp::Or(_)) => {
            read_guard(&either.left, known);
            read_guard(&either.right, known);
        }
        _ => {
            known.beginnings.push(beginning(guard).unwrap_or_else(|| unknown("a condition", guard)))
        }
    }
}

/// `intrinsic.starts_with("..")`, or `intrinsic.as_str().starts_with("..")`
fn beginning(condition: &Expr) -> Option<String> {
    let Expr::MethodCall(call) = condition else { return None };
    let receiver = match &*call.receiver {
        Expr::MethodCall(inner) if inner.method == "as_str" => &inner.receiver,
        _ => &call.receiver,
    };
    let Some(Expr::Lit(argument)) = call.args.first() else { return None };
    let Lit::Str(beginning) = &argument.lit else { return None };
    (call.method == "starts_with" && is_intrinsic(receiver)).then(|| beginning.value())
}

fn is_intrinsic(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident("intrinsic"))
}

fn unknown<R>(what: &str, node: &(impl std::fmt::Debug + ?Sized)) -> R {
    panic!("{what} in cg_clif's {FOLDER} has a form that build.rs does not know: {node:?}")
}
