//! What DWARF says of embassy's tasks: which static is the pool of which task, and what is in it.
//!
//! `#[embassy_executor::task]` makes, for the task `app::blink`, a static `app::blink::POOL`. With embassy's feature `nightly` its type is
//! `TaskPool<F, N>`: `N` futures of type `F`, each with a header. Otherwise it is a `TaskPoolHolder` of the same size, and only what spawns
//! the task knows the `TaskPool`: one of the pool's functions is called with a closure of `app::blink`, and has it among the generic
//! arguments in its name. So a pool belongs to the task whose closure its functions are called with.

use std::collections::BTreeMap;

use anyhow::Result;
use gimli::{AttributeValue, DebugInfoOffset, Dwarf, Reader as _, UnitRef};

use crate::dwarf::{Entry, Reader};

/// The crate whose pools these are.
const CRATE: &str = "embassy_executor";

/// The pool of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pool {
    /// How many tasks of this kind there may be together.
    pub(crate) count: u64,
    /// Bytes of one future.
    pub(crate) future: u64,
    /// Bytes of the pool.
    pub(crate) bytes: u64,
}

/// What is known of the statics of tasks.
#[derive(Debug, Default)]
pub(crate) struct Pools {
    /// By the task's path. `None`: it is a pool, and nobody says what is in it.
    by_task: BTreeMap<String, Option<Pool>>,
}

type Offset = DebugInfoOffset<usize>;

/// What is read, before it is put together: types may follow those who use them, and lie in other units.
#[derive(Debug, Default)]
struct Found {
    types: BTreeMap<Offset, Type>,
    /// Statics called `POOL`: what they are in, and their types.
    statics: Vec<(String, Offset)>,
}

#[derive(Debug, Default)]
struct Type {
    /// With the names of what it is in.
    path: String,
    name: String,
    bytes: u64,
    arguments: Vec<Offset>,
    /// The names of its functions, with generic arguments.
    functions: Vec<String>,
}

/// What an entry is in.
struct Around {
    depth: isize,
    name: String,
    of: Of,
}

#[derive(Clone, Copy)]
enum Of {
    /// A namespace.
    Names,
    Type(Offset),
    Function,
}

pub(crate) fn read(dwarf: &Dwarf<Reader>) -> Result<Pools> {
    let mut found = Found::default();
    let mut headers = dwarf.units();
    while let Some(header) = headers.next()? {
        let unit = dwarf.unit(header)?;
        of_unit(unit.unit_ref(dwarf), &mut found)?;
    }
    Ok(found.pools())
}

