//! What the session at hand is to a report.

use rustc_session::Session;

/// Whether it generates no code, and makes its part of the report all the same: `cargo snug sizes`, and
/// `cargo snug check --report`.
///
/// Layouts need types, types need what is monomorphised, and that needs the MIR of everything that a program is made of. `cargo check`
/// leaves MIR out of metadata; where a report is asked for, [`crate::driver`] sets `-Zalways-encode-mir`. (By hand, the user does.)
pub(super) fn is_checked(sess: &Session) -> bool {
    !sess.opts.output_types.should_codegen() && sess.opts.unstable_opts.always_encode_mir
}

/// Whether the crate is one of those that a build is for: cargo says which packages it was asked for.
pub(super) fn is_aim() -> bool {
    let is_set = |name| std::env::var_os(name).is_some();
    is_set("CARGO_PRIMARY_PACKAGE") || !is_set("CARGO_PKG_NAME")
}
