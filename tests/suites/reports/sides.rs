//! The compilers side by side: stock and both twins.

use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

/// Both twins, as users have them.
pub(crate) const TWINS: [Compiler; 2] = [
    Compiler::Snug(Generator::Cranelift, Layout::Packed),
    Compiler::Snug(Generator::Llvm, Layout::Packed),
];

/// A folder with copies of what is in a folder of `reports/`.
pub(crate) fn workshop(tools: Tools, theme: &str) -> Result<Workshop> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("reports").join(theme), ".")?;
    Ok(workshop)
}

/// Does something with stock, then with each twin, and demands that the twins' results are stock's.
pub(crate) fn as_stock(act: impl Fn(Compiler) -> Result<String>) -> Result<()> {
    let stock = act(Compiler::Stock)?;
    for twin in TWINS {
        if let Some(difference) = compare::text_difference(&stock, &act(twin)?) {
            return Err(format!("{twin} is not as stock: {difference}"));
        }
    }
    Ok(())
}

/// A compiler's messages without the notes that LLVM compiles something, and these notes.
pub(crate) fn without_notes(messages: &str) -> (String, String) {
    let is_note = |line: &str| line.starts_with("note: LLVM compiles ");
    let (mut rest, mut notes) = (String::new(), String::new());
    let mut lines = messages.lines().peekable();
    while let Some(line) = lines.next() {
        let text = if is_note(line) { &mut notes } else { &mut rest };
        *text += &format!("{line}\n");
        if is_note(line) {
            // Between two diagnostics there is an empty line.
            lines.next_if(|next| next.is_empty());
        }
    }
    (rest, notes)
}
