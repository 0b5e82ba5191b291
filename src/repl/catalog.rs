//! The statements behind `tables`, `describe` and their dot commands.

use crate::error::{Error, ErrorKind, Result};

/// Lists what can be queried.
pub(crate) const TABLES: &str = "SHOW TABLES";

/// Returns the statement that lists the columns of a table, `users` or `meta.tables`.
pub(crate) fn describe(table: &str) -> Result<String> {
    let name = table.trim().trim_end_matches(';').trim_end();
    if name.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "no table is named")
            .with_hint("`.tables` lists the tables"));
    }
    // Quoting keeps a name a name; unquoted SQL names are lower case.
    let parts = name.split('.').map(|part| {
        let part = part.trim_matches('"').to_lowercase();
        format!("\"{}\"", part.replace('"', "\"\""))
    });
    Ok(format!("DESCRIBE {}", parts.collect::<Vec<_>>().join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_a_name() {
        assert_eq!(describe("Users;").unwrap(), "DESCRIBE \"users\"");
        assert_eq!(describe("meta.tables").unwrap(), "DESCRIBE \"meta\".\"tables\"");
        assert_eq!(describe("a\" b").unwrap(), "DESCRIBE \"a\"\" b\"");
        assert_eq!(describe(" ").unwrap_err().kind(), ErrorKind::Usage);
    }
}
