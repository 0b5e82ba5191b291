//! The list of the tables and views, with what the pages assume.

use entraql::spec::{TableSpec, Version};
use entraql::tables::ALL;

use crate::reference::markdown::{self, code};
use crate::reference::{view, written_by};

const INTRODUCTION: &str = "# Tables

A table has the rows of one collection of Microsoft Graph, a column per property. What the pages say:

- **Graph filters by** names the operators of `$filter` a condition on the column is sent as. Any other condition is
  checked here, on the rows Graph has sent. *Advanced* operators cost a header and a count, which are sent when needed.
- **not in `*`**: `SELECT *` leaves the column out, because naming it has a price. A column on the *beta endpoint* sends
  the whole scan there.
- `location['city']` is a field of a record. In `identities[*]['issuer']` the `[*]` stands for an item of a list: `[1]` is
  the first, `unnest` makes a row of each.
- `raw`, which every table has, is the object as Graph sent it: whatever has no column is in there.

The same is in the tables `meta.tables`, `meta.columns`, `meta.permissions` and `meta.examples`. What to grant is in
[permissions](../permissions.md).
";

/// Writes the page.
pub async fn page() -> String {
    let mut out = format!("{INTRODUCTION}\n{}\n", written_by());
    let header = ["table", "a row is", "Graph", "license"];
    out.push_str(&markdown::table(&header, ALL.iter().map(|spec| line(spec))));
    out.push_str("\n## Views\n\n");
    let views = view::views().await.into_iter();
    let views = views.map(|view| (view.name.clone(), vec![link(&view.name), view.about]));
    let alias = |spec: &&TableSpec| {
        let about = format!("Another name of [`{0}`]({0}.md).", spec.name);
        Some((spec.alias?.to_owned(), vec![code(spec.alias?), about]))
    };
    let mut views: Vec<_> = views.chain(ALL.iter().copied().filter_map(|s| alias(&s))).collect();
    views.sort();
    let views = views.into_iter().map(|(_, cells)| cells);
    out.push_str(&markdown::table(&["view", "a row is"], views));
    out
}

fn line(spec: &TableSpec) -> Vec<String> {
    let beta = if spec.version == Version::Beta { ", beta" } else { "" };
    let resource = format!("[`{}`]({}){beta}", spec.path, spec.page);
    vec![link(spec.name), spec.about.to_owned(), resource, spec.license.name().to_owned()]
}

fn link(name: &str) -> String {
    format!("[`{name}`]({name}.md)")
}
