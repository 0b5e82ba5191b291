//! The user's own queries: `.sql` files below one folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::saved::name;

/// Bytes of a file; a saved query is something people read.
const LARGEST: u64 = 256 * 1_024;
/// Below this, folders are not looked into; no name is as deep.
const DEEPEST: usize = 4;

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Name, file, text.
    pub(super) files: Vec<(String, PathBuf, String)>,
    /// Files left out, and why.
    pub(super) skipped: Vec<(PathBuf, String)>,
}

/// Reads a folder. `None` when there is no such folder.
pub(super) fn read(root: &Path) -> Result<Option<Folder>> {
    let unreadable = |error: io::Error| {
        let message = format!("the folder of saved queries can't be read: {error}");
        Error::new(ErrorKind::Config, message)
            .with_context("folder", root.display().to_string())
            .with_source(error)
    };
    let real = match root.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut folder = Folder::default();
    walk(&mut folder, root, &real, "", 1).map_err(unreadable)?;
    folder.files.sort();
    Ok(Some(folder))
}

fn walk(into: &mut Folder, at: &Path, real: &Path, prefix: &str, depth: usize) -> io::Result<()> {
    for entry in fs::read_dir(at)? {
        let path = entry?.path();
        let stem =
            path.file_stem().and_then(|stem| stem.to_str()).map(|stem| format!("{prefix}{stem}"));
        let is_sql = path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("sql"));
        if path.is_dir() {
            let stays = path.canonicalize().is_ok_and(|path| path.starts_with(real));
            match path.file_name().and_then(|name| name.to_str()) {
                Some(name) if stays && depth < DEEPEST && !name.starts_with('.') => {
                    walk(into, &path, real, &format!("{prefix}{name}/"), depth + 1)?;
                }
                _ => {}
            }
        } else if is_sql {
            match file(&path, real, stem) {
                Ok((name, text)) => into.files.push((name, path, text)),
                Err(why) => into.skipped.push((path, why)),
            }
        }
    }
    Ok(())
}

/// Returns the name and the text of a file, or why it is left out.
fn file(path: &Path, real: &Path, stem: Option<String>) -> Result<(String, String), String> {
    let stem = stem.ok_or("its name is not Unicode")?;
    name::check(&stem).map_err(|error| error.message().to_owned())?;
    let target = path.canonicalize().map_err(|error| error.to_string())?;
    if !target.starts_with(real) {
        return Err("it is a link out of the folder".to_owned());
    }
    let facts = fs::metadata(&target).map_err(|error| error.to_string())?;
    // A pipe would be waited for.
    if !facts.is_file() {
        return Err("it is not a file".to_owned());
    }
    if facts.len() > LARGEST {
        return Err(format!("it is larger than {} KiB", LARGEST / 1_024));
    }
    let text = fs::read_to_string(&target).map_err(|error| error.to_string())?;
    Ok((stem, text.trim_start_matches('\u{feff}').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Folder) -> Vec<&str> {
        folder.files.iter().map(|(name, ..)| name.as_str()).collect()
    }

    #[test]
    fn files_are_named_by_their_path() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("mine/deep")).unwrap();
        fs::create_dir_all(root.path().join(".git")).unwrap();
        for name in ["a.sql", "mine/b.sql", "mine/deep/c.SQL", "notes.txt", ".git/x.sql"] {
            fs::write(root.path().join(name), "\u{feff}SELECT 1").unwrap();
        }
        let folder = read(root.path()).unwrap().unwrap();
        assert_eq!(names(&folder), ["a", "mine/b", "mine/deep/c"]);
        assert_eq!(folder.files[0].2, "SELECT 1");
        assert!(folder.skipped.is_empty());
        assert!(read(&root.path().join("none")).unwrap().is_none());
    }

    #[test]
    fn odd_files_are_left_out_and_named() {
        let root = tempfile::tempdir().unwrap();
        for name in ["A.sql", "nul.sql", "a b.sql"] {
            fs::write(root.path().join(name), "SELECT 1").unwrap();
        }
        let large = "-".repeat(usize::try_from(LARGEST).unwrap() + 1);
        fs::write(root.path().join("large.sql"), large).unwrap();
        fs::write(root.path().join("bytes.sql"), [0xff]).unwrap();
        let folder = read(root.path()).unwrap().unwrap();
        assert!(folder.files.is_empty());
        assert_eq!(folder.skipped.len(), 5);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_the_folder() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.sql"), "SELECT 1").unwrap();
        fs::write(root.path().join("own.sql"), "SELECT 1").unwrap();
        symlink(outside.path().join("secret.sql"), root.path().join("out.sql")).unwrap();
        symlink(outside.path(), root.path().join("folder")).unwrap();
        symlink(root.path().join("own.sql"), root.path().join("inside.sql")).unwrap();
        symlink(root.path(), root.path().join("cycle")).unwrap();
        symlink(root.path().join("gone"), root.path().join("broken.sql")).unwrap();
        let folder = read(root.path()).unwrap().unwrap();
        assert!(names(&folder).contains(&"inside") && names(&folder).contains(&"own"));
        assert!(!names(&folder).iter().any(|name| name.contains("secret") || *name == "out"));
        let skipped: Vec<_> =
            folder.skipped.iter().filter(|(p, _)| p.ends_with("out.sql")).collect();
        assert!(skipped[0].1.contains("link out of the folder"));
    }
}
