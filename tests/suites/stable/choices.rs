//! Which backend and which layout is chosen.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::report;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::{BIG, SMALL, STORE, User};

const DEV: &str = "target/snug/debug/libstore.rlib";
const RELEASE: &str = "target/snug/release/libstore.rlib";

/// Dev builds are Cranelift's, release builds LLVM's, and so is what inherits from either.
pub(crate) fn by_profile(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("build")?;
    same("dev", user.generator(DEV)?, "cranelift")?;
    user.succeed("build --release")?;
    same("release", user.generator(RELEASE)?, "llvm")?;
    user.succeed("build --profile small")?;
    same("small", user.generator("target/snug/small/libstore.rlib")?, "llvm")
}

/// An option comes before the profile. Each backend's results stay what they are.
pub(crate) fn by_option(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("--backend llvm build")?;
    same("dev", user.generator(DEV)?, "llvm")?;
    user.succeed("build --release --backend=cranelift")?;
    same("release", user.generator(RELEASE)?, "cranelift")?;
    user.succeed("build")?;
    same("dev again", user.generator(DEV)?, "cranelift")?;
    let again = user.succeed("--backend llvm build")?;
    same("compiled again", again.stderr.contains("Compiling"), false)
}

/// Cargo.toml may say it for profiles and for packages.
pub(crate) fn by_manifest(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let manifest = user.workspace.read("Cargo.toml")?;
    let settings = "[workspace.metadata.snug.profile.dev]\nbackend = \"llvm\"\n";
    user.workspace.write("Cargo.toml", &format!("{manifest}{settings}"))?;
    user.succeed("build")?;
    same("by profile", user.generator(DEV)?, "llvm")?;

    user.workspace.write("Cargo.toml", &manifest)?;
    let package = user.workspace.read("store/Cargo.toml")?;
    let settings = "[package.metadata.snug]\nbackend = \"llvm\"\n";
    user.workspace.write("store/Cargo.toml", &format!("{package}{settings}"))?;
    user.succeed("build")?;
    same("by package", user.generator(DEV)?, "llvm")?;

    user.workspace
        .write("store/Cargo.toml", &format!("{package}[package.metadata.snug]\nx = 1\n"))?;
    let refused = user.snug("build")?.expect_failure("a wrong setting")?;
    let sentence = "`[package.metadata.snug]` of `store` cannot be used";
    same("says so", refused.stderr.contains(sentence), true)
}

/// `mixed`: Cranelift for the workspace's packages, LLVM for those of others. All of it fits together.
pub(crate) fn mixed(tools: Tools) -> Result<()> {
    let outside = "other/src/lib.rs";
    let manifest = "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let user = User::new(tools, &[("other/Cargo.toml", manifest), (outside, STORE)])?;
    let workspace = user.workspace.read("Cargo.toml")?;
    let excluded = workspace.replace("resolver", "exclude = [\"other\"]\nresolver");
    user.workspace.write("Cargo.toml", &excluded)?;
    let store = user.workspace.read("store/Cargo.toml")?;
    let depends = format!("{store}[dependencies]\nother = {{ path = \"../other\" }}\n");
    user.workspace.write("store/Cargo.toml", &depends)?;
    let library = format!("{STORE}pub use other::size as of_other;\n");
    user.workspace.write("store/src/lib.rs", &library)?;
    user.workspace.write(
        "app/src/main.rs",
        "fn main() { println!(\"{} {}\", store::size(), store::of_other()) }\n",
    )?;
    let others = "target/snug/debug/deps";
    let generators = |user: &User| -> Result<(&str, &str)> {
        let files = user.workspace.files(others)?;
        let is_other = |file: &&String| file.contains("/libother-") && file.ends_with(".rlib");
        let other = files.iter().find(is_other).ok_or("there is no libother")?;
        Ok((user.generator(DEV)?, user.generator(other)?))
    };
    let run = user.succeed("run --backend mixed")?;
    same("it runs", run.stdout.trim(), &*format!("{SMALL} {SMALL}"))?;
    same("generators", generators(&user)?, ("cranelift", "llvm"))?;
    let again = user.succeed("run --backend mixed")?;
    same("compiled again", again.stderr.contains("Compiling"), false)?;

    // An edit of the workspace is Cranelift's; another choice is heeded.
    user.workspace.write("store/src/lib.rs", &format!("{library}// edited\n"))?;
    let edited = user.succeed("build --backend mixed")?;
    same("others again", edited.stderr.contains("Compiling other"), false)?;
    same("edited", generators(&user)?, ("cranelift", "llvm"))?;
    user.succeed("build --backend mixed --llvm store")?;
    same("with --llvm", user.generator(DEV)?, "llvm")?;
    user.succeed("build --backend llvm")?;
    same("all LLVM's", user.generator(DEV)?, "llvm")?;

    let settings = "[workspace.metadata.snug.profile.dev]\nbackend = \"mixed\"\n";
    user.workspace.write("Cargo.toml", &format!("{excluded}{settings}"))?;
    user.succeed("build")?;
    same("by manifest", user.generator(DEV)?, "cranelift")
}

