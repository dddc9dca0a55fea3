//! A shape for which first fit alone is bigger than stock (40 against 32 bytes): a small captured
//! value next to two scopes whose big values have different alignments.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{static coroutine@$FILE:13:5: 13:19}` stock=32 classic=32 captures-only=32 packed=32
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

fn look<T>(_: &T) {}

pub fn shape(capture: u16) {
    let mut coroutine = Box::pin(
        #[coroutine]
    static move || {
        {
            let bytes = [0u8; 17];
            let word = 0u64;
            yield;
            look(&bytes);
            look(&word);
        }
        {
            let half = 0u16;
            let bytes = [0u8; 9];
            let words = [0u64; 2];
            yield;
            look(&half);
            look(&bytes);
            look(&words);
        }
        look(&capture);
    });
    std::ops::Coroutine::resume(coroutine.as_mut(), ());
}
