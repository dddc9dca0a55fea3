//! Runs futures of all crates and says how big they are.

use store::finish;

/// A line per crate, once that crate and this one agree on sizes and the futures have run.
pub fn sizes() -> String {
    let mut line = String::new();
    let mut see = |name: &str, here: usize, there: usize| {
        assert_eq!(here, there, "two crates do not agree about {name}");
        line += &format!("{name}={here} ");
    };
    see("ledger", size_of_val(&store::ledger::entry([0; 300])), store::ledger::size());
    see("parcel", size_of_val(&store::parcel::weigh([0; 50], 0)), store::parcel::size());
    see("store", size_of_val(&store::both([0; 300], [0; 50])), store::size());
    see("glue", size_of_val(&glue::held()), glue::size());
    see("words", size_of_val(&words::count([0; 100])), words::size());
    see("scripted", size_of_val(&scripted::measure([0; 200])), scripted::size());
    see("shared", size_of_val(&shared::twice([0; 50])), shared::size());
    let own = glue::pass(glue::pass(store::both([3; 300], [4; 50])));
    line += &format!("app={} ", size_of_val(&own));
    line += &format!("script={} ", scripted::SIZE_IN_BUILD_SCRIPT);
    line += &format!("macro={} ", macros::size_in_macro!());
    let held = glue::held();
    let after = held.after;
    let sums = [finish(own), finish(held.future), finish(shared::twice([7; 50])), after.into()];
    assert_eq!(sums, [3 + 4 + 4, 5 + 6 + 6, 4 * 7, 0xabcd]);
    line +=
        &format!("count={}", finish(scripted::measure([0; 200])) + finish(words::count([0; 100])));
    line
}

#[test]
fn in_a_unit_test() {
    println!("unit test: {}", sizes());
}
