//! A file that appears whole or not at all.
//!
//! Rows go to a file beside the target, which takes the target's name only after
//! everything has reached the disk. Dropped earlier, it vanishes and the target is
//! as it was.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, ErrorKind, Result};

/// A file under construction.
pub(super) struct AtomicFile {
    temp: NamedTempFile,
    target: PathBuf,
}

impl AtomicFile {
    /// Starts a file that will be called `path`.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let target = resolve(path)?;
        let temp = create_beside(&target).map_err(|e| failed(path, e))?;
        Ok(Self { temp, target })
    }

    /// Returns a handle to write through.
    pub(super) fn writer(&self) -> Result<File> {
        self.temp.as_file().try_clone().map_err(|e| failed(&self.target, e))
    }

    /// Gives the file its name, after its content is on the disk.
    pub(super) fn commit(self) -> Result<()> {
        let Self { temp, target } = self;
        temp.as_file().sync_all().map_err(|e| failed(&target, e))?;
        temp.persist(&target).map_err(|e| failed(&target, e.error))?;
        sync_folder(folder(&target));
        Ok(())
    }
}

/// Follows a link to the file it names: renaming over the link would replace it.
fn resolve(path: &Path) -> Result<PathBuf> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            Err(Error::new(ErrorKind::Usage, format!("`{}` is not a regular file", path.display()))
                .with_hint("`-o` takes the path of a file that may be replaced"))
        }
        Ok(_) => fs::canonicalize(path).map_err(|e| failed(path, e)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
        Err(e) => Err(failed(path, e)),
    }
}

fn create_beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".entraql-").suffix(".tmp");
    if let Some(open_to_umask) = ordinary_mode() {
        builder.permissions(open_to_umask);
    }
    let temp = builder.tempfile_in(folder(target))?;
    if let Ok(existing) = fs::metadata(target) {
        // A file its owner closed to others stays closed when it is replaced.
        temp.as_file().set_permissions(existing.permissions())?;
    }
    Ok(temp)
}

/// Temporary files are private by default. This one becomes the user's own file, so
/// the system applies the umask to the mode any new file asks for.
#[cfg(unix)]
fn ordinary_mode() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary_mode() -> Option<Permissions> {
    None
}

fn folder(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes the new name durable. The content already is, and some file systems refuse
/// to sync a folder, so a failure here is no failure of the export.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Output, format!("the file could not be written: {error}"))
        .with_context("file", path.display().to_string())
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn the_target_is_untouched_until_the_commit() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.csv");
        fs::write(&target, "before").unwrap();
        let file = AtomicFile::create(&target).unwrap();
        file.writer().unwrap().write_all(b"after").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "before");
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "after");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn a_dropped_file_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = AtomicFile::create(&folder.path().join("out.csv")).unwrap();
        file.writer().unwrap().write_all(b"half").unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        drop(file);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = AtomicFile::create(Path::new("/no/such/folder/out.csv")).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Output);
        assert!(error.to_string().contains("/no/such/folder/out.csv"));
    }

    #[test]
    fn a_folder_is_no_target() {
        let folder = tempfile::tempdir().unwrap();
        let error = AtomicFile::create(folder.path()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Usage);
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_is_that_of_an_ordinary_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (ordinary, ours) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&ordinary, "").unwrap();
        AtomicFile::create(&ours).unwrap().commit().unwrap();
        assert_eq!(mode(&ours), mode(&ordinary));

        fs::set_permissions(&ours, Permissions::from_mode(0o600)).unwrap();
        AtomicFile::create(&ours).unwrap().commit().unwrap();
        assert_eq!(mode(&ours), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_keeps_pointing_at_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "before").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let file = AtomicFile::create(&link).unwrap();
        file.writer().unwrap().write_all(b"after").unwrap();
        file.commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
    }
}
