//! "Did you mean": for tables; DataFusion itself does columns and functions.

use crate::engine::catalog::ALL_SIGN_INS;
use crate::error::{Error, ErrorKind};
use crate::tables;

/// Adds the hint a query error lacks.
pub(super) fn explain(error: Error) -> Error {
    if error.kind() != ErrorKind::Query || error.hint().is_some() {
        return error;
    }
    match missing_table(error.message()).map(str::to_owned) {
        Some(name) => with_table_hint(error, &name),
        None => error,
    }
}

/// Adds the table whose name is nearest to `name`.
pub(super) fn with_table_hint(error: Error, name: &str) -> Error {
    match nearest(name) {
        Some(table) => error.with_hint(format!("did you mean `{table}`? `SHOW TABLES` lists all")),
        None => error.with_hint("`SHOW TABLES` lists all"),
    }
}

/// DataFusion says `table 'entra.graph.user' not found`.
fn missing_table(message: &str) -> Option<&str> {
    let rest = message.split("table '").nth(1)?;
    let (name, after) = rest.split_once('\'')?;
    after.starts_with(" not found").then(|| name.rsplit('.').next().unwrap_or(name))
}

fn nearest(name: &str) -> Option<&'static str> {
    const META: [&str; 4] = ["meta.tables", "meta.columns", "meta.permissions", "meta.requests"];
    let specs = tables::ALL.iter().flat_map(|t| std::iter::once(t.name).chain(t.alias));
    let all = specs.chain([ALL_SIGN_INS]).chain(META);
    let score = |candidate: &str| strsim::jaro_winkler(name, candidate.trim_start_matches("meta."));
    let best = all.max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.8).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_nearly_there_is_named() {
        let message = "Error during planning: table 'entra.graph.sign_in' not found";
        let hint = explain(Error::new(ErrorKind::Query, message)).hint().map(str::to_owned);
        assert_eq!(hint.as_deref(), Some("did you mean `sign_ins`? `SHOW TABLES` lists all"));
    }

    #[test]
    fn nothing_is_guessed_from_afar() {
        assert_eq!(nearest("zzz"), None);
    }
}
