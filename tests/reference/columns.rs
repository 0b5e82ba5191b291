//! The columns of a page: a line each, and one per field of a record.

use datafusion::arrow::datatypes::{DataType, Field, Fields, TimeUnit};
use entraql::spec::{
    Column, NONE, Ops, RAW, Served, TableSpec, Version, arrow_schema, property_name,
};

use crate::reference::markdown::{self, code, codes};

/// The table of the columns, `raw` included, and the members of enumerations below it.
pub fn section(spec: &TableSpec) -> String {
    let lines = lines(spec);
    let rows = lines.iter().map(|line| line.cells(spec));
    let header = ["column", "type", "what it is", "Graph filters by", "notes"];
    let mut out = format!("\n## Columns\n\n{}", markdown::table(&header, rows));
    let members: Vec<_> = lines.iter().filter(|line| !line.column.members.is_empty()).collect();
    if !members.is_empty() {
        out.push_str("\n## Documented values\n\nGraph adds values without notice; they pass through as they are.\n\n");
    }
    for line in members {
        out.push_str(&format!("- `{}`: {}\n", line.name, codes(line.column.members)));
    }
    out
}

/// A column, or a field below it.
struct Line {
    name: String,
    column: &'static Column,
    data_type: DataType,
    is_field: bool,
}

fn lines(spec: &TableSpec) -> Vec<Line> {
    let schema = arrow_schema(spec);
    let mut out = Vec::new();
    for column in spec.columns_served().chain([&RAW]) {
        let field = schema.field_with_name(column.name).unwrap();
        walk(column.name.to_owned(), column, field, false, &mut out);
    }
    out
}

fn walk(name: String, column: &'static Column, field: &Field, is_field: bool, out: &mut Vec<Line>) {
    let data_type = field.data_type().clone();
    let (below, fields) = match &data_type {
        DataType::List(item) => (format!("{name}[*]"), item.data_type()),
        other => (name.clone(), other),
    };
    let fields = match fields {
        DataType::Struct(fields) => fields.clone(),
        _ => Fields::empty(),
    };
    out.push(Line { name, column, data_type, is_field });
    for field in &fields {
        let column = column.fields().iter().find(|c| c.name == field.name()).unwrap();
        walk(format!("{below}['{}']", field.name()), column, field, true, out);
    }
}

impl Line {
    fn cells(&self, spec: &TableSpec) -> Vec<String> {
        let notes = match self.is_field {
            true => Vec::new(),
            false => notes(spec, self.column),
        };
        let property = self.column.property.filter(|_| !std::ptr::eq(self.column, &raw const RAW));
        let property = property.map(|_| format!("Graph: `{}`", property_name(self.column)));
        vec![
            code(&self.name),
            arrow(&self.data_type),
            self.column.about.to_owned(),
            filters(self.column, spec.version),
            notes.into_iter().chain(property).collect::<Vec<_>>().join("; "),
        ]
    }
}

/// The Arrow type, without the fields of records, which have lines of their own.
pub fn arrow(data_type: &DataType) -> String {
    match data_type {
        DataType::Struct(_) => "Struct".to_owned(),
        DataType::List(item) => format!("List of {}", arrow(item.data_type())),
        DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) => format!("Timestamp µs {zone}"),
        other => other.to_string(),
    }
}

/// The operators of `$filter`, those of advanced queries behind them.
fn filters(column: &Column, version: Version) -> String {
    let all = column.ops_on(version).names();
    let advanced = column.advanced.names();
    let plain: Vec<_> = all.iter().filter(|op| !advanced.contains(op)).copied().collect();
    let plain = (!plain.is_empty()).then(|| codes(plain));
    let advanced = (!advanced.is_empty()).then(|| format!("advanced: {}", codes(advanced)));
    let on_beta = beyond(column.beta_ops, column.ops);
    let on_beta = (version == Version::V1 && !on_beta.is_empty())
        .then(|| format!("on beta: {}", codes(on_beta)));
    [plain, advanced, on_beta].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn beyond(more: Ops, ops: Ops) -> Vec<&'static str> {
    let known = if ops.is_empty() { NONE.names() } else { ops.names() };
    more.names().into_iter().filter(|op| !known.contains(op)).collect()
}

/// What naming a column costs or needs, most important first.
fn notes(spec: &TableSpec, column: &Column) -> Vec<String> {
    let beta = column.beta && spec.version == Version::V1;
    let said: [(bool, &str); 10] = [
        (column.required, "never null"),
        (beta, "beta endpoint"),
        (column.served == Served::OnSelect, "on `$select`"),
        (column.served == Served::OneAtATime, "one object at a time: pin the key"),
        (column.served == Served::Expanded, "by `$expand`"),
        (spec.hides(column), "not in `*`"),
        (column.exclusive, "its filter goes alone"),
        (column.default_only, "never in an advanced query"),
        (column.sortable, "`$orderby`"),
        (column.sortable_advanced, "`$orderby` in an advanced query"),
    ];
    let said = said.iter().filter(|(holds, _)| *holds).map(|(_, words)| (*words).to_owned());
    let permission = column.permission.map(|name| format!("needs `{name}`"));
    let license = column.license.map(|name| format!("needs {name}"));
    let pages = column.page_cap.map(|rows| format!("pages of {rows} rows at most"));
    said.chain(permission).chain(license).chain(pages).collect()
}
