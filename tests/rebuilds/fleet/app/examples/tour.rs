//! Says how big the futures are, to the plugin as well.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;

unsafe extern "C" {
    fn dlopen(file_name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
}

const RTLD_NOW: c_int = 2;

fn plugin_size() -> usize {
    let program = std::env::current_exe().expect("a program has a path");
    let folder =
        program.parent().and_then(|examples| examples.parent()).expect("it is in a folder");
    let file = folder.join("libplugin.so");
    let file = [file.as_os_str().as_bytes(), b"\0"].concat();
    let file = CStr::from_bytes_with_nul(&file).expect("paths have no zeros");
    // SAFETY: both names are C strings, and the function has this type.
    unsafe {
        let plugin = dlopen(file.as_ptr(), RTLD_NOW);
        assert!(!plugin.is_null(), "the plugin cannot be loaded");
        let function = dlsym(plugin, c"plugin_size".as_ptr());
        assert!(!function.is_null(), "the plugin has no such function");
        std::mem::transmute::<*mut c_void, extern "C" fn() -> usize>(function)()
    }
}

fn main() {
    println!("{} plugin={}", app::sizes(), plugin_size());
}
