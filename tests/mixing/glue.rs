//! The crate in the middle: futures of its own made of `store`'s, and `store`'s passed on.

pub extern crate store;

use store::{Embedded, Named, Wait};

pub async fn both(bytes: [u8; 1024]) -> u64 {
    u64::from(store::hold(bytes).await) + store::without_captures().await
}

pub async fn around<F: Future>(future: F) -> (F::Output, usize) {
    let size = size_of_val(&future);
    Wait::default().await;
    (future.await, size)
}

pub fn returned() -> impl Future<Output = Vec<[u16; 70]>> {
    store::generic([5; 70], 3)
}

/// The place of `after` depends on a future of `store`.
pub fn passed_on(words: [u64; 9]) -> Embedded<Named> {
    Embedded { before: 3, future: store::named(words), after: 4 }
}

pub fn embedded(words: [u64; 6]) -> Embedded<impl Future<Output = u64>> {
    let inner = store::embedded(words);
    let future = async move { u64::from(inner.before) + inner.future.await + inner.after };
    Embedded { before: 5, future, after: 6 }
}

pub fn row() -> [impl Future<Output = u8>; 2] {
    [10, 20].map(|start| async move {
        let [a, b, c] = store::row(start);
        a.await + b.await + c.await
    })
}

pub fn closure() -> impl AsyncFn(u64) -> u64 {
    let inner = store::closure([1, 20, 300, 4000]);
    async move |index| inner(index).await + inner(index + 1).await
}

#[macro_export]
macro_rules! sizes {
    () => {
        vec![
            ("glue::both", $crate::store::size!($crate::both([0; 1024]))),
            ("glue::around", $crate::store::size!($crate::around($crate::store::hold([0; 1024])))),
            ("glue::returned", $crate::store::size!($crate::returned())),
            ("glue::passed_on", $crate::store::size!($crate::passed_on([0; 9]))),
            ("glue::embedded", $crate::store::size!($crate::embedded([0; 6]))),
            ("glue::row", $crate::store::size!($crate::row())),
            ("glue::closure", $crate::store::size!($crate::closure())),
        ]
    };
}

#[inline(never)]
pub fn sizes() -> Vec<(&'static str, usize)> {
    sizes!()
}

/// The sizes of `store`'s futures, as this crate sees them.
#[inline(never)]
pub fn sizes_in_store() -> Vec<(&'static str, usize)> {
    store::sizes!()
}
