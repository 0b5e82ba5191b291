//! The statements behind `tables`, `describe` and their dot commands.
//!
//! Both are ordinary queries over `information_schema` and `meta`; no request is sent.

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};

/// Lists what can be queried.
pub(crate) const TABLES: &str = "\
SELECT i.table_schema AS schema, i.table_name AS name, \
       coalesce(m.about, CASE WHEN i.table_type = 'VIEW' THEN 'A view.' END) AS about \
  FROM information_schema.tables AS i \
  LEFT JOIN meta.tables AS m ON i.table_schema = 'graph' AND m.table_name = i.table_name \
 WHERE i.table_schema <> 'information_schema' \
 ORDER BY schema, name";

/// The schema of a name without one.
const DEFAULT_SCHEMA: &str = "graph";

/// Returns the statement that lists the columns of a table, `users` or `meta.tables`.
///
/// Errs, with the engine's suggestion, when there is no such table.
pub(crate) async fn describe(engine: &Engine, table: &str) -> Result<String> {
    let parts = parts(table)?;
    // Planned only to find out whether the table exists.
    engine.query(&format!("DESCRIBE {}", quoted(&parts))).await?;
    Ok(columns(&parts))
}

/// Unquoted names of SQL are lower case.
fn parts(table: &str) -> Result<Vec<String>> {
    let name = table.trim().trim_end_matches(';').trim_end();
    if name.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "no table is named")
            .with_hint("`.tables` lists the tables"));
    }
    Ok(name.split('.').map(|part| part.trim_matches('"').to_lowercase()).collect())
}

fn quoted(parts: &[String]) -> String {
    let quote = |part: &String| format!("\"{}\"", part.replace('"', "\"\""));
    parts.iter().map(quote).collect::<Vec<_>>().join(".")
}

/// The type comes last: that of a record is long.
fn columns(parts: &[String]) -> String {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut from_last = parts.iter().rev().map(String::as_str);
    let table = literal(from_last.next().unwrap_or_default());
    let schema = literal(from_last.next().unwrap_or(DEFAULT_SCHEMA));
    format!(
        "SELECT c.column_name AS \"column\", m.about, \
                array_to_string(m.operators, ', ') AS filters, c.data_type AS type \
           FROM information_schema.columns AS c \
           LEFT JOIN meta.columns AS m ON c.table_schema = '{DEFAULT_SCHEMA}' \
                AND m.table_name = c.table_name AND m.column_name = c.column_name \
          WHERE c.table_schema = {schema} AND c.table_name = {table} \
          ORDER BY c.ordinal_position"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_a_name() {
        let of = |table| quoted(&parts(table).unwrap());
        assert_eq!(of("Users;"), "\"users\"");
        assert_eq!(of("meta.tables"), "\"meta\".\"tables\"");
        assert_eq!(of("a\" b"), "\"a\"\" b\"");
        assert_eq!(parts(" ").unwrap_err().kind(), ErrorKind::Usage);
        assert!(columns(&parts("it's").unwrap()).contains("c.table_name = 'it''s'"));
    }

    async fn rows(engine: &Engine, sql: &str) -> usize {
        let mut query = engine.query(sql).await.unwrap();
        let mut rows = 0;
        while let Some(batch) = query.next().await.unwrap() {
            rows += batch.num_rows();
        }
        rows
    }

    #[tokio::test]
    async fn tables_and_columns_are_listed_without_a_tenant() {
        let engine = Engine::offline().await.unwrap();
        assert!(rows(&engine, TABLES).await > 5);
        for table in ["users", "meta.columns", "directory_audits"] {
            let sql = describe(&engine, table).await.unwrap();
            assert!(rows(&engine, &sql).await > 5, "{table}");
        }
        assert_eq!(describe(&engine, "user").await.unwrap_err().kind(), ErrorKind::Query);
    }
}
