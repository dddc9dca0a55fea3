//! rustc with Snug as its backend: a shell around `librustc_driver`, as rustc's own executable is.
//!
//! What it does is in the backend that it loads (`src/driver.rs` at the root).

#![feature(rustc_private)]

// Only to be linked: the backend needs it, and brings none of its own.
#[allow(unused_extern_crates)]
extern crate rustc_driver;

use std::path::Path;
use std::process::ExitCode;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use snug_driver::{handover, installation};
// Only to be linked: it defines malloc.
use libmimalloc_sys as _;

fn main() -> ExitCode {
    // SAFETY: nothing has been called that starts a thread.
    let Some(backend) = (unsafe { handover::take() }) else {
        eprintln!("error: `snug-rustc` is started by the `rustc` in the folders beside it");
        return ExitCode::FAILURE;
    };
    match entry(&backend) {
        Ok(entry) => entry(),
        Err(error) => {
            eprintln!(
                "error: {}",
                installation::broken(backend.as_os_str(), &format!("{error:?}"))
            );
            ExitCode::FAILURE
        }
    }
}

/// The function that is rustc.
fn entry(backend: &Path) -> Result<extern "C" fn() -> !, libloading::Error> {
    // SAFETY: the backend's constructors are rustc's own, and it has a function of this type.
    unsafe {
        let library = Library::open(Some(backend), RTLD_NOW | RTLD_LOCAL)?;
        let entry = *library.get(b"snug_rustc_main")?;
        std::mem::forget(library);
        Ok(entry)
    }
}
