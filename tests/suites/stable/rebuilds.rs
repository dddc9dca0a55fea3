//! Whatever makes another program makes cargo compile again, and nothing else does. (The suite `rebuilds`
//! shows it for `-Zcodegen-backend`, in depth.)

use std::path::Path;

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::version::ANOTHER;
use snug_tests::workshop::same;

use crate::errors::copy;
use snug_tests::user::{BIG, SMALL, User};

/// Runs the program, and expects its size and which packages were compiled for it.
fn expect(user: &User, arguments: &str, size: &str, compiled: &[&str]) -> Result<()> {
    let ran = if arguments.starts_with("stock") {
        user.cargo("run")?.expect_success("stock")?
    } else {
        user.succeed(arguments)?
    };
    let names = ran.stderr.lines().filter_map(|line| line.trim().strip_prefix("Compiling "));
    let names: Vec<&str> = names.filter_map(|line| line.split(' ').next()).collect();
    same(arguments, (ran.stdout.trim(), &names[..]), (size, compiled))
}

const ALL: &[&str] = &["store", "app"];

/// There and back: nothing stays from before, and stock's results are not disturbed.
pub(crate) fn back_and_forth(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    expect(&user, "stock", BIG, ALL)?;
    expect(&user, "run", SMALL, ALL)?;
    expect(&user, "run", SMALL, &[])?;
    expect(&user, "run --layout classic", BIG, ALL)?;
    expect(&user, "run --layout classic", BIG, &[])?;
    expect(&user, "run", SMALL, ALL)?;
    // Each backend has results of its own.
    expect(&user, "run --backend llvm", SMALL, ALL)?;
    expect(&user, "run", SMALL, &[])?;
    expect(&user, "run --backend llvm", SMALL, &[])?;
    expect(&user, "run --llvm store", SMALL, ALL)?;
    expect(&user, "run --llvm store", SMALL, &[])?;
    expect(&user, "run", SMALL, ALL)?;
    expect(&user, "stock", BIG, &[])
}

/// Another build of Snug takes the place of the one that compiled everything: newer, or older.
pub(crate) fn another_snug(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    copy(tools, &user)?;
    let prefix = user.workspace.path("copy");
    let user = user.installed(&prefix).env("SNUG_LAYOUT_VERSION", ANOTHER);
    let run = "run --backend llvm";
    expect(&user, "stock", BIG, ALL)?;
    expect(&user, run, SMALL, ALL)?;
    expect(&user, run, SMALL, &[])?;
    let another = tools.damaged()?.with_faults;
    let (folder_of_snug, installed) = (tools.snug_folder()?, tools.built()?);
    for folder in [another.parent().unwrap_or(Path::new("/")), &installed] {
        // What `./y.sh install` replaces, with times of long ago.
        for file in ["snug_llvm.so", "snug_llvm.build"] {
            user.workspace
                .tool("rm", &format!("-rf copy/{folder_of_snug}/{file}"))?
                .expect_success("rm")?;
            user.workspace.copy(&folder.join(file), &format!("copy/{folder_of_snug}/{file}"))?;
        }
        user.workspace.copy(&folder.join("builds"), &format!("copy/{folder_of_snug}/builds"))?;
        expect(&user, run, SMALL, ALL)?;
        expect(&user, run, SMALL, &[])?;
    }
    expect(&user, "stock", BIG, &[])
}
