//! What a benchmark's figures must be at least, or at most.

use anyhow::{Result, bail};

use crate::report::Asked;

/// Something that is asked of the figures.
#[derive(Debug)]
pub(super) struct Floor {
    /// What is asked.
    pub(super) title: String,
    /// Whether it is so.
    pub(super) met: bool,
}

impl Floor {
    /// For `y figures`.
    pub(super) fn asked(floors: &[Floor]) -> Vec<Asked> {
        let asked = |floor: &Floor| Asked { title: floor.title.clone(), met: floor.met };
        floors.iter().map(asked).collect()
    }
}

/// Prints all, and fails if one is missed.
pub(super) fn check(benchmark: &str, floors: &[Floor]) -> Result<()> {
    println!("{}", table(floors));
    if floors.iter().any(|floor| !floor.met) {
        bail!("A floor of `bench {benchmark}` is missed: see above.");
    }
    Ok(())
}

fn table(floors: &[Floor]) -> String {
    let mark = |floor: &Floor| if floor.met { "ok    " } else { "MISSED" };
    floors.iter().map(|floor| format!("{} {}\n", mark(floor), floor.title)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_missed_is_an_error() {
        let floor = |title: &str, met| Floor { title: title.into(), met };
        let floors = [floor("one", true), floor("two", false)];
        assert_eq!(table(&floors), "ok     one\nMISSED two\n");
        assert!(check("copies", &floors[..1]).is_ok());
        assert!(check("copies", &floors).unwrap_err().to_string().contains("bench copies"));
    }
}
