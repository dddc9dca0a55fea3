//! How much `-Cdebuginfo` asks for.

use rustc_session::Session;
use rustc_session::config::DebugInfo;

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
