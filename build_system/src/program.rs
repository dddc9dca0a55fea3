//! What `y` and `measure` have in common as programs: how they begin, and how they end.

use std::process::ExitCode;

use anyhow::Result;

use crate::disk;
use crate::rustc_dev::wrapper;

/// Does `work`, unless the program was called as a stand-in of a reconstruction. An error is printed.
pub fn run(work: impl FnOnce() -> Result<()>) -> ExitCode {
    match wrapper::run_if_called_as_one().unwrap_or_else(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            if disk::is_full(&error) {
                eprintln!(
                    "The disk is full: free some space, or set SNUG_CACHE to a folder on another \
                     disk, and run the command again; it goes on where it stopped."
                );
            }
            ExitCode::FAILURE
        }
    }
}
