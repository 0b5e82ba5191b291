//! The comment a saved query opens with.
//!
//! `-- key: value`, a line each, up to the first line that is none. What is wrong is
//! collected with its line, so that one look shows all of it.

use crate::saved::parameter::Parameter;

/// What a saved query says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Header {
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) tables: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) tags: Vec<String>,
    pub(crate) severity: Option<String>,
    /// Techniques of MITRE ATT&CK.
    pub(crate) attack: Vec<String>,
    /// Lines of the file before the SQL.
    pub(crate) lines: usize,
}

/// Something that is wrong at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) line: usize,
    pub(crate) message: String,
}

const KEYS: &[&str] = &["title", "about", "tables", "param", "tags", "severity", "attack"];
const REQUIRED: &[&str] = &["title", "about", "tables"];
const SEVERITIES: &[&str] = &["low", "medium", "high", "critical"];
/// Characters of a title, so that a list of them can be read.
const LONGEST_TITLE: usize = 80;

/// Reads the header of a text, and what is wrong with it.
pub(super) fn read(text: &str) -> (Header, Vec<Problem>) {
    let mut header = Header::default();
    let mut problems = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (line, key, value) in lines(text) {
        let is_repeated = key != "param" && seen.contains(&key);
        let done = match is_repeated {
            true => Err(format!("`{key}` is there twice")),
            false => take(&mut header, key, value),
        };
        problems.extend(done.err().map(|message| Problem { line, message }));
        seen.push(key);
        header.lines = line;
    }
    let missing = REQUIRED.iter().filter(|key| !seen.contains(*key));
    problems.extend(missing.map(|key| {
        let message = format!("the header has no `-- {key}: …`");
        Problem { line: 1, message }
    }));
    (header, problems)
}

/// The lines of the header: number, key, value.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let pairs = text.lines().map(|line| {
        let (key, value) = line.strip_prefix("--")?.split_once(':')?;
        let key = key.trim();
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        is_key.then(|| (key, value.trim()))
    });
    pairs.enumerate().map_while(|(at, pair)| pair.map(|(k, v)| (at + 1, k, v)))
}

fn take(header: &mut Header, key: &str, value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err(format!("`{key}` says nothing"));
    }
    match key {
        "title" => header.title = title(value)?,
        "about" => value.clone_into(&mut header.about),
        "tables" => header.tables = words(value, is_table)?,
        "param" => {
            let parameter = Parameter::parse(value)?;
            if header.parameters.iter().any(|known| known.name == parameter.name) {
                return Err(format!("the parameter `{}` is there twice", parameter.name));
            }
            header.parameters.push(parameter);
        }
        "tags" => header.tags = words(value, is_tag)?,
        "severity" if SEVERITIES.contains(&value) => header.severity = Some(value.to_owned()),
        "severity" => return Err(format!("`{value}` is not one of {}", SEVERITIES.join(", "))),
        "attack" => header.attack = words(value, is_technique)?,
        _ => {
            let nearest = KEYS.iter().find(|known| strsim::damerau_levenshtein(known, key) <= 2);
            let hint = nearest.map_or_else(
                || format!("the keys are {}", KEYS.join(", ")),
                |known| format!("did you mean `{known}`?"),
            );
            return Err(format!("there is no key `{key}`; {hint}"));
        }
    }
    Ok(())
}

fn title(value: &str) -> Result<String, String> {
    match value.chars().count() <= LONGEST_TITLE {
        true => Ok(value.to_owned()),
        false => Err(format!("the title has more than {LONGEST_TITLE} characters")),
    }
}

fn words(value: &str, fits: fn(&str) -> bool) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = Vec::new();
    for word in value.split(',').map(str::trim) {
        if !fits(word) {
            return Err(format!("`{word}` does not belong there"));
        }
        if words.iter().any(|known| known == word) {
            return Err(format!("`{word}` is there twice"));
        }
        words.push(word.to_owned());
    }
    Ok(words)
}

fn is_table(word: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    word.split('.').all(is_part)
}

fn is_tag(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// `T1110` or `T1110.003`.
fn is_technique(word: &str) -> bool {
    let is_number =
        |text: &str, digits| text.len() == digits && text.chars().all(|c| c.is_ascii_digit());
    let Some(number) = word.strip_prefix('T') else { return false };
    match number.split_once('.') {
        Some((technique, part)) => is_number(technique, 4) && is_number(part, 3),
        None => is_number(number, 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "\
-- title: Guests
-- about: Guests that were not seen.
-- tables: users, meta.requests
-- param: last interval = '7 days' -- How far back.
-- tags: guests, clean-up
-- severity: low
-- attack: T1078, T1078.004
--  a comment: no key
SELECT $last";

    fn problems(text: &str) -> Vec<(usize, String)> {
        read(text).1.into_iter().map(|p| (p.line, p.message)).collect()
    }

    #[test]
    fn a_sound_header_has_no_problems() {
        let (header, problems) = read(SOUND);
        assert_eq!(problems, []);
        assert_eq!(header.title, "Guests");
        assert_eq!(header.tables, ["users", "meta.requests"]);
        assert_eq!(header.parameters.len(), 1);
        assert_eq!(header.attack, ["T1078", "T1078.004"]);
        assert_eq!(header.lines, 7);
    }

    #[track_caller]
    fn check(from: &str, to: &str, line: usize, words: &str) {
        assert!(SOUND.contains(from), "{from}");
        let found = problems(&SOUND.replacen(from, to, 1));
        let [(at, message)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(*at, line, "{message}");
        assert!(message.contains(words), "{message}");
    }

    #[test]
    fn every_problem_has_its_line() {
        check("-- tags", "-- tgas", 5, "did you mean `tags`?");
        check("-- tags", "-- license", 5, "the keys are");
        check("-- title: Guests\n", "", 1, "no `-- title: …`");
        check("-- tags: guests, clean-up", "-- about: Again.", 5, "`about` is there twice");
        check("severity: low", "severity: mild", 6, "critical");
        check("T1078,", "T107,", 7, "`T107`");
        check("users,", "Users,", 3, "`Users`");
        check("guests,", "clean-up,", 5, "twice");
        check("-- tags: guests, clean-up", "-- param: last int", 5, "`last` is there twice");
        check("interval", "days", 4, "no type `days`");
        check("-- about: Guests that were not seen.", "-- about:", 2, "says nothing");
    }

    #[test]
    fn text_without_a_header_lacks_all_of_it() {
        assert_eq!(problems("SELECT 1").len(), REQUIRED.len());
        assert_eq!(problems("").len(), REQUIRED.len());
    }
}
