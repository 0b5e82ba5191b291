//! The pages of the views: what they read, and the columns they have.

use datafusion::arrow::array::{Array, AsArray};
use datafusion::common::TableReference;
use entraql::spec::TableSpec;
use entraql::tables::{ALL, SIGN_IN_KINDS};
use entraql::{Engine, QueryOptions};

use crate::reference::markdown::{self, code};
use crate::reference::{columns, written_by};

/// A view as the catalog has it: its name, and what a row is.
pub struct View {
    pub name: String,
    pub about: String,
}

/// The views of the catalog that are no other name of a table.
pub async fn views() -> Vec<View> {
    let sql = "SELECT c.table_name, c.about FROM meta.catalog AS c
                WHERE c.schema_name = 'graph'
                  AND c.table_name NOT IN (SELECT table_name FROM meta.tables)
                  AND c.table_name NOT IN (SELECT alias FROM meta.tables WHERE alias IS NOT NULL)
                ORDER BY c.table_name";
    let rows = texts(&Engine::offline().await.unwrap(), sql).await;
    assert!(!rows.is_empty(), "the catalog has views");
    rows.into_iter().map(|row| View { name: row[0].clone(), about: row[1].clone() }).collect()
}

/// The rows of a query whose columns are texts; null is empty.
async fn texts(engine: &Engine, sql: &str) -> Vec<Vec<String>> {
    let mut query = engine.query(sql).await.unwrap();
    let mut rows = Vec::new();
    while let Some(batch) = query.next().await.unwrap() {
        let cell = |column: &dyn Array, row| {
            let column = column.as_string::<i32>();
            if column.is_valid(row) { column.value(row).to_owned() } else { String::new() }
        };
        rows.extend(
            (0..batch.num_rows())
                .map(|row| batch.columns().iter().map(|c| cell(c, row)).collect::<Vec<_>>()),
        );
    }
    rows
}

/// What reading every column of a view asks for, as in `Needs`: tables and columns.
pub async fn reads(name: &str) -> Vec<entraql::engine::Need> {
    let engine = Engine::offline().await.unwrap();
    let sql = format!("SELECT * FROM {name}");
    engine.needs(&sql, &QueryOptions::default()).await.unwrap().needs
}

/// The page of each view.
pub async fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for view in views().await {
        let text = page(&view).await;
        pages.push((view.name, text));
    }
    pages
}

async fn page(view: &View) -> String {
    let mut out = format!("# {}\n\n{} A view.\n\n{}\n", view.name, view.about, written_by());
    let needs = reads(&view.name).await.into_iter().map(|need| {
        let table = need.what.split('.').next().unwrap_or_default();
        vec![
            format!("[`{}`]({table}.md)", need.what),
            markdown::codes(need.permissions),
            need.license.unwrap_or_default().to_owned(),
        ]
    });
    out.push_str(&markdown::table(&["reads", "permissions", "license"], needs));
    out.push_str("\n## Columns\n\n");
    out.push_str(&markdown::table(&["column", "type", "what it is"], lines(&view.name).await));
    out
}

async fn lines(name: &str) -> Vec<Vec<String>> {
    let engine = Engine::offline().await.unwrap();
    let provider = engine.context().table_provider(TableReference::bare(name)).await.unwrap();
    let schema = provider.schema();
    let line = |field: &datafusion::arrow::datatypes::FieldRef| {
        let about = about(name, field.name());
        vec![code(field.name()), columns::arrow(field.data_type()), about]
    };
    schema.fields().iter().map(line).collect()
}

/// What a column of a view is.
fn about(view: &str, column: &str) -> String {
    assert_eq!(view, "all_sign_ins", "only this view takes its columns from a table");
    let own = (column == "event_type").then(|| {
        format!("The kind: {}.", markdown::codes(SIGN_IN_KINDS.iter().map(|kind| kind.0)))
    });
    let table: &TableSpec = SIGN_IN_KINDS[0].1;
    assert!(ALL.iter().any(|spec| spec.name == table.name));
    own.unwrap_or_else(|| table.column(column).unwrap().about.to_owned())
}
