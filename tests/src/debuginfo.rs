//! Reads from LLVM IR what debuggers get to see of a coroutine: its states and what is in them.

use std::collections::BTreeMap;

/// The members of one state: name and offset in bytes, in the order of the offsets.
pub type Members = Vec<(String, u64)>;

/// The states of the coroutine whose type debug info calls so, by their names. Members without
/// user-visible names are left out, as debuggers do.
pub fn states(ir: &str, coroutine: &str) -> BTreeMap<String, Members> {
    let nodes: Vec<Node<'_>> = ir.lines().filter_map(Node::parse).collect();
    let is_type = |node: &&Node<'_>| node.is("DICompositeType") && node.name() == Some(coroutine);
    let Some(coroutine) = nodes.iter().find(is_type) else { return BTreeMap::new() };
    let variants = nodes
        .iter()
        .filter(|node| node.is("DICompositeType") && node.field("scope") == Some(coroutine.id));
    variants
        .filter_map(|variant| Some((variant.name()?.to_owned(), members(&nodes, variant.id))))
        .collect()
}

fn members(nodes: &[Node<'_>], variant: &str) -> Members {
    let of_variant =
        |node: &&Node<'_>| node.is("DIDerivedType") && node.field("scope") == Some(variant);
    let mut members: Members = nodes
        .iter()
        .filter(of_variant)
        .filter_map(|node| {
            let bits: u64 = node.field("offset").map_or(Some(0), |text| text.parse().ok())?;
            Some((node.name()?.to_owned(), bits / 8))
        })
        .filter(|(name, _)| !name.starts_with("__"))
        .collect();
    members.sort_by_key(|(_, offset)| *offset);
    members
}

/// A line such as `!7 = !DIDerivedType(tag: DW_TAG_member, name: "x", scope: !3, offset: 64)`.
struct Node<'a> {
    id: &'a str,
    kind: &'a str,
    fields: &'a str,
}

impl<'a> Node<'a> {
    fn parse(line: &'a str) -> Option<Node<'a>> {
        let (id, rest) = line.split_once(" = ")?;
        let (kind, fields) = rest.strip_prefix("distinct ").unwrap_or(rest).split_once('(')?;
        let is_node = id.starts_with('!') && kind.starts_with('!');
        is_node.then_some(Node { id, kind: &kind[1..], fields: fields.trim_end_matches(')') })
    }

    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    fn field(&self, name: &str) -> Option<&'a str> {
        let key = format!("{name}: ");
        self.fields.split(", ").find_map(|field| field.strip_prefix(key.as_str()))
    }

    fn name(&self) -> Option<&'a str> {
        self.field("name")?.strip_prefix('"')?.strip_suffix('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read() {
        let ir = "\
!1 = !DICompositeType(tag: DW_TAG_structure_type, name: \"{async_block_env#0}\", scope: !9)
!2 = distinct !DICompositeType(tag: DW_TAG_structure_type, name: \"Suspend0\", scope: !1, size: 8)
!3 = !DIDerivedType(tag: DW_TAG_member, name: \"b\", scope: !2, size: 8, offset: 64)
!4 = !DIDerivedType(tag: DW_TAG_member, name: \"a\", scope: !2, size: 8)
!5 = !DIDerivedType(tag: DW_TAG_member, name: \"__awaitee\", scope: !2, size: 8)
!6 = !DIDerivedType(tag: DW_TAG_member, name: \"c\", scope: !7, size: 8)";
        let states = states(ir, "{async_block_env#0}");
        assert_eq!(states["Suspend0"], [("a".to_owned(), 0), ("b".to_owned(), 8)]);
        assert_eq!(states.len(), 1);
    }
}
