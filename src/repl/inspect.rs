//! The statements behind `inspect`: where a table's rows come from, what reading them
//! needs and costs, and queries worth trying.
//!
//! All of it is in `meta`, so no request is sent. A view is described by the tables it reads.

use datafusion::arrow::array::AsArray;

use crate::engine::Engine;
use crate::error::Result;
use crate::repl::catalog::Named;

/// Returns three statements: the facts, the columns, the examples.
///
/// Errs, with the engine's suggestion, when there is no such table.
pub(crate) async fn inspect(engine: &Engine, table: &str) -> Result<Vec<String>> {
    let named = Named::find(engine, table).await?;
    let read = read_by(engine, &named).await?;
    let mut statements = vec![facts(&named), columns(&named, read.first())];
    if !read.is_empty() {
        statements.push(examples(&named, &read));
    }
    Ok(statements)
}

/// The tables of the tenant behind a name: itself, the one it is another name of, or those
/// its definition mentions.
const READS: &str = "\
  FROM information_schema.tables AS i \
  LEFT JOIN information_schema.views AS v \
    ON v.table_schema = i.table_schema AND v.table_name = i.table_name \
  LEFT JOIN meta.tables AS m \
    ON m.table_name = i.table_name AND i.table_schema = 'graph' \
    OR m.alias = i.table_name AND i.table_schema = 'graph' \
    OR regexp_like(v.definition, '\\b' || m.table_name || '\\b')";

async fn read_by(engine: &Engine, named: &Named) -> Result<Vec<String>> {
    let sql = format!("SELECT m.table_name {READS} WHERE {} ORDER BY 1", is(named, "i"));
    let mut query = engine.query(&sql).await?;
    let mut names = Vec::new();
    while let Some(batch) = query.next().await? {
        let column = batch.column(0).as_string::<i32>();
        names.extend(column.iter().flatten().map(str::to_owned));
    }
    Ok(names)
}

