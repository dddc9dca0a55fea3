//! What is compared, and what is asked of it.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::elf::Program;
use crate::bench::floors::Floor;

/// What pools may take of stock's.
const POOLS: f64 = 0.62;
/// What code and stack may.
const MOST: f64 = 1.0;
/// How the firmware says how much stack it has used.
const STACK: &str = "stack ";

/// The firmware for one target.
pub(super) struct Firmware {
    /// What `cargo snug ram --stock` says.
    pub(super) answer: Value,
    pub(super) stock: Program,
    pub(super) snug: Program,
    /// The most stack that was used; stock's first.
    pub(super) stacks: Option<[u64; 2]>,
}

/// A figure, stock's and Snug's, in bytes.
pub(super) struct Row {
    /// Of which program.
    pub(super) title: String,
    pub(super) measure: String,
    pub(super) stock: u64,
    pub(super) snug: u64,
}

impl Row {
    pub(super) fn ratio(&self) -> f64 {
        self.snug as f64 / self.stock as f64
    }
}

impl Firmware {
    /// All figures.
    pub(super) fn rows(&self, title: &str) -> Result<Vec<Row>> {
        let row = |measure: String, [stock, snug]: [u64; 2]| Row {
            title: title.to_owned(),
            measure,
            stock,
            snug,
        };
        let column = |of: fn(&Program) -> u64| [of(&self.stock), of(&self.snug)];
        let mut rows = vec![
            row(".data and .bss".into(), column(|it| it.statics)),
            row("pools of tasks".into(), self.pools()?),
            row(".text".into(), column(|it| it.code)),
            row(".rodata".into(), column(|it| it.constants)),
        ];
        rows.extend(self.stacks.map(|stacks| row("peak stack".into(), stacks)));
        for (name, bytes) in self.tasks()? {
            rows.push(row(format!("pool of {name}"), bytes));
        }
        for (name, stock) in &self.stock.polls {
            if let Some(snug) = self.snug.polls.get(name) {
                rows.push(row(format!("frame of {name}"), [*stock, *snug]));
            }
        }
        Ok(rows)
    }

    /// The pool of each task.
    fn tasks(&self) -> Result<Vec<(String, [u64; 2])>> {
        let tasks = self.answer["tasks"].as_array().context("`cargo snug ram` names no tasks")?;
        let all = tasks.iter().map(|task| {
            let bytes =
                |key: &str| task[key].as_u64().with_context(|| format!("no {key} in {task}"));
            let name = task["name"].as_str().context("a task without a name")?;
            Ok((name.to_owned(), [bytes("stock")?, bytes("bytes")?]))
        });
        all.collect()
    }

    fn pools(&self) -> Result<[u64; 2]> {
        let tasks = self.tasks()?;
        Ok([0, 1].map(|side| tasks.iter().map(|(_, bytes)| bytes[side]).sum()))
    }

    /// What is asked.
    pub(super) fn floors(&self, title: &str) -> Result<Vec<Floor>> {
        let floor = |measure: &str, [stock, snug]: [u64; 2], most: f64| {
            let ratio = snug as f64 / stock as f64;
            let title =
                format!("{title}: {measure}, {stock} and {snug}: {ratio:.3}, at most {most:.2}");
            Floor { title, met: ratio <= most }
        };
        let mut floors = vec![
            floor("pools of tasks", self.pools()?, POOLS),
            floor(".text", [self.stock.code, self.snug.code], MOST),
        ];
        floors.extend(self.stacks.map(|stacks| floor("peak stack", stacks, MOST)));
        // A pool without a task, or a program without frames, would meet everything.
        let common = self
            .stock
            .polls
            .iter()
            .filter_map(|(name, stock)| Some((name, *stock, *self.snug.polls.get(name)?)));
        let polls: Vec<_> = common.collect();
        if polls.is_empty() {
            bail!("{title}: no poll function has a frame that both programs tell");
        }
        let larger: Vec<String> = polls
            .iter()
            .filter(|(_, stock, snug)| snug > stock)
            .map(|(name, stock, snug)| format!("\n         {name}: {stock} and {snug}"))
            .collect();
        floors.push(Floor {
            title: format!(
                "{title}: {} of {} poll frames are larger, at most 0{}",
                larger.len(),
                polls.len(),
                larger.concat()
            ),
            met: larger.is_empty(),
        });
        Ok(floors)
    }
}

/// What a program prints.
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) errors: String,
}

impl Printed {
    fn stack(&self) -> Result<u64> {
        let mut numbers = self.errors.lines().filter_map(|line| line.strip_prefix(STACK));
        let number = numbers.next().with_context(|| {
            format!("the firmware does not say how much stack it has used:\n{}", self.errors)
        })?;
        number.trim().parse().with_context(|| format!("`{number}` is no number of bytes"))
    }
}

/// The stack that both have used, if they print the same.
pub(super) fn stacks(stock: &Printed, snug: &Printed) -> Result<[u64; 2]> {
    if snug.text != stock.text {
        bail!(
            "The programs do not print the same. Stock's:\n{}\nSnug's:\n{}",
            stock.text,
            snug.text
        );
    }
    Ok([stock.stack()?, snug.stack()?])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn firmware(pool: u64, frame: u64) -> Firmware {
        let program = |frame| Program {
            code: 10,
            constants: 1,
            statics: 2,
            polls: [("f".to_owned(), frame)].into(),
        };
        let answer = json!({ "tasks": [{ "name": "t", "stock": 100, "bytes": pool }] });
        Firmware { answer, stock: program(8), snug: program(frame), stacks: Some([5, 5]) }
    }

    fn missed(firmware: &Firmware) -> Vec<bool> {
        firmware.floors("x").unwrap().iter().map(|floor| !floor.met).collect()
    }

    #[test]
    fn pools_and_frames_have_floors() {
        assert_eq!(missed(&firmware(62, 8)), [false; 4]);
        assert_eq!(missed(&firmware(63, 8)), [true, false, false, false]);
        assert_eq!(missed(&firmware(62, 9)), [false, false, false, true]);
    }

    #[test]
    fn what_is_printed_must_be_equal() {
        let printed =
            |text: &str, errors: &str| Printed { text: text.into(), errors: errors.into() };
        let stock = printed("a", "stack 7\n");
        assert_eq!(stacks(&stock, &printed("a", "stack 6\n")).unwrap(), [7, 6]);
        assert!(stacks(&stock, &printed("b", "stack 7\n")).is_err());
        assert!(stacks(&stock, &printed("a", "")).is_err());
    }
}
