//! The list of saved queries in the guide, written from the headers of the files.
//!
//! `UPDATE_DOCS=1 cargo test --test it page::` rewrites it.

use std::fmt::Write;
use std::path::PathBuf;

const PAGE: &str = "docs/guides/queries.md";
const MARK: &str = "<!-- The rest is written by a test from the headers: UPDATE_DOCS=1 cargo test --test it page:: -->\n";

/// What each folder is for, in reading order.
const FOLDERS: [(&str, &str); 6] = [
    ("detections", "What should wake somebody up. A row is a finding."),
    ("hunt", "What to look at when something smells, and who was where."),
    ("access", "How people and apps get in, and what policies make of it."),
    ("posture", "What the directory looks like, and where it is open."),
    ("hygiene", "What to tidy up."),
    (
        "cross_idp",
        "What Entra and another identity provider say together; [how](other_providers.md).",
    ),
];

#[test]
fn the_guide_lists_the_queries_there_are() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (words, _) = page.split_once(MARK).expect("the mark is there");
    let fresh = format!("{words}{MARK}{}", list());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &fresh).unwrap();
    }
    let found = std::fs::read_to_string(PAGE).unwrap();
    assert_eq!(found, fresh, "run UPDATE_DOCS=1 cargo test --test it page::");
}

#[test]
fn no_folder_is_left_out() {
    let mut folders: Vec<String> = std::fs::read_dir("queries")
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut listed = FOLDERS.map(|(name, _)| name.to_owned());
    listed.sort();
    assert_eq!(folders, listed);
    let queries: usize = FOLDERS.iter().map(|(name, _)| files(name).len()).sum();
    assert!(queries >= 40, "{queries}");
}

fn list() -> String {
    let mut out = String::new();
    for (folder, about) in FOLDERS {
        let detections = folder == "detections";
        let (head, line) = match detections {
            true => ("| query | finds | severity | ATT&CK |", "|---|---|---|---|"),
            false => ("| query | tells | reads |", "|---|---|---|"),
        };
        write!(out, "\n### {folder}\n\n{about}\n\n{head}\n{line}\n").unwrap();
        for path in files(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let said = |key| header(&text, key).unwrap_or_else(|| panic!("{name}: no {key}"));
            let title = said("title");
            match detections {
                true => writeln!(
                    out,
                    "| `{name}` | {title} | {} | {} |",
                    said("severity"),
                    said("attack")
                ),
                false => writeln!(
                    out,
                    "| `{name}` | {title} | `{}` |",
                    said("tables").replace(", ", "`, `")
                ),
            }
            .unwrap();
        }
    }
    out
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(format!("queries/{folder}")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn header<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines().map_while(|line| line.strip_prefix("-- "));
    lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}