fn of_unit(unit: UnitRef<'_, Reader>, found: &mut Found) -> Result<()> {
    let mut around: Vec<Around> = Vec::new();
    let mut depth = 0;
    let mut entries = unit.entries();
    while let Some((step, entry)) = entries.next_dfs()? {
        depth += step;
        around.retain(|it| it.depth < depth);
        let last = around.last().map(|it| it.of);
        let path = || around.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join("::");
        let name = || -> Result<String> {
            let Some(value) = entry.attr_value(gimli::DW_AT_name)? else {
                return Ok(String::new());
            };
            Ok(unit.attr_string(value)?.to_string_lossy()?.into_owned())
        };
        match entry.tag() {
            gimli::DW_TAG_namespace => {
                around.push(Around { depth, name: name()?, of: Of::Names });
            }
            gimli::DW_TAG_subprogram => {
                let name = name()?;
                if let Some(Of::Type(of)) = last {
                    found.types.entry(of).or_default().functions.push(name.clone());
                }
                around.push(Around { depth, name, of: Of::Function });
            }
            gimli::DW_TAG_structure_type
            | gimli::DW_TAG_union_type
            | gimli::DW_TAG_enumeration_type => {
                let Some(offset) = entry.offset().to_debug_info_offset(&unit.header) else {
                    continue;
                };
                let bytes = entry.attr_value(gimli::DW_AT_byte_size)?;
                let bytes = bytes.and_then(|value| value.udata_value()).unwrap_or(0);
                let name = name()?;
                let of_type = Type { path: path(), name: name.clone(), bytes, ..Type::default() };
                found.types.insert(offset, of_type);
                around.push(Around { depth, name, of: Of::Type(offset) });
            }
            gimli::DW_TAG_template_type_parameter => {
                if let Some(Of::Type(of)) = last
                    && let Some(argument) = of_type(unit, entry)?
                {
                    found.types.entry(of).or_default().arguments.push(argument);
                }
            }
            gimli::DW_TAG_variable if matches!(last, Some(Of::Names)) => {
                if name()? == "POOL"
                    && let Some(of) = of_type(unit, entry)?
                {
                    found.statics.push((path(), of));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The type of an entry.
fn of_type(unit: UnitRef<'_, Reader>, entry: &Entry<'_>) -> Result<Option<Offset>> {
    Ok(match entry.attr_value(gimli::DW_AT_type)? {
        Some(AttributeValue::UnitRef(offset)) => offset.to_debug_info_offset(&unit.header),
        Some(AttributeValue::DebugInfoRef(offset)) => Some(offset),
        _ => None,
    })
}

impl Found {
    fn pools(&self) -> Pools {
        let mut by_task = BTreeMap::new();
        for (task, of) in &self.statics {
            let Some(of) = self.types.get(of) else { continue };
            if !of.path.starts_with(CRATE) {
                continue;
            }
            if let Some(pool) = self.pool(of) {
                by_task.insert(task.clone(), Some(pool));
            } else if of.name.starts_with("TaskPoolHolder<") {
                by_task.entry(task.clone()).or_insert(None);
            }
        }
        for of in self.types.values().filter(|of| of.path.starts_with(CRATE)) {
            let Some(pool) = self.pool(of) else { continue };
            for task in of.functions.iter().flat_map(|name| with_closures(name)) {
                if let Some(known) = by_task.get_mut(task) {
                    *known = Some(pool);
                }
            }
        }
        Pools { by_task }
    }

    /// What is in a `TaskPool<F, N>`.
    fn pool(&self, of: &Type) -> Option<Pool> {
        let arguments = of.name.strip_prefix("TaskPool<")?.strip_suffix('>')?;
        let count = arguments.rsplit_once(", ")?.1.parse().ok()?;
        let future = self.types.get(of.arguments.first()?)?.bytes;
        Some(Pool { count, future, bytes: of.bytes })
    }
}

impl Pools {
    /// The task that a static is the pool of, as people write it, and what is in the pool, if that is known.
    pub(crate) fn of_static(&self, name: &str) -> Option<(String, Option<Pool>)> {
        let task = name.strip_suffix("::POOL")?;
        let pool = *self.by_task.get(task)?;
        // What `#[embassy_executor::main]` makes of `main`.
        let shown = match task.strip_suffix("::__embassy_main") {
            Some(around) => format!("{around}::main"),
            None => task.to_owned(),
        };
        Some((shown, pool))
    }
}

/// The functions whose closures are among the generic arguments in a name.
fn with_closures(name: &str) -> impl Iterator<Item = &str> {
    let arguments = name.split(['<', '>', ',']).map(str::trim);
    arguments.filter_map(|argument| Some(argument.split_once("::{closure_env#")?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closures_are_found() {
        let name = "spawn_impl<app::inner<(u8, u8)>::{async_fn_env#0}, 3, app::blink::{closure_env#0}, \
                    app::blink::{closure_env#1}>";
        assert_eq!(with_closures(name).collect::<Vec<_>>(), ["app::blink", "app::blink"]);
        assert_eq!(with_closures("new").count(), 0);
    }

    #[test]
    fn pools_are_of_tasks() {
        let path = "embassy_executor::raw".to_owned();
        let offset = |number| DebugInfoOffset(number);
        let future = Type { bytes: 90, ..Type::default() };
        let named =
            |name: &str| Type { path: path.clone(), name: name.to_owned(), ..Type::default() };
        let pool = Type {
            bytes: 300,
            arguments: vec![offset(1)],
            functions: vec![
                "new".to_owned(),
                "spawn<F, 3, app::blink::{closure_env#0}>".to_owned(),
            ],
            ..named("TaskPool<F, 3>")
        };
        // With embassy's feature `nightly`.
        let direct = Type { bytes: 100, functions: Vec::new(), ..named("TaskPool<F, 1>") };
        let direct = Type { arguments: vec![offset(1)], ..direct };
        let types = [future, pool, named("TaskPoolHolder<300, 8>"), direct, named("Other")];
        let types = (1..).map(offset).zip(types).collect();
        let statics = [("app::blink", 3), ("app::lost", 3), ("app::direct", 4), ("app::other", 5)];
        let statics = statics.map(|(task, of)| (task.to_owned(), offset(of))).to_vec();
        let pools = Found { types, statics }.pools();
        let of = |count, bytes| Some(Pool { count, future: 90, bytes });
        let known = |name| pools.of_static(name);
        assert_eq!(known("app::blink::POOL"), Some(("app::blink".to_owned(), of(3, 300))));
        assert_eq!(known("app::direct::POOL"), Some(("app::direct".to_owned(), of(1, 100))));
        assert_eq!(known("app::lost::POOL"), Some(("app::lost".to_owned(), None)));
        assert_eq!(known("app::other::POOL"), None);
        assert_eq!(known("app::blink"), None);
    }
}
