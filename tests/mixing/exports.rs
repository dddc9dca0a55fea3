//! What C gets to see of `store` and `glue`.

extern crate glue;

use glue::store::{finish, hold, sizes};

#[unsafe(no_mangle)]
pub extern "C" fn plain(number: u8) -> u64 {
    assert_eq!(sizes(), glue::store::sizes!());
    finish(hold([number; 1024])).into()
}

#[unsafe(no_mangle)]
pub extern "C" fn answer(number: u8) -> u64 {
    let words = finish(glue::store::generic(u64::from(number), 4));
    words.iter().sum::<u64>() + finish(glue::around(hold([number; 1024]))).0 as u64
}
