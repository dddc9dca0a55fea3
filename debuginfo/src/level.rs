//! How much `-Cdebuginfo` asks for.

use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use rustc_session::config::{DebugInfo, OptLevel};

/// Whether there are entries of functions: only with them can something be said of inlined ones.
pub fn has_functions(session: &Session) -> bool {
    match session.opts.debuginfo {
        DebugInfo::None | DebugInfo::LineDirectivesOnly => false,
        DebugInfo::LineTablesOnly | DebugInfo::Limited | DebugInfo::Full => true,
    }
}

/// Whether functions have more than a name: the namespaces that they are in, and where they are declared.
pub fn has_declarations(session: &Session) -> bool {
    match session.opts.debuginfo {
        DebugInfo::None | DebugInfo::LineDirectivesOnly | DebugInfo::LineTablesOnly => false,
        DebugInfo::Limited | DebugInfo::Full => true,
    }
}

/// Whether there are types and variables.
pub fn has_variables(session: &Session) -> bool {
    session.opts.debuginfo == DebugInfo::Full
}

/// Whether variables have to be readable for as long as they are in scope. That takes a place on the stack for each;
/// optimised programs do without.
pub fn keeps_variables(tcx: TyCtxt<'_>) -> bool {
    has_variables(tcx.sess) && tcx.sess.opts.optimize == OptLevel::No
}
