//! A procedural macro that runs a future.

use proc_macro::TokenStream;

/// How big the future of `words` is to the compiler's own copy of it.
#[proc_macro]
pub fn size_in_macro(_: TokenStream) -> TokenStream {
    let size = size_of_val(&words::count([1; 100]));
    assert_eq!(size, words::size());
    size.to_string().parse().expect("a number is a token")
}
