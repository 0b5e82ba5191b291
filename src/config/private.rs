//! Files that hold secrets: nobody else may read them.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// More is no secret and no certificate.
const LARGEST: u64 = 256 * 1024;

/// Reads a file nobody else may read, without the byte order mark of an editor.
///
/// A symbolic link is followed, because Kubernetes mounts secrets as links; what counts
/// is the file behind it.
pub(super) fn read(path: &Path) -> Result<String> {
    let unreadable = |error: std::io::Error| refused(path, &format!("cannot be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    judge(path, &file.metadata().map_err(unreadable)?)?;
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Refuses a file that somebody else may read.
pub(super) fn check(path: &Path) -> Result<()> {
    let metadata =
        fs::metadata(path).map_err(|e| refused(path, &format!("cannot be read: {e}")))?;
    judge(path, &metadata)
}

fn judge(path: &Path, metadata: &fs::Metadata) -> Result<()> {
    if !metadata.is_file() {
        return Err(refused(path, "is not a file"));
    }
    judge_access(path, metadata)
}

#[cfg(unix)]
fn judge_access(path: &Path, metadata: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;

    let mode = metadata.mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(refused(
            path,
            &format!("holds a secret and is open to others (mode {mode:04o})"),
        )
        .with_hint(format!("`chmod 600 {}`", quoted(path))));
    }
    // A file just made tells who we are.
    let own = tempfile::tempfile().and_then(|file| file.metadata()).map(|own| own.uid());
    if own.is_ok_and(|own| own != metadata.uid()) {
        return Err(refused(path, "holds a secret and belongs to another user")
            .with_hint(format!("`chown \"$USER\" {}`", quoted(path))));
    }
    Ok(())
}

#[cfg(unix)]
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    match text.chars().all(plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(not(unix))]
fn judge_access(_: &Path, _: &fs::Metadata) -> Result<()> {
    Ok(())
}

fn refused(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("`{}` {why}", path.display()))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn only_a_file_of_ones_own_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("the secret");
        fs::write(&path, "\u{feff}abc\r\n").unwrap();
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for open in [0o644, 0o640, 0o602, 0o604] {
            mode(open);
            let error = read(&path).unwrap_err();
            assert!(error.message().contains(&format!("{open:04o}")), "{error}");
            let line = format!("`chmod 600 '{}'`", path.display());
            assert_eq!(error.hint(), Some(line.as_str()));
            assert!(check(&path).is_err());
        }
        for closed in [0o600, 0o400] {
            mode(closed);
            assert_eq!(read(&path).unwrap(), "abc\r\n");
        }
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert_eq!(read(&link).unwrap(), "abc\r\n");
        mode(0o644);
        assert!(read(&link).unwrap_err().message().contains("0644"));
        assert!(read(folder.path()).is_err());
        assert!(read(&folder.path().join("none")).is_err());
    }
}
