//! Attributes of functions and statics that cg_clif does not heed, or not as LLVM does.
//!
//! Mirrors what the LLVM backend makes of `CodegenFnAttrs` (`rustc_codegen_llvm/src/attributes.rs`, `mono_item.rs`,
//! `consts.rs`). What only optimises is left out: `#[inline]`, `#[optimize]`, `#[cold]`, and `#[target_feature]`, whose
//! intrinsics `lacks.rs` knows.

use rustc_hir::attrs::Linkage;
use rustc_hir::def_id::DefId;
use rustc_middle::middle::codegen_fn_attrs::{CodegenFnAttrFlags, CodegenFnAttrs};
use rustc_middle::ty::{InstanceKind, TyCtxt};

const LINKAGE: &str = "`#[linkage]` of this kind";
const FUNCTION_SECTION: &str = "`#[link_section]` of functions";
const STATIC_SECTION: &str =
    "`#[link_section]` of thread-locals, and sections without contents or with notes";
const ALIGNMENT: &str = "`#[align]` of functions";
const PATCHABLE: &str = "`#[patchable_function_entry]`";
const INSTRUCTION_SET: &str = "`#[instruction_set]`";
const ALIASES: &str = "functions with several names";
const FAR_POINTERS: &str = "statics of more than 4 GiB with pointers";

/// Sections whose names tell LLVM that they are special (`getELFKindForNamedSection`, `getELFSectionType`),
/// with what follows after a dot. Linkers know those of initialisers by name, too.
const SPECIAL_SECTIONS: [&str; 7] =
    [".bss", ".tbss", ".tdata", ".note", ".lbss", ".ldata", ".lrodata"];

/// What a function's attributes ask for.
pub(super) fn lacking_function(tcx: TyCtxt<'_>, kind: InstanceKind<'_>) -> Vec<&'static str> {
    let attributes = tcx.codegen_instance_attrs(kind);
    let CodegenFnAttrs {
        flags,
        inline: _,
        optimize: _,
        symbol_name: _,
        ref foreign_item_symbol_aliases,
        link_ordinal: _,
        target_features: _,
        safe_target_features: _,
        linkage,
        import_linkage: _,
        link_section,
        sanitizers: _,
        instruction_set,
        alignment,
        patchable_function_entry,
        objc_class: _,
        objc_selector: _,
    } = *attributes;
    // Their assembly says it itself.
    let is_naked = flags.contains(CodegenFnAttrFlags::NAKED);
    // The option that is for all functions, Cranelift heeds.
    let is_aligned = alignment > tcx.sess.opts.unstable_opts.min_function_alignment;
    let lacking_linkage = linkage.is_some_and(|kind| is_naked || !has_linkage(kind));
    let lacks = [
        (lacking_linkage, LINKAGE),
        (link_section.is_some() && !is_naked, FUNCTION_SECTION),
        (is_aligned && !is_naked, ALIGNMENT),
        (patchable_function_entry.is_some(), PATCHABLE),
        (instruction_set.is_some(), INSTRUCTION_SET),
        (!foreign_item_symbol_aliases.is_empty(), ALIASES),
    ];
    lacks.into_iter().filter_map(|(is_lacking, what)| is_lacking.then_some(what)).collect()
}

/// What a static's attributes ask for, and its size in bytes.
pub(super) fn lacking_static(tcx: TyCtxt<'_>, def_id: DefId) -> Vec<&'static str> {
    let attributes = tcx.codegen_fn_attrs(def_id);
    let is_thread_local = attributes.flags.contains(CodegenFnAttrFlags::THREAD_LOCAL);
    let lacking_section =
        attributes.link_section.is_some_and(|name| is_thread_local || is_special(name.as_str()));
    let is_far = tcx.eval_static_initializer(def_id).is_ok_and(|memory| {
        let memory = memory.inner();
        u32::try_from(memory.len()).is_err() && !memory.provenance().ptrs().is_empty()
    });
    let lacks = [
        (attributes.linkage.is_some_and(|kind| !has_linkage(kind)), LINKAGE),
        (lacking_section, STATIC_SECTION),
        (!attributes.foreign_item_symbol_aliases.is_empty(), ALIASES),
        (is_far, FAR_POINTERS),
    ];
    lacks.into_iter().filter_map(|(is_lacking, what)| is_lacking.then_some(what)).collect()
}

/// Whether cg_clif makes of a definition's linkage what LLVM makes of it.
fn has_linkage(linkage: Linkage) -> bool {
    match linkage {
        Linkage::External | Linkage::Internal | Linkage::WeakAny => true,
        // Cranelift makes no groups of sections, keeps what is not used, and cannot leave a definition out.
        Linkage::LinkOnceAny
        | Linkage::LinkOnceODR
        | Linkage::WeakODR
        | Linkage::AvailableExternally
        | Linkage::Common
        | Linkage::ExternalWeak => false,
    }
}

fn is_special(section: &str) -> bool {
    SPECIAL_SECTIONS.iter().any(|special| {
        section.strip_prefix(special).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
