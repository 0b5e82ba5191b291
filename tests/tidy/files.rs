//! How files look: a header, a size, a name that says something, no leftovers.

use crate::tidy::rule::{hold, positions};
use crate::tidy::source::{Source, crate_files, tree};

/// Lines of a header.
const HEADER: usize = 12;
/// Lines of a file, at the most.
const LONGEST: usize = 500;
/// Lines of an ordinary file; one in ten may be longer.
const ORDINARY: usize = 300;

#[test]
fn every_file_opens_with_a_short_header() {
    let long = "//! line\n".repeat(HEADER + 1);
    hold(
        header,
        &[("src/a.rs", "use std::fmt;"), ("src/a.rs", "// plain\n"), ("src/a.rs", &long)],
        &[("src/a.rs", "//! What it is.\n\nuse std::fmt;")],
    );
}

fn header(source: &Source) -> Vec<String> {
    let lines = source.text.lines().take_while(|line| line.starts_with("//!")).count();
    match lines {
        0 => vec![source.at(0, "no `//!` header: say what the file is")],
        1..=HEADER => Vec::new(),
        _ => vec![source.at(0, &format!("a header of {lines} lines, {HEADER} at the most"))],
    }
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let long = "\n".repeat(LONGEST + 1);
    hold(size, &[("src/a.rs", &long)], &[("src/a.rs", &long[1..])]);
}

fn size(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let verdict = || source.at(0, &format!("{lines} lines, {LONGEST} at the most"));
    (lines > LONGEST).then(verdict).into_iter().collect()
}

#[test]
fn nine_files_of_ten_are_ordinary() {
    let planted = vec![Source::new("src/a.rs", &"\n".repeat(ORDINARY + 1))];
    assert!(!mostly_ordinary(&planted), "a long file counts");
    let sources = crate_files();
    let long: Vec<_> = sources.iter().filter(|s| is_long(s)).map(|s| &s.path).collect();
    assert!(mostly_ordinary(sources), "{} of {}: {long:#?}", long.len(), sources.len());
}

fn is_long(source: &Source) -> bool {
    source.text.lines().count() > ORDINARY
}

fn mostly_ordinary(sources: &[Source]) -> bool {
    sources.iter().filter(|s| is_long(s)).count() * 10 <= sources.len()
}

#[test]
fn a_file_name_says_what_is_inside() {
    hold(
        name,
        &[("src/engine/utils.rs", ""), ("src/common/mod.rs", ""), ("src/types.rs", "")],
        &[("src/engine/catalog.rs", "")],
    );
}

fn name(source: &Source) -> Vec<String> {
    const EMPTY: [&str; 8] =
        ["common", "helper", "helpers", "misc", "traits", "types", "util", "utils"];
    let parts = source.path.trim_end_matches(".rs").split('/');
    let empty = parts.filter(|part| EMPTY.contains(part));
    empty.map(|part| source.at(0, &format!("`{part}` could hold anything"))).collect()
}

#[test]
fn nothing_is_left_over() {
    let offences = [
        ("src/a.rs", concat!("// TO", "DO later")),
        ("src/a.rs", concat!("// FIX", "ME")),
        ("src/a.rs", concat!("fn f() { dbg", "!(1) }")),
        ("src/a.rs", concat!("fn f() { todo", "!() }")),
        ("src/a.rs", "    // let x = 1;\n"),
        ("src/a.rs", "// fn f() {\n"),
        ("src/a.rs", "#[ignore]\nfn f() {}"),
    ];
    let innocent = [
        ("src/a.rs", "// A reason; and another one.\n"),
        ("src/a.rs", "#[ignore = \"a measurement\"]\nfn f() {}"),
    ];
    hold(leftovers, &offences, &innocent);
    for folder in ["benches", "examples", "tests"] {
        let found: Vec<_> = tree(folder).iter().flat_map(leftovers).collect();
        assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    }
}

fn leftovers(source: &Source) -> Vec<String> {
    let notes = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let calls = [concat!("dbg", "!("), concat!("todo", "!("), "unimplemented!(", "#[ignore]"];
    let notes = notes.into_iter().flat_map(|word| positions(&source.text, word));
    let calls = calls.into_iter().flat_map(|word| positions(&source.code, word));
    let found = notes.chain(calls).map(|at| source.at(at, "left over"));
    found.chain(dead_code(source)).collect()
}

/// A plain comment that ends or begins like a statement.
fn dead_code(source: &Source) -> Vec<String> {
    let starts = ["let ", "use ", "fn ", "pub ", "if let ", "return ", "}", "#["];
    let is_code = |line: &str| {
        let ends = line.ends_with(';') || line.ends_with('{') || line.ends_with('}');
        ends && (starts.iter().any(|word| line.starts_with(word)) || line.contains("();"))
    };
    let mut found = Vec::new();
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        if line.trim().strip_prefix("// ").is_some_and(is_code) {
            found.push(source.at(at, "commented-out code"));
        }
        at += line.len();
    }
    found
}
