//! `snug-rustc`: rustc with Snug as its backend, for users who pass no flags.
//!
//! Mirrors `rustc_driver_impl::main`. The difference to `-Zcodegen-backend` is that nothing unstable
//! is asked of the compiler: the backend is set through `Config::make_codegen_backend`, so crates,
//! and the build scripts that probe what the compiler can do, see the stable compiler that it is.
//!
//! The executable (`driver/`) finds the toolchain and its libraries, and calls this.

use rustc_driver::Callbacks;
use rustc_errors::DiagCtxt;
use rustc_interface::Config;
use rustc_session::EarlyDiagCtxt;
use rustc_session::config::ErrorOutputType;

use crate::{backend, build_id, crash};

/// Runs rustc on this process's arguments.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn snug_rustc_main() -> ! {
    let early = EarlyDiagCtxt::new(ErrorOutputType::default());
    rustc_driver::init_rustc_env_logger(&early);
    crash::explain_signals();
    rustc_driver::install_ice_hook(rustc_driver::DEFAULT_BUG_REPORT_URL, tell_who_it_is);
    rustc_driver::install_ctrlc_handler();
    let exit_code = rustc_driver::catch_with_exit_code(|| {
        // Refused arguments unwind, too.
        let arguments = rustc_driver::args::raw_args(&early);
        rustc_driver::run_compiler(&arguments, &mut WithSnug);
        if asks_for_verbose_version(&arguments) {
            backend::snug().print_version();
        }
    });
    exit_code.exit_process()
}

struct WithSnug;

impl Callbacks for WithSnug {
    fn config(&mut self, config: &mut Config) {
        // As rustc's own callbacks.
        config.opts.trimmed_def_paths = true;
        // Only the incremental cache reads this option. It must not give one backend what the other has made.
        config.opts.unstable_opts.codegen_backend = Some(build_id::version().replace('.', "-"));
        config.make_codegen_backend = Some(Box::new(|_, _| backend::snug()));
    }
}

/// Said below the message of every internal compiler error.
fn tell_who_it_is(dcx: &DiagCtxt) {
    let version = build_id::version();
    dcx.handle().note(format!("this is rustc with the codegen backend Snug {version}"));
    dcx.handle().note("if stock rustc compiles the crate, the bug is Snug's: report it there");
    dcx.handle()
        .note("until then, `cargo snug --backend llvm` may compile it, or `--backend cranelift`");
}

/// Cargo asks this way for what makes two compilers different.
fn asks_for_verbose_version(arguments: &[String]) -> bool {
    let given = |wanted: &[&str]| arguments.iter().any(|given| wanted.contains(&given.as_str()));
    given(&["-vV", "-Vv"]) || given(&["-V", "--version"]) && given(&["-v", "--verbose"])
}
