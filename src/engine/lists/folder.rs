//! The files of a folder, by the names of their tables. None is opened.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::engine::lists::Skipped;
use crate::engine::lists::file::{Format, Listed};
use crate::error::{Error, ErrorKind, Result};

/// Lists a folder: a table per stem, and what is left out.
pub(super) fn read(folder: &Path) -> Result<(BTreeMap<String, Listed>, Skipped)> {
    let unreadable = |error: io::Error| {
        Error::new(ErrorKind::Config, format!("the folder of lists can't be read: {error}"))
            .with_context("folder", folder.display().to_string())
            .with_source(error)
    };
    let real = folder.canonicalize().map_err(unreadable)?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    let mut files: BTreeMap<String, Listed> = BTreeMap::new();
    let mut skipped = Vec::new();
    for path in paths {
        let Some(format) = Format::of(&path) else { continue };
        match name(&path).and_then(|name| check(&path, &real).map(|()| name)) {
            Ok(Some(name)) => files.entry(name).or_default().add(path, format),
            Ok(None) => {}
            Err(why) => skipped.push((path, why)),
        }
    }
    Ok((files, skipped))
}

/// Returns the name of a table: the stem in lower case, with `_` for what a name can't hold
/// without quotes. Nothing for a file that hides.
fn name(path: &Path) -> Result<Option<String>, String> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.ok_or("its name is not Unicode")?;
    if stem.starts_with('.') {
        return Ok(None);
    }
    let fold = |c: char| match c {
        ' ' | '-' | '.' | '_' => Some('_'),
        c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    let name: Option<String> = stem.chars().map(fold).collect();
    name.map(Some).ok_or_else(|| "its name holds more than letters, digits, `-` and `_`".to_owned())
}

fn check(path: &Path, real: &Path) -> Result<(), String> {
    let target = path.canonicalize().map_err(|error| error.to_string())?;
    if !target.starts_with(real) {
        return Err("it is a link out of the folder".to_owned());
    }
    let facts = fs::metadata(&target).map_err(|error| error.to_string())?;
    // A pipe would be waited for.
    if facts.is_file() { Ok(()) } else { Err("it is not a file".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(root: &Path) -> (Vec<String>, usize) {
        let (files, skipped) = read(root).unwrap();
        (files.into_keys().collect(), skipped.len())
    }

    #[test]
    fn a_table_has_the_name_of_its_file() {
        let root = tempfile::tempdir().unwrap();
        for name in ["Okta-Users.CSV", "hr list.json", "w.ndjson", "a.b.parquet", "notes.txt"] {
            fs::write(root.path().join(name), "").unwrap();
        }
        for name in [".hidden.csv", "it's.csv", "a;drop.csv", "\u{202e}x.csv", "a*.csv"] {
            fs::write(root.path().join(name), "").unwrap();
        }
        fs::create_dir(root.path().join("folder.csv")).unwrap();
        let names = names(root.path());
        assert_eq!(names.0, ["a_b", "hr_list", "okta_users", "w"]);
        assert_eq!(names.1, 5, "four names and a folder");
        assert_eq!(read(&root.path().join("none")).unwrap_err().kind(), ErrorKind::Config);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_and_pipes_are_not_waited_for() {
        use std::os::unix::fs::symlink;
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret.csv"), "a\n1\n").unwrap();
        fs::write(root.path().join("own.csv"), "a\n1\n").unwrap();
        symlink(outside.path().join("secret.csv"), root.path().join("out.csv")).unwrap();
        symlink(root.path().join("own.csv"), root.path().join("inside.csv")).unwrap();
        symlink(root.path().join("gone.csv"), root.path().join("broken.csv")).unwrap();
        assert_eq!(names(root.path()), (vec!["inside".to_owned(), "own".to_owned()], 2));
    }
}