/// `--llvm` compiles one package with LLVM, and only that one anew. Both fit together.
pub(crate) fn one_package(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("build")?;
    let built = user.succeed("build --llvm store -v")?;
    same("store", user.generator(DEV)?, "llvm")?;
    let other = "Dirty store";
    same("because of the variable", built.stderr.contains(other), true)?;
    same("it runs", user.succeed("run --llvm store")?.stdout.trim(), SMALL)?;
    let back = user.succeed("run")?;
    same("and back", (back.stdout.trim(), user.generator(DEV)?), (SMALL, "cranelift"))?;
    // Another package's choice is no reason to compile this one.
    user.succeed("build")?;
    let other = user.succeed("build --llvm somebody-else")?;
    same("compiled again", other.stderr.contains("Compiling"), false)
}

/// `--layout` chooses the layout, and compiles everything anew.
pub(crate) fn layouts(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    for (arguments, size) in [
        ("run", SMALL),
        ("run --layout classic", BIG),
        ("--layout packed run", SMALL),
        ("run --release", SMALL),
        ("run --release --layout classic", BIG),
    ] {
        same(arguments, user.succeed(arguments)?.stdout.trim(), size)?;
    }
    Ok(())
}

/// `--coalesce off` gives values that move places of their own, and compiles everything anew.
pub(crate) fn coalescing(tools: Tools) -> Result<()> {
    const MOVES: &str = "
        pub async fn keep(kilobyte: [u8; 1000]) -> u8 {
            async {}.await;
            let moved = kilobyte;
            async {}.await;
            std::hint::black_box(&moved);
            async {}.await;
            moved[0]
        }
        pub fn size() -> usize { size_of_val(&keep([0; 1000])) }
    ";
    let user = User::new(tools, &[("store/src/lib.rs", MOVES)])?;
    let size = |arguments: &str| -> Result<(String, bool)> {
        let run = user.succeed(arguments)?;
        Ok((run.stdout.trim().to_owned(), run.stderr.contains("Compiling store")))
    };
    for options in ["run", "run --release"] {
        same("on", size(options)?, (SMALL.to_owned(), true))?;
        let (off, compiled) = size(&format!("--coalesce off {options}"))?;
        same("off", (off.len(), off.as_str() > SMALL, compiled), (4, true, true))?;
        same("off again", size(&format!("{options} --coalesce=off"))?, (off, false))?;
        same("on again", size(&format!("{options} --coalesce on"))?, (SMALL.to_owned(), true))?;
    }
    Ok(())
}