fn is(named: &Named, relation: &str) -> String {
    let (schema, table) = (literal(&named.schema), literal(&named.table));
    format!("{relation}.table_schema = {schema} AND {relation}.table_name = {table}")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn facts(named: &Named) -> String {
    format!(
        "SELECT i.table_schema || '.' || i.table_name AS \"table\", \
                CASE WHEN i.table_schema <> 'graph' AND m.table_name IS NULL THEN 'kept here' \
                     WHEN i.table_type = 'VIEW' THEN 'view of ' || coalesce(m.table_name, 'rows kept here') \
                     ELSE 'table' END AS kind, \
                m.about, 'GET ' || m.resource AS request, \
                coalesce(array_to_string(m.permissions, ' or '), 'none, nothing is asked') AS permissions, \
                m.license, m.page_size AS rows_per_page, m.throttle_bucket, \
                m.retention_days, m.newest_first, m.key, m.page AS documentation \
         {READS} WHERE {} ORDER BY kind",
        is(named, "i")
    )
}

/// What a column costs stands in the words of what to do.
fn columns(named: &Named, read: Option<&String>) -> String {
    let (own, other) = (literal(&named.table), literal(read.map_or("", String::as_str)));
    // A view that does not describe its columns has those of a table.
    let table = format!(
        "coalesce((SELECT max(table_name) FROM meta.columns WHERE table_name = {own}), {other})"
    );
    format!(
        "SELECT c.column_name AS \"column\", m.about, \
                array_to_string(m.operators, ', ') AS filters_sent, \
                nullif(concat_ws('; ', \
                  CASE WHEN m.one_at_a_time THEN 'pin the key: one request per object' END, \
                  CASE WHEN m.only_on_select THEN 'sent only when named' END, \
                  CASE WHEN m.beta AND t.resource LIKE '/v1.0/%' THEN 'naming it reads beta' END, \
                  'needs ' || m.permission, 'needs ' || m.license, \
                  CASE WHEN NOT m.in_star THEN 'not in *' END), '') AS price, \
                nullif(array_to_string(m.members, ', '), '') AS members, \
                c.data_type AS type \
           FROM information_schema.columns AS c \
           LEFT JOIN meta.columns AS m ON m.table_name = {table} AND m.column_name = c.column_name \
           LEFT JOIN meta.tables AS t ON t.table_name = m.table_name \
          WHERE {} ORDER BY c.ordinal_position",
        is(named, "c")
    )
}

/// Those of the name itself come first.
fn examples(named: &Named, read: &[String]) -> String {
    let own = literal(&named.table);
    let tables: Vec<_> = read.iter().map(|name| literal(name)).collect();
    let tables = tables.join(", ");
    format!(
        "SELECT question, sql FROM meta.examples WHERE table_name IN ({own}, {tables}) \
          ORDER BY table_name <> {own}"
    )
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::util::display::array_value_to_string;

    use super::*;

    /// Every cell as `column=value`, a row per line.
    async fn shown(engine: &Engine, sql: &str) -> String {
        let mut query = engine.query(sql).await.unwrap();
        let mut lines = Vec::new();
        while let Some(batch) = query.next().await.unwrap() {
            let schema = batch.schema();
            for row in 0..batch.num_rows() {
                let cell = |(at, field): (usize, &std::sync::Arc<_>)| {
                    let field: &datafusion::arrow::datatypes::Field = field;
                    let value = array_value_to_string(batch.column(at), row).unwrap();
                    format!("{}={value}", field.name())
                };
                let cells: Vec<_> = schema.fields().iter().enumerate().map(cell).collect();
                lines.push(cells.join("|"));
            }
        }
        lines.join("\n")
    }

    #[tokio::test]
    async fn a_table_tells_what_reading_it_needs() {
        let engine = Engine::offline().await.unwrap();
        let statements = inspect(&engine, "risky_users").await.unwrap();
        let [facts, columns, examples] = statements.as_slice() else { panic!("three") };
        let facts = shown(&engine, facts).await;
        for fact in [
            "request=GET /v1.0/identityProtection/riskyUsers",
            "permissions=IdentityRiskyUser.Read.All",
            "license=Entra ID P2",
            "rows_per_page=500",
            "throttle_bucket=identity-protection",
        ] {
            assert!(facts.contains(fact), "{fact}: {facts}");
        }
        let columns = shown(&engine, columns).await;
        assert!(columns.contains("members=low, medium, high, hidden, none"), "{columns}");
        assert!(columns.contains("filters_sent=eq, in"), "{columns}");
        assert!(shown(&engine, examples).await.lines().count() >= 2);
    }

    #[tokio::test]
    async fn the_price_of_a_column_is_named() {
        let engine = Engine::offline().await.unwrap();
        let statements = inspect(&engine, "users").await.unwrap();
        let columns = shown(&engine, &statements[1]).await;
        let price = |name: &str| {
            let line = columns.lines().find(|l| l.starts_with(&format!("column={name}|"))).unwrap();
            line.split("|price=").nth(1).unwrap().split('|').next().unwrap().to_owned()
        };
        assert!(price("about_me").contains("one request per object"), "{columns}");
        assert!(price("sign_in_activity").contains("needs "), "{columns}");
        assert_eq!(price("id"), "");
    }

    #[tokio::test]
    async fn views_and_tables_of_our_own_answer_too() {
        let engine = Engine::offline().await.unwrap();
        let mut made = engine.query("CREATE VIEW mine AS SELECT id FROM users").await.unwrap();
        while made.next().await.unwrap().is_some() {}
        for (table, facts) in [
            ("directory_audits", "kind=view of audits"),
            ("all_sign_ins", "kind=view of service_principal_sign_ins"),
            ("mine", "kind=view of users"),
            ("meta.requests", "permissions=none, nothing is asked"),
        ] {
            let statements = inspect(&engine, table).await.unwrap();
            let found = shown(&engine, &statements[0]).await;
            assert!(found.contains(facts), "{table}: {found}");
            assert!(!shown(&engine, &statements[1]).await.is_empty(), "{table}");
        }
        let error = inspect(&engine, "user").await.unwrap_err();
        assert!(error.hint().unwrap().contains("`users`"));
    }
}
