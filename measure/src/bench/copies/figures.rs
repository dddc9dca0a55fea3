//! What was measured, added up, and what is asked of it.

use std::collections::BTreeMap;

use super::cases::{Case, Form, Life};
use crate::bench::floors::Floor;

/// Snug's Cranelift twin copies at most this part of what stock cg_clif copies.
const MOST_COPIED: f64 = 0.25;
/// The poll frames of Snug's Cranelift twin add up to at most this part of stock cg_clif's.
const MOST_STACK: f64 = 0.8;

/// Bytes copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Copied {
    /// By `memcpy` and `memmove`.
    pub(super) called: u64,
    /// By loads and stores.
    pub(super) inline: u64,
}

/// What one compiler's program does.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// Bytes copied at the first poll, by case.
    pub(super) copied: BTreeMap<String, Copied>,
    /// Bytes of stack of each poll function: those of the cases, and of what they await.
    pub(super) frames: BTreeMap<String, u64>,
    /// What the program printed.
    pub(super) answers: String,
}

/// One number for each compiler, in the order of [`super::compilers::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) title: String,
    pub(super) values: [u64; 4],
}

impl Row {
    /// Snug's LLVM twin, compared to stock LLVM.
    pub(super) fn llvm(&self) -> Option<f64> {
        ratio(self.values[1], self.values[0])
    }

    /// Snug's Cranelift twin, compared to stock cg_clif.
    pub(super) fn cranelift(&self) -> Option<f64> {
        ratio(self.values[3], self.values[2])
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How rows are made of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// One for all cases that differ in nothing but sizes and counts.
    Families,
    /// One for each case.
    Each,
}

/// Bytes copied at the first poll.
pub(super) fn copied(measured: &[Measured; 4], cases: &[Case], detail: Detail) -> Vec<Row> {
    let of = |measured: &Measured, case: &str| {
        measured.copied.get(case).map_or(0, |copied| copied.called + copied.inline)
    };
    rows(cases, detail, |case| measured.each_ref().map(|one| of(one, case)))
}

/// Bytes of stack of the poll functions, the awaited ones last.
pub(super) fn frames(measured: &[Measured; 4], cases: &[Case], detail: Detail) -> Vec<Row> {
    let of = |name: &str| measured.each_ref().map(|one| one.frames.get(name).copied().unwrap_or(0));
    let mut all = rows(cases, detail, of);
    let names: Vec<String> = cases.iter().map(Case::name).collect();
    let others = measured[0].frames.keys().filter(|name| !names.contains(name));
    let others: Vec<Row> =
        others.map(|name| Row { title: name.clone(), values: of(name) }).collect();
    match detail {
        Detail::Each => all.extend(others),
        Detail::Families => all.push(sum("what they await", &others)),
    }
    all
}

fn rows(cases: &[Case], detail: Detail, values: impl Fn(&str) -> [u64; 4]) -> Vec<Row> {
    let row = |case: &Case| Row { title: case.name(), values: values(&case.name()) };
    if detail == Detail::Each {
        return cases.iter().map(row).collect();
    }
    let mut families = Vec::new();
    for form in Form::ALL {
        for life in Life::ALL {
            let family = cases.iter().filter(|case| (case.form, case.life) == (form, life));
            let family: Vec<Row> = family.map(row).collect();
            families.push(sum(&format!("{:<23} {}", form.title(), life.title()), &family));
        }
    }
    families
}

/// The sum of rows.
pub(super) fn sum(title: &str, rows: &[Row]) -> Row {
    let mut values = [0; 4];
    for row in rows {
        for (sum, value) in values.iter_mut().zip(row.values) {
            *sum += value;
        }
    }
    Row { title: title.into(), values }
}

/// Holds the figures of all cases against the floors.
pub(super) fn floors(copied: &[Row], frames: &[Row]) -> Vec<Floor> {
    let at_most = |what: &str, rows: &[Row], most: f64| {
        let ratio = sum("", rows).cranelift();
        Floor {
            title: format!("{what}: {} of stock cg_clif, at most {most}", shown(ratio)),
            met: ratio.is_some_and(|ratio| ratio <= most),
        }
    };
    let larger = larger(frames).len();
    vec![
        at_most("bytes copied in total", copied, MOST_COPIED),
        at_most("poll frames in total", frames, MOST_STACK),
        Floor {
            title: format!("poll frames larger than stock cg_clif's: {larger}, at most 0"),
            met: larger == 0,
        },
    ]
}

/// The frames that are larger with Snug's Cranelift twin than with stock cg_clif.
pub(super) fn larger(frames: &[Row]) -> Vec<&Row> {
    frames.iter().filter(|row| row.values[3] > row.values[2]).collect()
}

/// A ratio, or a dash where there is nothing to compare with.
pub(super) fn shown(ratio: Option<f64>) -> String {
    ratio.map_or("-".into(), |ratio| format!("{ratio:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(form: Form, size: usize) -> Case {
        Case { form, life: Life::One, size, count: 1 }
    }

    fn measured(copied: u64, frame: u64, cases: &[Case]) -> Measured {
        let names = || cases.iter().map(Case::name);
        let mut frames: BTreeMap<String, u64> = names().map(|name| (name, frame)).collect();
        frames.insert("held::<64>".into(), 10);
        let copied = Copied { called: copied, inline: 1 };
        Measured {
            copied: names().map(|name| (name, copied)).collect(),
            frames,
            ..Measured::default()
        }
    }

    fn row(values: [u64; 4]) -> Row {
        Row { title: String::new(), values }
    }

    #[test]
    fn families_are_sums_over_their_cases() {
        let cases = [case(Form::Plain, 64), case(Form::Plain, 128), case(Form::Mut, 64)];
        let all = [3, 5, 7, 9].map(|copied| measured(copied, 100, &cases));
        let families = copied(&all, &cases, Detail::Families);
        assert_eq!(families.len(), Form::ALL.len() * Life::ALL.len());
        assert_eq!(families[1].values, [8, 12, 16, 20]);
        assert_eq!(families[0].values, [0; 4]);
        assert_eq!(sum("", &families), sum("", &copied(&all, &cases, Detail::Each)));
    }

    #[test]
    fn frames_of_awaited_futures_are_counted() {
        let cases = [case(Form::Plain, 64)];
        let all = [1, 2, 3, 4].map(|frame| measured(0, frame, &cases));
        let frames = frames(&all, &cases, Detail::Each);
        assert_eq!(frames.len(), 2);
        assert_eq!(frames[1], Row { title: "held::<64>".into(), values: [10; 4] });
    }

    #[test]
    fn floors_compare_snug_with_stock_cg_clif() {
        let good = floors(&[row([1, 9, 100, 25])], &[row([1, 9, 100, 80])]);
        assert!(good.iter().all(|floor| floor.met), "{good:?}");
        let bad = floors(&[row([1, 1, 100, 26])], &[row([1, 1, 100, 101]), row([1, 1, 900, 900])]);
        assert!(bad.iter().all(|floor| !floor.met), "{bad:?}");
        assert_eq!(bad[0].title, "bytes copied in total: 0.260 of stock cg_clif, at most 0.25");
    }

    #[test]
    fn nothing_measured_meets_no_floor() {
        assert!(!floors(&[], &[])[0].met);
        assert_eq!(shown(row([0, 1, 0, 1]).llvm()), "-");
    }
}
