//! A program of another workspace, on top of some of the same crates.

use store::{finish, ledger};

fn main() {
    let own = async |words| parcel::weigh(words, 0).await + ledger::entry([8; 300]).await;
    let mut line = String::new();
    let mut see = |name: &str, here: usize, there: usize| {
        assert_eq!(here, there, "two crates do not agree about {name}");
        line += &format!("{name}={here} ");
    };
    see("parcel", size_of_val(&parcel::weigh([0; 50], 0)), parcel::size());
    see("ledger", size_of_val(&ledger::entry([0; 300])), ledger::size());
    see("store", size_of_val(&store::both([0; 300], [0; 50])), store::size());
    println!("{line}tender={}", size_of_val(&own([0; 50])));
    assert_eq!(finish(own([9; 50])), 9 + 9 + 8);
}
