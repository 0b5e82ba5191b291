//! Names of saved queries: relative paths that mean the same on every file system.

use crate::error::{Error, ErrorKind, Result};

/// Characters of a name.
const LONGEST: usize = 120;
/// Folders and the file.
const DEEPEST: usize = 4;
/// Windows opens a device where a file is called so.
const DEVICES: &[&str] = &["aux", "con", "conin$", "conout$", "nul", "prn"];

/// Accepts a name, or says why not.
///
/// Only small letters, so that no two names differ in case alone.
pub(super) fn check(name: &str) -> Result<()> {
    let refused = |why: String| {
        Err(Error::new(
            ErrorKind::Usage,
            format!("`{}` can't name a saved query: {why}", cut(name)),
        )
        .with_hint("such as `detections/password_spray`; for a file, use `-f FILE`"))
    };
    if name.chars().count() > LONGEST {
        return refused(format!("it has more than {LONGEST} characters"));
    }
    let parts: Vec<_> = name.split('/').collect();
    if parts.len() > DEEPEST {
        return refused(format!("it is deeper than {DEEPEST} levels"));
    }
    for part in parts {
        if !is_plain(part) {
            return refused("it has small letters, digits, `_`, `-` and `/` only".to_owned());
        }
        if is_device(part) {
            return refused(format!("`{part}` is a device on Windows"));
        }
    }
    Ok(())
}

fn is_plain(part: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    !part.is_empty() && part.chars().all(allowed) && !part.starts_with('-')
}

fn is_device(part: &str) -> bool {
    let port = part.strip_prefix("com").or_else(|| part.strip_prefix("lpt"));
    DEVICES.contains(&part) || port.is_some_and(|n| n.len() == 1 && n.parse::<u8>().is_ok())
}

fn cut(name: &str) -> String {
    let mut shown: String = name.chars().take(LONGEST).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_accepted() {
        for name in ["a", "detections/password_spray", "a/b/c/d", "com10", "2026-audit", "console"]
        {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let long = "a".repeat(300);
        let names = [
            "",
            "/",
            "../x",
            "a/../x",
            "..",
            ".",
            "./a",
            "/etc/passwd",
            "a//b",
            "a/",
            "c:/x",
            "c:x",
            "\\\\host\\x",
            "a\\b",
            "a\0b",
            "nul",
            "a/con",
            "com1",
            "lpt9",
            "A",
            "a.sql",
            "a b",
            "é",
            "-a",
            "a/b/c/d/e",
            "a\nb",
            "\u{202e}a",
            "~/x",
            "$home",
            &long,
        ];
        for name in names {
            assert_eq!(check(name).unwrap_err().kind(), ErrorKind::Usage, "{name:?}");
        }
    }

    /// Whatever is accepted stays below the folder it is joined to.
    #[test]
    fn no_accepted_name_leaves_its_folder() {
        let parts = ["a", "..", ".", "", "/", "\\", "c:", "nul", "x.sql", "\0", "B", "-", "b-_1"];
        let random = fastrand::Rng::with_seed(86);
        let mut random = random;
        let mut accepted = 0;
        for _ in 0..20_000 {
            let name: String = (0..random.usize(1..6))
                .flat_map(|_| [parts[random.usize(..parts.len())], ["", "/"][random.usize(..2)]])
                .collect();
            if check(&name).is_ok() {
                accepted += 1;
                let path = std::path::Path::new("root").join(&name);
                let plain = |c| matches!(c, std::path::Component::Normal(_));
                assert!(path.starts_with("root") && path.components().all(plain), "{name:?}");
            }
        }
        assert!(accepted > 100, "{accepted}");
    }
}
