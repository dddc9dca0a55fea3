//! What `y bench marker` prints, and what is asked of it.

use super::sizes::Sizes;
use crate::bench::floors::Floor;
use crate::bench::ratio::Times;
use crate::numbers::thousands;

/// What markers may cost: a part of what is there without them.
const MOST: f64 = 0.01;

/// A table of sizes.
pub(super) fn sizes(program: &str, rows: &[Sizes]) -> String {
    let title = format!("{program}, bytes");
    let mut text = format!("{title:<44} {:>13} {:>13} {:>7}\n", "no marker", "marker", "ratio");
    for row in rows {
        let [without, with] = row.bytes.map(thousands);
        let remark = match row.same {
            Some(true) => "  the same bytes",
            Some(false) => "  other bytes",
            None => "",
        };
        text +=
            &format!("{:<44} {without:>13} {with:>13} {:>7.4}{remark}\n", row.title, row.ratio());
    }
    text
}

/// A table of times.
pub(super) fn times(program: &str, rows: &[(String, Times)]) -> String {
    let title = format!("{program}, seconds of processor time");
    let mut text = format!(
        "{title:<44} {:>13} {:>13} {:>7}  {:<15} rounds\n",
        "no marker", "marker", "ratio", "95 % sure"
    );
    for (title, times) in rows {
        let [without, with] = times.seconds;
        let [low, high] = times.between;
        text += &format!(
            "{title:<44} {without:>13.3} {with:>13.3} {:>7.4}  {low:.4}..{high:.4}  {:>6}\n",
            times.ratio, times.rounds
        );
    }
    text
}

/// What is finished has no trace of markers.
pub(super) fn untouched(program: &str, sizes: &Sizes) -> Floor {
    Floor {
        title: format!("{program}: the {} is the same with and without markers", sizes.title),
        met: sizes.same == Some(true),
    }
}

/// What only others will link may be a bit larger.
pub(super) fn little_larger(program: &str, sizes: &Sizes) -> Floor {
    Floor {
        title: format!(
            "{program}: {}, ratio {:.4}, under {}",
            sizes.title,
            sizes.ratio(),
            1.0 + MOST
        ),
        met: sizes.ratio() < 1.0 + MOST,
    }
}

/// Times differ by chance: only what is above the limit almost for sure counts.
pub(super) fn little_slower(program: &str, title: &str, times: &Times) -> Floor {
    let (most, [low, high]) = (1.0 + MOST, times.between);
    Floor {
        title: format!("{program}: {title}: {low:.4} to {high:.4}, not all of it above {most}"),
        met: low < most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_sizes_and_times() {
        let row = Sizes { title: "program".into(), bytes: [2000, 2001], same: Some(false) };
        let expected = "\
p, bytes                                         no marker        marker   ratio
program                                              2,000         2,001  1.0005  other bytes
";
        assert_eq!(sizes("p", &[row]), expected);
        let row = Times { seconds: [2.0, 2.5], ratio: 1.25, between: [1.2, 1.3], rounds: 5 };
        let expected = "\
p, seconds of processor time                     no marker        marker   ratio  95 % sure       rounds
link                                                 2.000         2.500  1.2500  1.2000..1.3000       5
";
        assert_eq!(times("p", &[("link".into(), row)]), expected);
    }

    #[test]
    fn one_per_cent_is_too_much() {
        let sizes =
            |with| Sizes { title: String::new(), bytes: [1000, with], same: Some(with == 1000) };
        assert!(little_larger("", &sizes(1009)).met && !little_larger("", &sizes(1010)).met);
        assert!(untouched("", &sizes(1000)).met && !untouched("", &sizes(1001)).met);
        let times = |low| Times { seconds: [1.0; 2], ratio: 1.02, between: [low, 1.03], rounds: 9 };
        assert!(little_slower("", "", &times(1.0)).met);
        assert!(!little_slower("", "", &times(1.01)).met);
    }
}
