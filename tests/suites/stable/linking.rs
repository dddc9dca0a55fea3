//! Libraries of all types end in programs: linked from Rust and from C, and loaded at run time.
//!
//! Stock does the same with the same files, and the programs print the same, but for the size of a
//! future.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{Workshop, same};

use snug_tests::user::{BIG, SMALL, User};

/// `shared` is a Rust dylib, and `plugin` everything that C can use; the future is `store`'s.
const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"app\", \"plugin\", \"shared\", \"store\"]\nresolver = \"3\"\n",
    ),
    (
        "shared/Cargo.toml",
        "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"dylib\"]\n[dependencies]\nstore = { path = \"../store\" }\n",
    ),
    (
        "shared/src/lib.rs",
        "pub use store::{keep, size};
        pub static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        pub async fn counted<F: Future>(f: F) -> F::Output {
            COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            f.await
        }",
    ),
    (
        "plugin/Cargo.toml",
        "[package]\nname = \"plugin\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"cdylib\", \"staticlib\"]\n[dependencies]\nstore = { path = \"../store\" }\n",
    ),
    (
        "plugin/src/lib.rs",
        "#[unsafe(no_mangle)] pub extern \"C\" fn size() -> usize { store::size() }
        #[unsafe(no_mangle)] pub extern \"C\" fn caught() -> bool {
            std::panic::catch_unwind(|| panic!(\"in a library\")).is_err()
        }",
    ),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nshared = { path = \"../shared\" }\n",
    ),
    (
        "app/src/main.rs",
        "fn main() {
            let future = std::pin::pin!(shared::counted(shared::keep([7; 1000])));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let std::task::Poll::Ready(seven) = future.poll(&mut context) else { return };
            println!(\"{seven} {} {}\", shared::COUNT.load(std::sync::atomic::Ordering::Relaxed), shared::size());
        }",
    ),
    (
        "linked.c",
        "#include <stdbool.h>\n#include <stdio.h>\nsize_t size(void);\nbool caught(void);\n\
         int main(void) { printf(\"%zu %d\\n\", size(), caught()); }\n",
    ),
    (
        "loaded.c",
        "#include <dlfcn.h>\n#include <stdbool.h>\n#include <stdio.h>\n\
         int main(int count, char **arguments) {\n\
         void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);\n\
         if (!library) { puts(dlerror()); return 1; }\n\
         size_t (*size)(void) = dlsym(library, \"size\");\n\
         bool (*caught)(void) = dlsym(library, \"caught\");\n\
         printf(\"%zu %d\\n\", size(), caught());\n\
         return dlclose(library); }\n",
    ),
    (
        "loaded.rs",
        "use std::ffi::{CString, c_char, c_int, c_void};
        unsafe extern \"C\" {
            fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
            fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
        }
        fn main() { unsafe {
            let path = CString::new(std::env::args().nth(1).unwrap()).unwrap();
            let library = dlopen(path.as_ptr(), 2);
            assert!(!library.is_null());
            let size: extern \"C\" fn() -> usize = std::mem::transmute(dlsym(library, c\"size\".as_ptr()));
            let caught: extern \"C\" fn() -> bool = std::mem::transmute(dlsym(library, c\"caught\".as_ptr()));
            println!(\"{} {}\", size(), caught() as u8);
        } }",
    ),
];

/// Makes the programs that use a folder's libraries, and gives what they print.
fn programs(tools: Tools, user: &User, folder: &str) -> Result<Vec<String>> {
    let workspace = &user.workspace;
    let make = |program: &str, line: &str| -> Result<()> {
        workspace.tool(program, line)?.expect_success(line).map(drop)
    };
    let run = |line: &str| -> Result<String> {
        let (program, argument) = line.split_once(' ').unwrap_or((line, ""));
        let program = workspace.path(program).to_string_lossy().into_owned();
        let ran = workspace.tool(&program, argument)?.expect_success(line)?;
        Ok(format!("{line}: {}", ran.stdout.trim()).replace(folder, "FOLDER"))
    };
    let rpath = format!("-Wl,-rpath,$ORIGIN/{folder}");
    make("cc", &format!("linked.c -o shared.exe {folder}/libplugin.so {rpath}"))?;
    make("cc", &format!("linked.c -o static.exe {folder}/libplugin.a -lpthread -ldl -lm"))?;
    make("cc", "loaded.c -o c.exe -ldl")?;
    make(&tools.rustc.to_string_lossy(), "--edition=2024 loaded.rs -o rust.exe")?;
    let library = format!("{folder}/libplugin.so");
    ["shared.exe", "static.exe", &format!("c.exe {library}"), &format!("rust.exe {library}")]
        .into_iter()
        .map(run)
        .collect()
}

/// Everything that is linked or loaded, with both backends.
pub(crate) fn crate_types(tools: Tools) -> Result<()> {
    let user = User::new(tools, FILES)?.env("RUSTFLAGS", "-Cprefer-dynamic");
    let dynamic = "run -q -p app";
    let stock = user.cargo(dynamic)?.expect_success("stock")?.stdout;
    same("stock", stock.trim(), format!("7 1 {BIG}").as_str())?;
    let user = user.env("RUSTFLAGS", "");
    user.cargo("build -p plugin")?.expect_success("stock")?;
    let stock = programs(tools, &user, "target/debug")?;
    same("programs", stock.len(), 4)?;
    for backend in ["cranelift", "llvm"] {
        let user = User::new(tools, FILES)?.env("RUSTFLAGS", "-Cprefer-dynamic");
        let ran = user.succeed(&format!("--backend {backend} {dynamic}"))?;
        same(backend, ran.stdout.trim(), format!("7 1 {SMALL}").as_str())?;
        same("a dylib", is_dynamic(&user.workspace)?, true)?;
        let user = user.env("RUSTFLAGS", "");
        user.succeed(&format!("--backend {backend} build -p plugin"))?;
        let small = |line: &String| line.replace(BIG, SMALL);
        same(
            backend,
            programs(tools, &user, "target/snug/debug")?,
            stock.iter().map(small).collect(),
        )?;
    }
    Ok(())
}

/// Whether the program needs the library at run time.
fn is_dynamic(workspace: &Workshop) -> Result<bool> {
    let needed =
        workspace.tool("readelf", "-d target/snug/debug/app")?.expect_success("readelf")?;
    Ok(needed.stdout.contains("[libshared.so]"))
}
