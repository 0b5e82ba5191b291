//! The page of one table: where its rows come from, what they need, their columns, examples.

use entraql::graph::batch_parts;
use entraql::spec::TableSpec;

use crate::reference::markdown::{self, code, codes};
use crate::reference::{columns, written_by};

/// Writes the page.
pub fn page(spec: &TableSpec) -> String {
    let mut out = format!("# {}\n\n{}\n\n{}\n", spec.name, spec.about, written_by());
    let facts = facts(spec).into_iter();
    let rows = facts.map(|(name, value)| vec![name.to_owned(), value]);
    out.push_str(&markdown::table(&["", ""], rows));
    out.push_str(&columns::section(spec));
    out.push_str(&markdown::examples(spec.examples));
    out
}

fn facts(spec: &TableSpec) -> Vec<(&'static str, String)> {
    let resource = format!("/{}{}", spec.version.segment(), spec.path);
    let mut facts = vec![
        ("Graph", format!("[`{resource}`]({})", spec.page)),
        ("permissions", permissions(spec)),
        ("license", spec.license.name().to_owned()),
        ("throttle", throttle(spec)),
        ("page size", paging(spec)),
        ("key", key(spec)),
    ];
    let one = "`count(*)` is one request, where nothing is left to check here".to_owned();
    facts.extend(spec.counted.then_some(("count", one)));
    facts.extend(parent(spec).map(|parent| ("read for each of", parent)));
    let days = spec.retention_days.map(|days| format!("{days} days at most"));
    facts.extend(days.map(|days| ("retention", days)));
    let turned =
        if spec.oldest_first { "; oldest first for a `LIMIT` that wants those" } else { "" };
    let order = spec.newest_first.map(|column| format!("newest first, by `{column}`{turned}"));
    facts.extend(order.map(|order| ("order", order)));
    facts.extend(spec.fixed_filter.map(|filter| ("always sent", code(filter))));
    let unheard = "Graph ignores those it does not support; all are checked again here".to_owned();
    facts.extend(spec.ignores_filter.then_some(("filters", unheard)));
    facts.extend(spec.alias.map(|alias| ("also called", code(alias))));
    facts
}

fn permissions(spec: &TableSpec) -> String {
    match spec.permissions {
        [only] => code(only),
        several => format!("{}; any one is enough", codes(several)),
    }
}

fn throttle(spec: &TableSpec) -> String {
    let bucket = spec.bucket.name();
    match spec.units {
        1 => code(bucket),
        units => format!("`{bucket}`, {units} resource units per request"),
    }
}

fn paging(spec: &TableSpec) -> String {
    match spec.top {
        _ if spec.single => "one object, so one row".to_owned(),
        true => format!("{} rows", spec.page_size),
        false => "as long as Graph decides; no `$top`".to_owned(),
    }
}

fn key(spec: &TableSpec) -> String {
    match spec.get_by_key {
        true => format!("`{}`; a value for it is one request", spec.key),
        false => {
            let key: Vec<_> = spec.identity().iter().map(|column| code(column.name)).collect();
            key.join(" and ")
        }
    }
}

/// Whose rows these are, and what that costs.
fn parent(spec: &TableSpec) -> Option<String> {
    let (parent, parts) = (spec.parent?, batch_parts(spec.bucket));
    let name = parent.name;
    let many = match parts {
        1 => "one after the other".to_owned(),
        parts => format!("{parts} to a request"),
    };
    Some(format!(
        "[`{name}`]({name}.md): name one, or join them; otherwise all are listed and asked, {many}"
    ))
}
