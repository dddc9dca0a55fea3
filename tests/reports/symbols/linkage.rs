//! A kind of linkage (`cfg` says which), for what an item may be.

#![feature(linkage)]
#![crate_type = "lib"]

macro_rules! items {
    ($($kind:literal: $cfg:ident),*) => { $(
        #[cfg($cfg)]
        pub mod items {
            #[linkage = $kind]
            #[inline(never)]
            pub fn function() -> u32 { 1 }
            #[linkage = $kind]
            #[unsafe(no_mangle)]
            pub extern "C" fn named_function() -> u32 { 2 }
            #[linkage = $kind]
            #[inline(never)]
            pub fn generic<T: Copy>(x: T) -> T { x }
            #[linkage = $kind]
            #[unsafe(no_mangle)]
            pub static mut NAMED: u32 = 0;
            #[linkage = $kind]
            #[unsafe(no_mangle)]
            pub static CONSTANT: u32 = 3;
            #[linkage = $kind]
            pub static STATIC: u32 = 3;
        }
        #[cfg($cfg)]
        pub mod imports {
            unsafe extern "C" {
                #[linkage = $kind]
                pub static imported: *const u32;
            }
            pub fn uses() -> *const u32 { unsafe { imported } }
        }
    )* };
}
items! {
    "external": external, "available_externally": available_externally, "common": common,
    "extern_weak": extern_weak, "internal": internal, "linkonce": linkonce,
    "linkonce_odr": linkonce_odr, "weak": weak, "weak_odr": weak_odr
}

pub fn user() -> (u32, u32, u8, u32, u32) {
    unsafe { (items::function(), items::named_function(), items::generic(1u8), items::NAMED, items::CONSTANT + items::STATIC) }
}
