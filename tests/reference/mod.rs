//! The reference of tables and permissions, written from the declarations.
//!
//! `UPDATE_DOCS=1 cargo test --test it reference::` rewrites it.

mod activities;
mod columns;
mod index;
mod markdown;
mod ocsf;
mod permissions;
mod table;
mod view;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const COMMAND: &str = "UPDATE_DOCS=1 cargo test --test it reference::";
const FOLDER: &str = "docs/reference/tables";

/// The line every page ends its introduction with.
fn written_by() -> String {
    format!("<!-- Written by a test from the declarations: {COMMAND} -->\n")
}

/// Every page there should be: path and text.
async fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut add = |name: &str, text: String| {
        let twice = pages.insert(format!("{FOLDER}/{name}.md"), text);
        assert!(twice.is_none(), "{name} has two pages");
    };
    for spec in entraql::tables::ALL {
        add(spec.name, table::page(spec));
    }
    for (name, text) in view::pages().await {
        add(&name, text);
    }
    add("README", index::page().await);
    pages.extend(ocsf::pages());
    pages.insert("docs/reference/ocsf/activities.md".to_owned(), activities::page());
    pages.insert("docs/reference/permissions.md".to_owned(), permissions::page().await);
    pages
}

/// Every page there is.
fn found() -> Vec<String> {
    let folders = [FOLDER, "docs/reference/ocsf"].into_iter();
    let entries = folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    let mut found: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).map(|path| path.display().to_string()).collect();
    found.sort();
    found
}

#[tokio::test]
async fn the_reference_says_what_the_declarations_say() {
    let pages = pages().await;
    if std::env::var_os("UPDATE_DOCS").is_some() {
        write(&pages);
    }
    let stale = pages.iter().filter(|(path, text)| {
        fs::read_to_string(path).map(|there| there.replace("\r\n", "\n")).ok().as_ref()
            != Some(text)
    });
    let stale: Vec<_> = stale.map(|(path, _)| path).collect();
    assert!(stale.is_empty(), "run `{COMMAND}`; stale or missing: {stale:#?}");
    let left: Vec<_> = found().into_iter().filter(|path| !pages.contains_key(path)).collect();
    assert!(left.is_empty(), "run `{COMMAND}`; pages of tables that are gone: {left:#?}");
}

fn write(pages: &BTreeMap<String, String>) {
    fs::create_dir_all(FOLDER).unwrap();
    for path in found().iter().filter(|path| !pages.contains_key(*path)) {
        fs::remove_file(path).unwrap();
    }
    for (path, text) in pages {
        fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[tokio::test]
async fn pages_are_whole_markdown() {
    let pages = pages().await;
    for (path, text) in &pages {
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}: its end");
        assert!(!text.contains("\n\n\n") && !text.contains('\t'), "{path}: its blanks");
        assert_eq!(text.matches("```").count() % 2, 0, "{path}: its fences");
        let mut cells = None;
        for line in text.lines() {
            assert_eq!(line, line.trim_end(), "{path}: a trailing space");
            let here = line.starts_with('|').then(|| markdown::cells(line));
            assert!(here.is_none() || cells.is_none() || here == cells, "{path}: {line}");
            cells = here;
        }
        for target in markdown::targets(text) {
            assert!(resolves(&pages, path, target), "{path} leads to {target}");
        }
    }
}

/// Whether a link leads to a page of the reference, or out of it.
fn resolves(pages: &BTreeMap<String, String>, page: &str, target: &str) -> bool {
    let (folder, _) = page.rsplit_once('/').unwrap();
    let path = match target.strip_prefix("../") {
        Some(above) => format!("{}/{above}", folder.rsplit_once('/').unwrap().0),
        None => format!("{folder}/{target}"),
    };
    target.starts_with("https://") || pages.contains_key(&path) || Path::new(&path).is_file()
}

#[tokio::test]
async fn a_link_to_nothing_is_found() {
    let (pages, page) = (pages().await, "docs/reference/tables/README.md");
    let targets = markdown::targets("a [b](c.md) and [d](https://e.f/g)");
    assert_eq!(targets, ["c.md", "https://e.f/g"]);
    assert!(!resolves(&pages, page, targets[0]) && resolves(&pages, page, targets[1]));
    assert!(resolves(&pages, page, "../functions.md") && resolves(&pages, page, "users.md"));
}
