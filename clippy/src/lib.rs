//! Makes the toolchain's clippy-driver compile with Snug, so that its lints see the sizes that are built.
//!
//! clippy-driver is a main function around `rustc_driver::run_compiler`, which the dynamic linker finds for it in
//! `librustc_driver`. `-Zcodegen-backend` would need an unstable compiler, and lints, features and proc macros would see
//! that it is one. So `lib/snug/BACKEND/clippy-driver` (`driver/src/bin/clippy-driver.rs`) has the dynamic linker load this
//! dylib first (`LD_PRELOAD`): clippy-driver's call comes here, and goes on to Snug's function, which
//! is rustc's with another backend (`src/driver.rs`).
//!
//! Snug itself calls rustc's function, by the same name; that call comes here, too, and is passed on.

#![feature(rustc_private)]

extern crate rustc_driver;

use std::ffi::{CStr, CString, OsString, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_driver::Callbacks;

/// The name that the linker knows `rustc_driver::run_compiler` by, which `librustc_driver` says to `./y.sh build`.
const RUN_COMPILER: &str = env!("SNUG_RUN_COMPILER");
/// Snug's function of the same type.
const SNUGS: &CStr = c"snug_run_compiler";

/// The backend to load: `handover.rs` in `driver/` sets it, and the other variables.
const BACKEND: &str = "SNUG_RUSTC_BACKEND";
/// What the dynamic linker is told, and what each variable was before.
const LINKERS: [(&str, &str); 2] = [
    ("LD_LIBRARY_PATH", "SNUG_RUSTC_LIBRARY_PATH_BEFORE"),
    ("LD_PRELOAD", "SNUG_RUSTC_PRELOAD_BEFORE"),
];

type RunCompiler = fn(&[String], &mut (dyn Callbacks + Send));

/// The backend, from when this dylib was loaded.
static CHOSEN: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Called by the dynamic linker, before the main function.
#[used]
#[unsafe(link_section = ".init_array")]
static AT_START: extern "C" fn() = take;

/// Learns which backend to load, and makes the environment what it was: proc macros start programs.
extern "C" fn take() {
    let set = |name: &str, value: Option<OsString>| {
        // SAFETY: there is no other thread before the main function.
        unsafe {
            match value {
                Some(value) => std::env::set_var(name, value),
                None => std::env::remove_var(name),
            }
        }
    };
    let Some(backend) = std::env::var_os(BACKEND) else { return };
    *CHOSEN.lock().unwrap() = Some(PathBuf::from(backend));
    set(BACKEND, None);
    for (variable, before) in LINKERS {
        set(variable, std::env::var_os(before));
        set(before, None);
    }
}

/// What clippy-driver calls, and then Snug.
#[unsafe(export_name = env!("SNUG_RUN_COMPILER"))]
pub fn run_compiler(arguments: &[String], callbacks: &mut (dyn Callbacks + Send)) {
    static IS_SNUGS_CALL: AtomicBool = AtomicBool::new(false);
    let function = if IS_SNUGS_CALL.swap(true, Ordering::Relaxed) { rustcs() } else { snugs() };
    match function {
        Ok(run_compiler) => run_compiler(arguments, callbacks),
        Err(reason) => {
            eprintln!(
                "error: clippy cannot see what Snug builds: {reason}\n\
                 help: install Snug again (`./y.sh install`), and keep its folder together; until then, \
                 `RUSTC_WORKSPACE_WRAPPER=$(rustc --print sysroot)/bin/clippy-driver cargo snug check` asks \
                 clippy for the sizes that stock rustc would build"
            );
            process::exit(1)
        }
    }
}

fn snugs() -> Result<RunCompiler, String> {
    let backend = CHOSEN.lock().unwrap().take().ok_or("nobody has said which backend it is")?;
    let file = CString::new(backend.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
    // SAFETY: the path is a C string, and the backend's constructors are rustc's own.
    let library = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    find(library, SNUGS)
}

fn rustcs() -> Result<RunCompiler, String> {
    let name = CString::new(RUN_COMPILER).map_err(|error| error.to_string())?;
    find(libc::RTLD_NEXT, &name)
}

/// A function of that type in a library, which may be null.
fn find(library: *mut c_void, name: &CStr) -> Result<RunCompiler, String> {
    // RTLD_NEXT is no null pointer, and RTLD_DEFAULT, which is one, is not asked for.
    let symbol = if library.is_null() {
        library
    } else {
        // SAFETY: the name is a C string.
        unsafe { libc::dlsym(library, name.as_ptr()) }
    };
    if symbol.is_null() {
        // SAFETY: the dynamic linker has just failed, and says why in a C string.
        let reason = unsafe { CStr::from_ptr(libc::dlerror()) };
        return Err(reason.to_string_lossy().into_owned());
    }
    // SAFETY: both functions have this type, and are compiled by the same compiler.
    Ok(unsafe { std::mem::transmute::<*mut c_void, RunCompiler>(symbol) })
}
