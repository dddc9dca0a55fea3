//! `cargo snug sizes`: what it says of a workspace is what compiling and running it shows.
//!
//! Sizes are compared with those that the program prints when it runs; the sizes of stock's with the program as stock
//! compiles it; and what advice promises with the program after the change.

mod advice;
mod browser;
mod errors;
mod guard;
mod lists;
mod page;
mod picture;
mod project;
mod schema;
mod why;
mod wrapped;

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::harness::{self, Tools};

type Check = fn(Tools) -> Result<()>;

const TESTS: &[(&str, Check)] = &[
    ("as the program prints them", lists::as_printed),
    ("as a build reports them", lists::as_built),
    ("chosen and sorted", lists::chosen),
    ("other forms", lists::forms),
    ("JSON as its schema says", schema::holds),
    ("no code is generated", lists::no_code),
    ("edits are seen", lists::edits),
    ("why by name", why::by_name),
    ("why by place", why::by_place),
    ("why of what is generic", why::generic),
    ("advice keeps its promises", advice::promises),
    ("advice through combinators", wrapped::promises),
    ("advice is ranked", advice::is_ranked),
    ("advice is for the user", advice::is_for_the_user),
    ("advice and borrows", advice::borrowed),
    ("a page", page::is_whole),
    ("a picture", picture::is_as_drawn),
    ("budgets", guard::budgets),
    ("a ratchet", guard::ratchet),
    ("forms of findings", guard::forms),
    ("an action for CI", guard::action),
    ("errors", errors::sentences),
    ("broken files", errors::broken),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let test = |(name, check): &(&str, Check)| {
            let check = *check;
            harness::test(*name, move || check(tools))
        };
        let mut tests: Vec<Trial> = TESTS.iter().map(test).collect();
        let commits = harness::test("differences between commits", move || guard::commits(tools));
        tests.push(harness::needs("git", "git", commits));
        let pages = harness::test("pages in a browser", move || browser::pages(tools));
        tests.push(harness::needs(browser::DRIVER, "chromium-driver", pages));
        Ok(tests)
    })
}