/// Small functions of std are inlined in dev builds, the user's own closures and functions are not, and both can be had.
pub(crate) fn inlining(tools: Tools) -> Result<()> {
    const PROGRAM: &str = "
        fn own(number: u32) -> u32 { number }
        fn main() {
            let mut map = std::collections::HashMap::new();
            for number in 0..20_u32 {
                map.entry(number % 7).or_insert_with(Vec::new).push(number);
            }
            let closure = |number: u32| number;
            let mut sums: Vec<u32> = map.values().map(|list| list.iter().sum()).collect();
            sums.sort();
            println!(\"{sums:?} {} {} {}\", own(1), closure(2), store::small(3));
        }
    ";
    // A function of another crate of the workspace, as small as can be.
    let store = format!("{STORE}\npub fn small(number: u32) -> u32 {{ number }}\n");
    let user = User::new(tools, &[("app/src/main.rs", PROGRAM), ("store/src/lib.rs", &store)])?;
    let built = |options: &str| -> Result<(usize, String)> {
        let printed = user.succeed(&format!("{options} run"))?.stdout;
        let symbols = user.workspace.tool("nm", "-C target/snug/debug/app")?;
        let symbols = symbols.expect_success("nm")?.stdout;
        contains_all(&symbols, &["app::own", "store::small"])?;
        let is_closure = |line: &&str| line.ends_with("app::main::{{closure}}");
        same("closures", symbols.lines().filter(is_closure).count(), 2)?;
        let of_core = symbols.lines().filter(|line| line.contains("core::")).count();
        Ok((of_core, printed))
    };
    let (inlined, printed) = built("")?;
    let (called, printed_before) = built("--inline off")?;
    same("output", printed, printed_before)?;
    if inlined >= called {
        return Err(format!("{inlined} functions of core with inlining, {called} without"));
    }
    same("as before", built("--inline=on")?.0, inlined)
}

/// `RUSTC_LOG` is rustc's own, and Snug's decisions are in it.
pub(crate) fn trace(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let silent = user.succeed("build")?.stderr;
    same("decisions without being asked", silent.contains("promotion"), false)?;
    user.succeed("clean")?;
    let traced = user.env("RUSTC_LOG", "snug=info").succeed("build")?.stderr;
    contains_all(&traced, &["keep::{closure#0}: promotion: captured `kilobyte`: "])
}

/// `--report` writes a report, wherever the folder is meant from.
pub(crate) fn report(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("build --report reports")?;
    let files = std::fs::read_dir(user.workspace.path("reports")).map_err(|e| e.to_string())?;
    same("files in the workspace's folder", files.count() > 0, true)
}

/// A report is of the last build, whatever its folder has from others, and whatever did not have to be compiled again.
pub(crate) fn reports(tools: Tools) -> Result<()> {
    let library = "pub async fn plain(a: [u8; 100]) -> u8 { async {}.await; a[1] }\n\
                   #[cfg(feature = \"more\")]\n\
                   pub async fn more(a: [u8; 200]) -> u8 { async {}.await; a[1] }\n";
    let package = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}")
    };
    let store = package("store", "[features]\nmore = []\n");
    let app =
        "[features]\nmore = [\"store/more\"]\n[dependencies]\nstore = { path = \"../store\" }\n";
    let app = package("app", app);
    let main = "fn main() { println!(\"{}\", size_of_val(&store::plain([0; 100]))) }";
    let user = User::new(
        tools,
        &[
            ("app/Cargo.toml", &app),
            ("app/src/main.rs", main),
            ("store/Cargo.toml", &store),
            ("store/src/lib.rs", library),
        ],
    )?;
    let folder = user.workspace.path("reports");
    let build = |arguments: &str| -> Result<(usize, usize)> {
        user.succeed(&format!("build -p app --report reports {arguments}"))?;
        let names: Vec<String> = report::read(&folder)?.into_iter().map(|it| it.name).collect();
        let count = |name: &str| names.iter().filter(|it| it.contains(name)).count();
        Ok((count("async fn body of plain("), count("async fn body of more(")))
    };
    let files = || report::files(&folder).map_err(|error| error.to_string());
    same("plain", build("")?, (1, 0))?;
    let plain = files()?;
    same("with a feature", build("--features more")?, (1, 1))?;
    let with_feature = files()?;
    same("files of both", plain.intersection(&with_feature).count(), 0)?;
    // Nothing has to be compiled again but the program.
    same("without it again", (build("")?, files()?), ((1, 0), plain.clone()))?;
    same("released", build("--release")?, (1, 0))?;
    same("with it again", (build("--features more")?, files()?), ((1, 1), with_feature))?;
    // An edit of the program alone, and a dependency that is compiled again alone.
    user.workspace.write("app/src/main.rs", &format!("{main} // edited"))?;
    same("edited", (build("")?, files()?), ((1, 0), plain.clone()))?;
    user.succeed("clean -p store")?;
    same("cleaned", (build("")?, files()?), ((1, 0), plain))?;
    // All packages are what a build of the workspace is for.
    user.succeed("build --report reports --workspace")?;
    same("of a workspace", files()?.len(), 2)
}
