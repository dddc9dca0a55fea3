//! Annotations that GitHub's actions show beside the source.
//!
//! Documented under "Workflow commands for GitHub Actions".

use crate::guard::Finding;

pub(super) fn findings(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let level = if finding.is_worse { "error" } else { "notice" };
        let mut properties = vec![format!("title={}", property("size of a future"))];
        if let Some(place) = &finding.place {
            properties.push(format!("file={}", property(&place.file)));
            properties.push(format!("line={}", place.start.0));
            properties.push(format!("col={}", place.start.1));
        }
        let lines: Vec<String> =
            [finding.text()].into_iter().chain(finding.explanation()).collect();
        text += &format!("::{level} {}::{}\n", properties.join(","), data(&lines.join("\n")));
    }
    text
}

/// What stands after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(data("100%\nb"), "100%25%0Ab");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
