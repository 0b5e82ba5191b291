//! How a rule is tried out and then held against the tree.

use crate::tidy::source::{Source, crate_files};

/// Plants every offence and every innocent text, then reads the tree.
///
/// Each text comes with the path it pretends to be found at.
pub fn hold(
    rule: impl Fn(&Source) -> Vec<String>,
    offences: &[(&str, &str)],
    innocent: &[(&str, &str)],
) {
    try_out(&rule, offences, innocent);
    let found: Vec<_> = crate_files().iter().flat_map(&rule).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn try_out(
    rule: &impl Fn(&Source) -> Vec<String>,
    offences: &[(&str, &str)],
    innocent: &[(&str, &str)],
) {
    assert!(!offences.is_empty(), "a rule without a planted offence proves nothing");
    for (path, text) in offences {
        let found = rule(&Source::new(path, text));
        assert!(!found.is_empty(), "not found in {path}: {text}");
    }
    for (path, text) in innocent {
        let found = rule(&Source::new(path, text));
        assert!(found.is_empty(), "found in {path}: {text}: {found:?}");
    }
}

/// Says that `words` stand in `rooms` only; a room may be a single file.
///
/// Tests may do what they like: what they print or bind is nobody's surprise.
pub fn only(
    rooms: &'static [&'static str],
    words: &'static [&'static str],
) -> impl Fn(&Source) -> Vec<String> {
    move |source| match rooms.iter().any(|room| source.is_in(room)) {
        true => Vec::new(),
        false => found(source, &source.product, words, &rooms.join(", ")),
    }
}

/// Says that `words` do not stand in `rooms`.
pub fn never(
    rooms: &'static [&'static str],
    words: &'static [&'static str],
) -> impl Fn(&Source) -> Vec<String> {
    move |source| match rooms.iter().any(|room| source.is_in(room)) {
        true => found(source, &source.product, words, "elsewhere"),
        false => Vec::new(),
    }
}

fn found(source: &Source, code: &str, words: &[&str], place: &str) -> Vec<String> {
    let hits = words.iter().flat_map(|word| positions(code, word).map(move |at| (at, word)));
    hits.map(|(at, word)| source.at(at, &format!("`{word}` belongs to {place}"))).collect()
}

/// Finds a word that is not the end of a longer one.
pub fn positions<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let starts_word = word.starts_with(|c: char| c.is_alphanumeric());
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code[..*at].chars().next_back();
        !starts_word || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn a_rule_that_finds_nothing_does_not_pass() {
    let blind = |_: &Source| Vec::new();
    let tried = std::panic::catch_unwind(|| try_out(&blind, &[("src/a.rs", "anything")], &[]));
    assert!(tried.is_err());
}

#[test]
fn a_word_is_found_whole() {
    let at: Vec<_> = positions("my_exit( exit( .exit(", "exit(").collect();
    assert_eq!(at, [9, 16]);
}
