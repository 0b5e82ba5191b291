//! The pages of the views: what they read, and the columns they have.

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::FieldRef;
use datafusion::common::TableReference;
use entraql::spec::{RAW, ViewSpec};
use entraql::tables::{SIGN_IN_KINDS, VIEWS};
use entraql::{Engine, QueryOptions};

use crate::reference::markdown::{self, code};
use crate::reference::{columns, written_by};

/// A view as the catalog has it: its name, and what a row is.
pub struct View {
    pub name: String,
    pub about: String,
}

impl View {
    /// What is declared of it, where it is written in SQL.
    fn spec(&self) -> Option<&'static ViewSpec> {
        VIEWS.iter().copied().find(|view| view.name == self.name)
    }
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
    let schema = engine.context().table_provider(name).await.unwrap().schema();
    let columns: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let sql = format!("SELECT {} FROM {name}", columns.join(", "));
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
    let header = ["column", "type", "what it is", "notes"];
    out.push_str(&markdown::table(&header, lines(view).await));
    if let Some(spec) = view.spec() {
        out.push_str(&markdown::examples(spec.examples));
        out.push_str(&format!("\n## The statement\n\n```sql\n{};\n```\n", spec.sql));
    }
    out
}

async fn lines(view: &View) -> Vec<Vec<String>> {
    let engine = Engine::offline().await.unwrap();
    let name = TableReference::bare(view.name.as_str());
    let schema = engine.context().table_provider(name).await.unwrap().schema();
    let hidden = |name: &str| match view.spec() {
        Some(spec) => spec.hidden.contains(&name),
        None => name == RAW.name,
    };
    let line = |field: &FieldRef| {
        let notes = if hidden(field.name()) { "not in `*`" } else { "" };
        let about = about(view, field.name());
        vec![code(field.name()), columns::arrow(field.data_type()), about, notes.to_owned()]
    };
    schema.fields().iter().map(line).collect()
}

/// What a column of a view is.
fn about(view: &View, column: &str) -> String {
    if let Some(spec) = view.spec() {
        let (_, about) = spec.columns.iter().find(|(name, _)| *name == column).unwrap();
        return (*about).to_owned();
    }
    assert_eq!(view.name, "all_sign_ins", "only this view takes its columns from a table");
    let kinds = SIGN_IN_KINDS.iter().map(|kind| kind.0);
    let own = (column == "event_type").then(|| format!("The kind: {}.", markdown::codes(kinds)));
    own.unwrap_or_else(|| SIGN_IN_KINDS[0].1.column(column).unwrap().about.to_owned())
}
