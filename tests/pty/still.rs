//! Screens without what differs from run to run.

/// Replaces times and sizes, such as `0.49 s` and `8.6 MB`, by an ellipsis and the unit.
pub fn still(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(still_line).collect();
    lines.join("\n")
}

fn still_line(line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        let unit = words[at].trim_end_matches([',', '.', ';', ')']);
        let is_measure = ["s", "ms", "µs", "B", "kB", "MB"].contains(&unit);
        if is_measure && words[at - 1].parse::<f64>().is_ok() {
            "…".clone_into(&mut words[at - 1]);
        }
    }
    words.join(" ")
}

#[test]
fn measures_are_elided_and_counts_are_not() {
    let receipt = "10 rows, 4 requests, 8.6 MB, 0.49 s";
    assert_eq!(still(receipt), "10 rows, 4 requests, … MB, … s");
    assert_eq!(still("a\n b 12 s"), "a\n b … s");
}
