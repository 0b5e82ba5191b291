//! Names of activities: one way to write them, and what they give away.

/// Writes a name as the table has it: lower case, `-` for dashes of all sorts, and one space
/// where there are several.
pub(super) fn normal(activity: &str) -> String {
    let mut out = String::with_capacity(activity.len());
    for word in activity.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        // Hyphens and dashes of U+2010 to U+2015, and the minus sign.
        let fold =
            |c: char| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
        out.extend(word.chars().map(fold).flat_map(char::to_lowercase));
    }
    out
}

/// Tells whether something was only read: downloads, and calls such as `Settings_GetAll`.
pub(super) fn is_reading(normal: &str) -> bool {
    normal.starts_with("download ") || normal.starts_with("get ") || normal.contains("_get")
}

/// Tells whether it is a step of an assignment of a role: asked for, decided, given up.
pub(super) fn is_step(normal: &str) -> bool {
    const STEPS: [&str; 4] = [" requested", " request approved", " request denied", " canceled"];
    const OF_A_ROLE: [&str; 3] = [" role ", " in pim ", "(pim "];
    let has = |words: &[&str]| words.iter().any(|word| normal.contains(word));
    has(&OF_A_ROLE) && has(&STEPS)
}
