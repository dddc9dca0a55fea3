#!/bin/sh
# Starts `y`, Snug's build tool (build_system/): picks the toolchain, compiles y where needed, and runs it.
# `./y.sh --help` explains the commands. What y does and why is in the module docs of build_system/src.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
# The version that is the default, and its commit. What else is known of versions is in versions/ as well.
version=$(sed -n 's/^channel = "\(.*\)"$/\1/p' "$root/rust-toolchain.toml")
commit=$(sed -n 's/^commit = "\(.*\)"$/\1/p' "$root/versions/$version/version.toml")

fail() {
    echo "y.sh: $1" >&2
    exit 1
}

# Is the `rustc` that would run here, in toolchain $1 if that is not empty, of that commit?
is_ours() {
    (
        cd "$root"
        [ -z "$1" ] || export RUSTUP_TOOLCHAIN="$1"
        rustc -vV 2>/dev/null | grep -q "^commit-hash: $commit\$"
    )
}

# rustup would try to download the pinned version even where the same compiler is installed under another name,
# for instance `stable`: look at what is installed first, and let rustup install the pinned one only if nothing fits.
pick_toolchain() {
    [ -n "${RUSTUP_TOOLCHAIN:-}" ] && is_ours "$RUSTUP_TOOLCHAIN" && return
    unset RUSTUP_TOOLCHAIN
    if ! command -v rustup >/dev/null 2>&1; then
        is_ours "" && return
        fail "rustc $version (commit $commit) is needed, and \`rustc\` is another one. Install it with rustup: rustup toolchain install $version"
    fi
    for name in $(rustup toolchain list 2>/dev/null | sed 's/ .*//' | sort); do
        if RUSTUP_AUTO_INSTALL=0 is_ours "$name"; then
            export RUSTUP_TOOLCHAIN="$name"
            return
        fi
    done
    echo "y.sh: no installed toolchain is rustc $version; asking rustup to install it" >&2
    (cd "$root" && rustup toolchain install "$version" --profile minimal >&2) ||
        fail "rustc $version is not installed and could not be fetched. Run: rustup toolchain install $version"
    export RUSTUP_TOOLCHAIN=$version
    is_ours "$RUSTUP_TOOLCHAIN" || fail "the toolchain named $version is not the official rustc $version (commit $commit). Run: rustup toolchain install $version --force"
}

command -v cargo >/dev/null 2>&1 || fail "cargo was not found in PATH. Install Rust $version with rustup: rustup toolchain install $version"
command -v rustc >/dev/null 2>&1 || fail "rustc was not found in PATH. Install Rust $version with rustup: rustup toolchain install $version"
pick_toolchain

if [ -z "${SNUG_CACHE:-}" ]; then
    if [ -n "${XDG_CACHE_HOME:-}" ]; then
        SNUG_CACHE=$XDG_CACHE_HOME/snug
    elif [ -n "${HOME:-}" ]; then
        SNUG_CACHE=$HOME/.cache/snug
    else
        fail "there is no place for the cache: set SNUG_CACHE to a folder with 5 GB to spare"
    fi
fi
mkdir -p "$SNUG_CACHE" || fail "the cache folder $SNUG_CACHE cannot be made: set SNUG_CACHE to a folder with 5 GB to spare"
SNUG_CACHE=$(CDPATH='' cd -- "$SNUG_CACHE" && pwd -P)
export SNUG_CACHE

# y belongs to this clone, and so does what cargo compiles for it: cargo would take another clone's for its own.
# -u: settings for other builds must not reach this one.
tool=$root/build/y
[ -x "$tool/debug/y" ] || echo "y.sh: building the y tool (build_system/)" >&2
(
    cd "$root/build_system"
    env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u RUSTC_BOOTSTRAP -u CARGO_BUILD_TARGET -u RUSTC_WRAPPER -u RUSTC_WORKSPACE_WRAPPER \
        -u CARGO_BUILD_BUILD_DIR CARGO_TARGET_DIR="$tool" cargo build --quiet --locked
) || fail "the build tool did not compile: see the errors above"

SNUG_ROOT=$root exec "$tool/debug/y" "$@"
