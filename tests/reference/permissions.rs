//! The permission matrix: what each table, column and view asks for, and what each
//! permission opens.

use std::collections::BTreeMap;

use entraql::spec::TableSpec;
use entraql::tables::ALL;

use crate::reference::markdown::{self, code, codes};
use crate::reference::{view, written_by};

const INTRODUCTION: &str = "# Permissions

All of them are *application* permissions of Microsoft Graph, and all of them only read. Of the permissions in a row any
one is enough; the first is the least privileged. `entraql init` prints what all tables need, or some (`--table`), or a query
(`--query`); `entraql doctor` tells what an app has been granted.

A table that is refused is an error that names the permission; a license that is missing is an error that names the
license. Neither is an answer without rows. Requests wait for their turn per
[throttle bucket](https://learn.microsoft.com/graph/throttling-limits).
";

/// Writes the page.
pub async fn page() -> String {
    let mut out = format!("{INTRODUCTION}\n{}\n## Tables\n\n", written_by());
    let header = ["table", "permissions", "license", "throttle bucket"];
    out.push_str(&markdown::table(&header, ALL.iter().map(|spec| of_table(spec))));
    out.push_str("\n## Columns that need more than their table\n\n");
    let header = ["column", "permission", "license"];
    let columns = ALL.iter().flat_map(|spec| of_columns(spec));
    out.push_str(&markdown::table(&header, columns));
    out.push_str("\n## Views\n\nA view needs what the tables and columns need that a query reads through it.\n\n");
    out.push_str(&markdown::table(&["view", "reads"], of_views().await));
    out.push_str("\n## What a permission opens\n\n");
    let header = ["permission", "is the least one for", "is enough for"];
    out.push_str(&markdown::table(&header, opened()));
    out
}

fn link(table: &str) -> String {
    format!("[`{table}`](tables/{table}.md)")
}

fn of_table(spec: &TableSpec) -> Vec<String> {
    let license = spec.license.name().to_owned();
    vec![link(spec.name), codes(spec.permissions), license, code(spec.bucket.name())]
}

fn of_columns(spec: &TableSpec) -> Vec<Vec<String>> {
    let priced = spec.columns_served().filter(|c| c.permission.is_some() || c.license.is_some());
    let line = |column: &entraql::spec::Column| {
        let name = format!("[`{0}.{1}`](tables/{0}.md)", spec.name, column.name);
        let license = column.license.unwrap_or_default().to_owned();
        vec![name, codes(column.permission), license]
    };
    priced.map(line).collect()
}

async fn of_views() -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for view in view::views().await {
        let needs = view::reads(&view.name).await;
        rows.push(vec![link(&view.name), codes(needs.into_iter().map(|need| need.what))]);
    }
    rows
}

/// Per permission: what it is the least privileged one for, and what else it opens.
fn opened() -> Vec<Vec<String>> {
    let mut opened: BTreeMap<&str, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for spec in ALL {
        for (rank, permission) in spec.permissions.iter().enumerate() {
            let (least, enough) = opened.entry(permission).or_default();
            if rank == 0 { least } else { enough }.push(spec.name.to_owned());
        }
        for column in spec.columns_served() {
            let Some(permission) = column.permission else { continue };
            let name = format!("{}.{}", spec.name, column.name);
            opened.entry(permission).or_default().0.push(name);
        }
    }
    let row = |(name, (least, enough)): (&str, _)| {
        vec![code(name), codes::<String>(least), codes::<String>(enough)]
    };
    opened.into_iter().map(row).collect()
}
