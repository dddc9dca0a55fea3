//! Crates of stock and of Snug, of several layouts and versions, in one program: either the program
//! works, or there is none, and an error says why.
//!
//! Nearly all tests mix the same three crates (`tests/mixing`): `store` has futures of all kinds,
//! `glue` makes others of them, and `app` uses both. When it runs, `app` compares the sizes that each
//! crate sees.
//!
//! | module | |
//! |---|---|
//! | [`together`] | Snug on Snug with one layout works |
//! | [`modes`] | with two, not |
//! | [`versions`] | with two versions of a layout, not |
//! | [`compilers`] | with two versions of rustc: neither |
//! | [`stock_below`] | Snug on stock works |
//! | [`stock_above`] | stock on Snug does not become a program |
//! | [`doc_tests`] | nor a doc test |
//! | [`stock_between`] | Snug on stock on Snug: neither |
//! | [`markers`] | what rustc stores, and what is not in programs |
//! | [`builds`] | what Cargo and people do with crates that fit |
//! | [`foreign`] | programs that C finishes |
//! | [`proc_macros`] | proc macros are programs of their own |

mod builds;
mod compilers;
mod crates;
mod doc_tests;
mod errors;
mod foreign;
mod markers;
mod modes;
mod proc_macros;
mod stock_above;
mod stock_below;
mod stock_between;
mod together;
mod versions;

use std::process::ExitCode;

use snug_tests::harness;

fn main() -> ExitCode {
    harness::main(|tools| {
        let all = [
            together::tests(tools),
            modes::tests(tools),
            versions::tests(tools)?,
            compilers::tests(tools),
            stock_below::tests(tools),
            stock_above::tests(tools),
            doc_tests::tests(tools),
            stock_between::tests(tools),
            markers::tests(tools),
            builds::tests(tools),
            foreign::tests(tools),
            proc_macros::tests(tools),
        ];
        Ok(all.into_iter().flatten().collect())
    })
}
