#!/bin/sh
# Installs Snug from its tarball: into the folder that is named, else where cargo finds it. Nothing needs root.
# What an earlier installation put there, and this one has not, is removed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix=${1:-${CARGO_HOME:-${HOME:?there is no home folder: name one, \`./install.sh FOLDER\`}/.cargo}}
list=lib/snug/INSTALLED

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

[ "$(uname -sm)" = "Linux x86_64" ] || fail "this is Snug for Linux on x86-64, not for $(uname -sm)"
(cd "$here/lib/snug" && sha256sum --quiet -c SHA256SUMS) || fail "these files are not what was packed: get the tarball again"
mkdir -p "$prefix/lib/snug" 2>/dev/null || fail "$prefix cannot be written to: name another folder, \`./install.sh FOLDER\`"

new=$(cd "$here" && find bin lib share \( -type f -o -type l \) | LC_ALL=C sort)
if [ -f "$prefix/$list" ]; then
    while IFS= read -r old; do
        # Programs that run keep what they have.
        rm -f "$prefix/$old"
    done <"$prefix/$list"
fi
printf '%s\n' "$new" >"$prefix/$list"
(cd "$here" && tar -cf - bin lib share) | (cd "$prefix" && tar -xf -)

case ":$PATH:" in
*":$prefix/bin:"*) ;;
*) echo "To find \`cargo snug\`, put $prefix/bin into PATH." ;;
esac
if command -v cargo >/dev/null; then
    "$prefix/bin/cargo-snug" snug doctor
else
    echo "Rust is missing: install it with rustup, then \`cargo snug doctor\` says whether all is well."
fi
