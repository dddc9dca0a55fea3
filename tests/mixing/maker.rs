//! A proc macro that runs futures of `store` when it is expanded.

extern crate proc_macro;
extern crate store;

use proc_macro::TokenStream;

/// Eight times a number.
#[proc_macro]
pub fn answer(number: TokenStream) -> TokenStream {
    assert_eq!(store::sizes(), store::sizes!());
    let number: u8 = number.to_string().parse().expect("a small number");
    let held = store::finish(store::hold([number; 1024]));
    let words = store::finish(store::generic(u64::from(held), 8));
    words.iter().sum::<u64>().to_string().parse().expect("a number")
}
