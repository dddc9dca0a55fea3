//! Finds a block or an expression of a program by its number, to edit it.

use super::model::{Block, Node, Part, Program};

/// What a walk comes across, from the outside in.
enum Visited<'a> {
    Block(&'a mut Block),
    Node(&'a mut Node),
}

/// Edits the block with a number.
pub(super) fn block<R>(
    program: &mut Program,
    number: usize,
    edit: impl FnOnce(&mut Block) -> R,
) -> Option<R> {
    numbered(program, number, edit, |visited| match visited {
        Visited::Block(block) => Some(block),
        Visited::Node(_) => None,
    })
}

/// Edits the expression with a number; only those that have a type are counted.
pub(super) fn expression<R>(
    program: &mut Program,
    number: usize,
    edit: impl FnOnce(&mut Node) -> R,
) -> Option<R> {
    numbered(program, number, edit, |visited| match visited {
        Visited::Node(node) if node.ty.is_some() => Some(node),
        _ => None,
    })
}

/// Edits the statement or expression with a number.
pub(super) fn any_node<R>(
    program: &mut Program,
    number: usize,
    edit: impl FnOnce(&mut Node) -> R,
) -> Option<R> {
    numbered(program, number, edit, |visited| match visited {
        Visited::Node(node) => Some(node),
        Visited::Block(_) => None,
    })
}

fn numbered<T, R>(
    program: &mut Program,
    number: usize,
    edit: impl FnOnce(&mut T) -> R,
    select: impl for<'a> Fn(Visited<'a>) -> Option<&'a mut T>,
) -> Option<R> {
    let (mut left, mut edit, mut result) = (number, Some(edit), None);
    let mut visit = |visited: Visited<'_>| {
        if let Some(found) = select(visited) {
            if left == 0 {
                result = edit.take().map(|edit| edit(found));
                return true;
            }
            left -= 1;
        }
        false
    };
    program.functions.iter_mut().any(|function| walk_block(&mut function.body, &mut visit));
    result
}

/// Walks until `visit` says that it has found what it looked for.
fn walk_block(block: &mut Block, visit: &mut dyn FnMut(Visited<'_>) -> bool) -> bool {
    visit(Visited::Block(block))
        || block
            .statements
            .iter_mut()
            .chain(block.tail.as_deref_mut())
            .any(|node| walk_node(node, visit))
}

fn walk_node(node: &mut Node, visit: &mut dyn FnMut(Visited<'_>) -> bool) -> bool {
    visit(Visited::Node(node))
        || node.parts.iter_mut().any(|part| match part {
            Part::Text(_) => false,
            Part::Node(node) => walk_node(node, visit),
            Part::Block(block) => walk_block(block, visit),
        })
}
