//! The dylib that `-Zcodegen-backend` names: it checks which compiler it is in, then loads Snug.
//!
//! The backend itself needs the `librustc_driver` of exactly one toolchain. Loaded into any other
//! rustc, the dynamic linker would stop with a missing file or an undefined symbol, which tells
//! nobody what to do. This dylib needs nothing but libc, so every rustc can load it, and it can
//! say in a sentence what is wrong.
//!
//! `librustc_codegen_X.so` loads `snug/ID/X.so` from its own folder, where ID is the hash in the name of the compiler's
//! `librustc_driver`, or `snug/X.so`, which is for the compiler that `snug/COMPILER` names.

use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::fs;
use std::mem;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;

const ENTRY: &CStr = c"__rustc_codegen_backend";
const RTLD_NOW: c_int = 2;

#[repr(C)]
struct DlInfo {
    file_name: *const c_char,
    file_base: *mut c_void,
    symbol_name: *const c_char,
    symbol_address: *mut c_void,
}

unsafe extern "C" {
    fn dladdr(address: *const c_void, info: *mut DlInfo) -> c_int;
    fn dlopen(file_name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}

/// A `Box<dyn CodegenBackend>`, without knowing the trait: a pointer and a vtable. This crate is
/// compiled by the compiler that calls it, which returns both kinds of pair in the same way.
type Backend = (*mut c_void, *const c_void);

/// The function that rustc looks for.
#[unsafe(no_mangle)]
pub fn __rustc_codegen_backend() -> Backend {
    match load() {
        // SAFETY: the backend's entry has this type, and is compiled by this very compiler.
        Ok(entry) => unsafe { mem::transmute::<*mut c_void, fn() -> Backend>(entry)() },
        Err(message) => {
            eprintln!("{message}");
            std::process::exit(1)
        }
    }
}

/// The backend's entry point, or what to tell the user.
fn load() -> Result<*mut c_void, String> {
    let own = own_path().ok_or("error: Snug cannot find the folder it was loaded from")?;
    let name = own.file_name().unwrap_or_default().to_string_lossy();
    let all = own.with_file_name("snug");
    let Some(folder) = folder_for(&all, own_compiler().as_deref()) else {
        return Err(format!(
            "error: this Snug was built for {}, and cannot be loaded into another compiler\n\
             help: run that compiler, for example with `cargo +VERSION`, or with a \
             rust-toolchain.toml that names it",
            known_compilers(&all).join(" and "),
        ));
    };
    let backend = folder.join(name.trim_start_matches("librustc_codegen_"));
    let help = format!(
        "help: run `./y.sh build` again, and keep the folder `{}` together",
        own.parent().unwrap_or(Path::new(".")).display(),
    );
    if !backend.exists() {
        return Err(format!("error: Snug's file `{}` is missing\n{help}", backend.display()));
    }
    open(&backend).map_err(|reason| {
        let backend = backend.display();
        format!("error: Snug's file `{backend}` cannot be loaded\n{help}\nnote: {reason}")
    })
}

/// The file that this code was loaded from.
fn own_path() -> Option<PathBuf> {
    let mut info = DlInfo {
        file_name: ptr::null(),
        file_base: ptr::null_mut(),
        symbol_name: ptr::null(),
        symbol_address: ptr::null_mut(),
    };
    // SAFETY: the address is that of a function in this dylib, and `info` outlives the call.
    let found = unsafe { dladdr(__rustc_codegen_backend as *const c_void, &mut info) };
    if found == 0 || info.file_name.is_null() {
        return None;
    }
    // SAFETY: dladdr returns a C string that lives as long as the dylib.
    let name = unsafe { CStr::from_ptr(info.file_name) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// The folder with the files for a compiler; `None` if they are for others. A folder of Snug's that does not say which
/// compiler it is for is tried, as is the first one where the compiler's name is not known.
fn folder_for(all: &Path, compiler: Option<&str>) -> Option<PathBuf> {
    let Some(id) = compiler else { return Some(all.to_owned()) };
    let of_compiler = all.join(id);
    if of_compiler.is_dir() {
        return Some(of_compiler);
    }
    let is_for_it = match named_compiler(all) {
        Some((first, _)) => first == id,
        None => known_compilers(all).is_empty(),
    };
    is_for_it.then(|| all.to_owned())
}

/// The hash and the version of the compiler that a folder is for.
fn named_compiler(folder: &Path) -> Option<(String, String)> {
    let text = fs::read_to_string(folder.join("COMPILER")).ok()?;
    let (id, version) = text.trim_end().split_once('\n')?;
    Some((id.to_owned(), version.to_owned()))
}

/// The hash in the name of the `librustc_driver` that is loaded here.
fn own_compiler() -> Option<String> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let mut ids = maps
        .lines()
        .filter_map(|line| line.rsplit_once("/librustc_driver-")?.1.strip_suffix(".so"));
    ids.next().map(str::to_owned)
}

/// How the compilers call themselves that there are backends for.
fn known_compilers(all: &Path) -> Vec<String> {
    let entries = fs::read_dir(all).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.collect();
    folders.sort();
    folders.insert(0, all.to_owned());
    let named = folders.iter().filter_map(|folder| named_compiler(folder));
    named.map(|(_, version)| format!("rustc {version}")).collect()
}

fn open(path: &Path) -> Result<*mut c_void, String> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
    // SAFETY: both strings are C strings; the backend's constructors are rustc's own.
    unsafe {
        let handle = dlopen(path.as_ptr(), RTLD_NOW);
        let entry = if handle.is_null() { handle } else { dlsym(handle, ENTRY.as_ptr()) };
        if entry.is_null() {
            Err(CStr::from_ptr(dlerror()).to_string_lossy().into_owned())
        } else {
            Ok(entry)
        }
    }
}
