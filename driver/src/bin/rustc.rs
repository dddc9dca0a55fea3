//! What cargo starts as `rustc`: finds the toolchain that Snug was built for, and becomes the compiler.
//!
//! The compiler (`snug-rustc.rs`) is linked with the toolchain's `librustc_driver`, whose thread locals
//! must be there from the start, so it cannot be opened later. This executable needs nothing but libc: it
//! says in a sentence what is wrong, or starts the compiler with a library path that this process
//! alone sees, so that nobody needs LD_LIBRARY_PATH.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use snug_driver::installation::{self, Backend, Installation};
use snug_driver::{demands, doctests, handover, toolchain};

fn main() -> ExitCode {
    handover::become_program(compiler())
}

fn compiler() -> Result<Command, String> {
    let mut arguments = std::env::args_os();
    let own_name = arguments.next().unwrap_or_default();
    let arguments: Vec<_> = arguments.collect();
    if let Some(first) = arguments.first().map(|first| first.to_string_lossy())
        && first.starts_with('+')
    {
        return Err(format!(
            "error: snug-rustc is one compiler, and cannot become `{first}`\n\
             help: give the toolchain to cargo: `cargo {first} snug ..`"
        ));
    }
    let (installation, backend) = Installation::of_rustc(&arguments)?;
    let backend = match installation::chosen_for_package()?.unwrap_or(backend) {
        _ if demands::only_llvm_can(&arguments) => Backend::Llvm,
        backend => backend,
    };
    let mut compiler = Command::new(installation.compiler()?);
    compiler.arg0(own_name);
    doctests::compile(&mut compiler, arguments)?;
    let toolchain = toolchain::find()?;
    handover::give(&mut compiler, &toolchain.libraries(), &installation.dylib(backend)?);
    Ok(compiler)
}
