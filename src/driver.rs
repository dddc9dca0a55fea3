//! `snug-rustc`: rustc with Snug as its backend, for users who pass no flags.
//!
//! Mirrors `rustc_driver_impl::main`, and what the runtime of an executable does with a panic that
//! leaves `main`. The difference to `-Zcodegen-backend` is that nothing unstable is asked of the
//! compiler: the backend is set through `Config::make_codegen_backend`, so crates,
//! and the build scripts that probe what the compiler can do, see the stable compiler that it is.
//!
//! The executable (`driver/`) finds the toolchain and its libraries, and calls this. clippy has a main
//! function of its own: [`snug_run_compiler`] is what that one calls in place of rustc's (`clippy/`).

use std::panic;
use std::process::{self, ExitCode};

use rustc_driver::{Callbacks, Compilation};
use rustc_interface::Config;
use rustc_interface::interface::Compiler;
use rustc_middle::ty::TyCtxt;
use rustc_session::EarlyDiagCtxt;
use rustc_session::config::ErrorOutputType;

use crate::{backend, build_id, compat, crash, report, reporting};
#[cfg(feature = "cranelift")]
use crate::{inlining, stack_sharing};

/// The exit status of an executable whose `main` panics, and so rustc's after an internal compiler
/// error.
const PANICKED: i32 = 101;

/// Runs rustc on this process's arguments.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn snug_rustc_main() -> ! {
    // An internal compiler error unwinds. The hook has said all there is to say.
    match panic::catch_unwind(run) {
        Ok(exit_code) => exit_code.exit_process(),
        Err(payload) => {
            // A destructor that panics would end the process in another way.
            std::mem::forget(payload);
            process::exit(PANICKED)
        }
    }
}

fn run() -> ExitCode {
    let early = EarlyDiagCtxt::new(ErrorOutputType::default());
    rustc_driver::init_rustc_env_logger(&early);
    crash::explain_signals();
    rustc_driver::install_ice_hook(reporting::PLACE, reporting::tell_who_it_is);
    rustc_driver::install_ctrlc_handler();
    rustc_driver::catch_with_exit_code(|| {
        // Refused arguments unwind, too.
        let arguments = rustc_driver::args::raw_args(&early);
        rustc_driver::run_compiler(&arguments, &mut WithSnug { callbacks: &mut AsRustc });
        if asks_for_verbose_version(&arguments) && !asks_as_build_script() {
            backend::print_own_version();
        }
    })
}

/// What `rustc_driver::run_compiler` is with Snug as the backend.
#[unsafe(no_mangle)]
pub(crate) fn snug_run_compiler(arguments: &[String], callbacks: &mut (dyn Callbacks + Send)) {
    reporting::install_hook();
    rustc_driver::run_compiler(arguments, &mut WithSnug { callbacks });
}

/// The callbacks of rustc's own main function.
struct AsRustc;

impl Callbacks for AsRustc {
    fn config(&mut self, config: &mut Config) {
        config.opts.trimmed_def_paths = true;
    }
}

/// Somebody's callbacks, and Snug as the backend.
struct WithSnug<'a> {
    callbacks: &'a mut (dyn Callbacks + Send),
}

impl Callbacks for WithSnug<'_> {
    fn config(&mut self, config: &mut Config) {
        self.callbacks.config(config);
        // Only the incremental cache reads this option. It must not give one backend what the other has made.
        config.opts.unstable_opts.codegen_backend = Some(build_id::version().replace('.', "-"));
        if report::is_asked_for() && !config.opts.output_types.should_codegen() {
            // Layouts need the MIR of all crates.
            config.opts.unstable_opts.always_encode_mir = true;
        }
        #[cfg(feature = "cranelift")]
        {
            inlining::turn_on(&mut config.opts);
            stack_sharing::keep_markers(&mut config.opts);
        }
        compat::set_backend(config, backend::snug);
    }

    fn after_crate_root_parsing(
        &mut self,
        compiler: &Compiler,
        krate: &mut rustc_ast::Crate,
    ) -> Compilation {
        self.callbacks.after_crate_root_parsing(compiler, krate)
    }

    fn after_expansion<'tcx>(&mut self, compiler: &Compiler, tcx: TyCtxt<'tcx>) -> Compilation {
        self.callbacks.after_expansion(compiler, tcx)
    }

    fn after_analysis<'tcx>(&mut self, compiler: &Compiler, tcx: TyCtxt<'tcx>) -> Compilation {
        self.callbacks.after_analysis(compiler, tcx)
    }
}

/// Cargo asks this way for what makes two compilers different.
fn asks_for_verbose_version(arguments: &[String]) -> bool {
    let given = |wanted: &[&str]| arguments.iter().any(|given| wanted.contains(&given.as_str()));
    given(&["-vV", "-Vv"]) || given(&["-V", "--version"]) && given(&["-v", "--verbose"])
}

/// Whether a build script, and no cargo that it has started, asks. Some count the lines of the answer: rustc_version
/// 0.1 takes stock's, and not one more.
fn asks_as_build_script() -> bool {
    let is_in_build_script =
        ["OUT_DIR", "TARGET", "HOST"].iter().all(|name| std::env::var_os(name).is_some());
    let parent = std::fs::read_link(format!("/proc/{}/exe", std::os::unix::process::parent_id()));
    let is_cargos = parent.is_ok_and(|parent| parent.file_name().is_some_and(|it| it == "cargo"));
    is_in_build_script && !is_cargos
}
