//! The rows of `meta.columns`: what each column is, and what Graph can do with it.

use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{DataType, Fields};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::Result;

use crate::engine::meta::{batch, flags, lists, maybe, text};
use crate::engine::views::Planned;
use crate::spec::{Column, Served, TableSpec, Version, arrow_schema, property_name};
use crate::tables;

/// One column, or one field of a record, with what names it in SQL and in Graph.
struct Described {
    table: &'static TableSpec,
    root: &'static Column,
    leaf: &'static Column,
    name: String,
    property: String,
    data_type: DataType,
}

/// Returns the columns of every table, and those of the views.
pub(super) fn rows(views: &[Planned]) -> Result<RecordBatch> {
    let tables = of_tables()?;
    let views = of_views(views)?;
    Ok(concat_batches(&tables.schema(), [&tables, &views])?)
}

fn of_tables() -> Result<RecordBatch> {
    let all: Vec<Described> = tables::ALL.iter().flat_map(|t| described(t)).collect();
    let ops = |d: &Described| d.leaf.ops_on(d.table.version).names();
    let advanced = |d: &Described| d.leaf.advanced.names();
    batch(vec![
        ("table_name", text(all.iter().map(|d| d.table.name))),
        ("column_name", text(all.iter().map(|d| &d.name))),
        ("data_type", text(all.iter().map(|d| d.data_type.to_string()))),
        ("about", text(all.iter().map(|d| d.leaf.about))),
        ("property", text(all.iter().map(|d| &d.property))),
        ("operators", lists(all.iter().map(ops))),
        ("advanced_operators", lists(all.iter().map(advanced))),
        ("only_on_select", flags(all.iter().map(|d| d.root.served == Served::OnSelect))),
        ("one_at_a_time", flags(all.iter().map(|d| d.root.served == Served::OneAtATime))),
        ("beta", flags(all.iter().map(|d| d.root.beta || d.table.version == Version::Beta))),
        ("in_star", flags(all.iter().map(|d| !d.table.hides(d.root)))),
        ("permission", maybe(all.iter().map(|d| d.root.permission))),
        ("license", maybe(all.iter().map(|d| d.root.license))),
        ("members", lists(all.iter().map(|d| d.leaf.members.to_vec()))),
    ])
}

/// A view takes its columns from others: there is nothing of Graph's to say about them.
fn of_views(views: &[Planned]) -> Result<RecordBatch> {
    let mut all = Vec::new();
    for (view, schema) in views {
        for ((name, about), field) in view.columns.iter().zip(schema.fields()) {
            all.push((*view, *name, *about, field.data_type().to_string()));
        }
    }
    let no = || flags(all.iter().map(|_| false));
    let none = || maybe(all.iter().map(|_| None::<&str>));
    let empty = || lists(all.iter().map(|_| Vec::new()));
    batch(vec![
        ("table_name", text(all.iter().map(|row| row.0.name))),
        ("column_name", text(all.iter().map(|row| row.1))),
        ("data_type", text(all.iter().map(|row| &row.3))),
        ("about", text(all.iter().map(|row| row.2))),
        ("property", none()),
        ("operators", empty()),
        ("advanced_operators", empty()),
        ("only_on_select", no()),
        ("one_at_a_time", no()),
        ("beta", no()),
        ("in_star", flags(all.iter().map(|row| !row.0.hidden.contains(&row.1)))),
        ("permission", none()),
        ("license", none()),
        ("members", empty()),
    ])
}

fn described(table: &'static TableSpec) -> Vec<Described> {
    let schema = arrow_schema(table);
    let mut out = Vec::new();
    for column in table.columns_served().chain([&crate::spec::RAW]) {
        let Ok(field) = schema.field_with_name(column.name) else { continue };
        let (name, property) = (column.name.to_owned(), property_name(column));
        let data_type = field.data_type().clone();
        nested(
            &Described { table, root: column, leaf: column, name, property, data_type },
            &mut out,
        );
    }
    out
}

/// Adds a column, then the fields below it that can be reached by `['name']`.
fn nested(parent: &Described, out: &mut Vec<Described>) {
    let fields = match &parent.data_type {
        DataType::Struct(fields) => fields.clone(),
        _ => Fields::default(),
    };
    let below = parent.leaf.fields().iter().filter_map(|leaf| {
        let field = fields.iter().find(|f| f.name() == leaf.name)?;
        Some(Described {
            leaf,
            name: format!("{}['{}']", parent.name, leaf.name),
            property: format!("{}/{}", parent.property, property_name(leaf)),
            data_type: field.data_type().clone(),
            ..*parent
        })
    });
    let below: Vec<_> = below.collect();
    let own = Described {
        name: parent.name.clone(),
        property: parent.property.clone(),
        data_type: parent.data_type.clone(),
        ..*parent
    };
    out.push(own);
    for field in &below {
        nested(field, out);
    }
}
