//! The statements behind `tables`, `describe` and their dot commands.
//!
//! Both are ordinary queries over `information_schema` and `meta`; no request is sent.

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};

/// Lists what can be queried. The user's own tables and views say nothing of themselves.
pub(crate) const TABLES: &str = "\
SELECT i.table_schema AS schema, i.table_name AS name, m.about \
  FROM information_schema.tables AS i \
  LEFT JOIN meta.catalog AS m ON m.schema_name = i.table_schema AND m.table_name = i.table_name \
 WHERE i.table_schema <> 'information_schema' \
 ORDER BY schema, name";

/// The schema of a name without one.
const DEFAULT_SCHEMA: &str = "graph";

/// A table by its full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) schema: String,
    pub(super) table: String,
}

impl Named {
    /// Reads a name such as `users` or `meta.tables`; unquoted names of SQL are lower case.
    fn read(name: &str) -> Result<Self> {
        let name = name.trim().trim_end_matches(';').trim_end();
        if name.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "no table is named")
                .with_hint("`.tables` lists the tables"));
        }
        let mut from_last = name.rsplit('.').map(|part| part.trim_matches('"').to_lowercase());
        let table = from_last.next().unwrap_or_default();
        let schema = from_last.next().unwrap_or_else(|| DEFAULT_SCHEMA.to_owned());
        Ok(Self { schema, table })
    }

    /// Finds a table.
    ///
    /// Errs, with the engine's suggestion, when there is none.
    pub(super) async fn find(engine: &Engine, name: &str) -> Result<Self> {
        let named = Self::read(name)?;
        // Planned only to find out whether the table exists.
        engine.query(&format!("DESCRIBE {}", named.quoted())).await?;
        Ok(named)
    }

    fn quoted(&self) -> String {
        let quote = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
        format!("{}.{}", quote(&self.schema), quote(&self.table))
    }
}

/// Returns the statement that lists the columns of a table, `users` or `meta.tables`.
///
/// Errs, with the engine's suggestion, when there is no such table.
pub(crate) async fn describe(engine: &Engine, table: &str) -> Result<String> {
    Ok(columns(&Named::find(engine, table).await?))
}

/// The type comes last: that of a record is long.
fn columns(named: &Named) -> String {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let (schema, table) = (literal(&named.schema), literal(&named.table));
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
        let of = |table| Named::read(table).unwrap().quoted();
        assert_eq!(of("Users;"), "\"graph\".\"users\"");
        assert_eq!(of("meta.tables"), "\"meta\".\"tables\"");
        assert_eq!(of("entra.meta.tables"), "\"meta\".\"tables\"");
        assert_eq!(of("a\" b"), "\"graph\".\"a\"\" b\"");
        assert_eq!(Named::read(" ").unwrap_err().kind(), ErrorKind::Usage);
        assert!(columns(&Named::read("it's").unwrap()).contains("c.table_name = 'it''s'"));
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
        let silent = format!("SELECT * FROM ({TABLES}) WHERE about IS NULL");
        assert_eq!(rows(&engine, &silent).await, 0, "a table without a word about it");
        for table in ["users", "meta.columns", "directory_audits"] {
            let sql = describe(&engine, table).await.unwrap();
            assert!(rows(&engine, &sql).await > 5, "{table}");
        }
        assert_eq!(describe(&engine, "user").await.unwrap_err().kind(), ErrorKind::Query);
    }
}
