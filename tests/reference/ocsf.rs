//! The pages of the OCSF views: where every attribute comes from.

use entraql::ocsf::{Pair, VIEWS, View};

use crate::reference::markdown::{self, code};
use crate::reference::written_by;

const FOLDER: &str = "docs/reference/ocsf";

/// Every page: path and text.
pub fn pages() -> Vec<(String, String)> {
    let page = |view: &&View| (format!("{FOLDER}/{}.md", view.name), page(view));
    let mut all: Vec<_> = VIEWS.iter().map(page).collect();
    all.push((format!("{FOLDER}/README.md"), index()));
    all
}

fn index() -> String {
    let row = |view: &&View| {
        vec![
            format!("[`ocsf.{0}`]({0}.md)", view.name),
            format!("{} ({})", view.caption(), view.class),
            view.about.to_owned(),
        ]
    };
    format!(
        "# OCSF views\n\nEach view is a list of pairs: an OCSF path and the SQL expression it comes \
         from. What the schema knows (captions, types, what follows from the class) is added. \
         `ocsf.events` is the union of all valid views, an event a row, as JSON text.\n{}\n{}\nWhich \
         audit becomes which class and activity is in [activities](activities.md).\n",
        written_by(),
        markdown::table(&["view", "class", "what a row is"], VIEWS.iter().map(row)),
    )
}

fn page(view: &View) -> String {
    let pairs = view.pairs.iter().flat_map(|list| *list);
    let header = ["attribute", "type", "from"];
    let rows = pairs.map(|pair| {
        vec![code(pair.path) + &versions(pair), kind(view, pair.path), code(&line(pair.sql))]
    });
    let mut text = format!(
        "# `ocsf.{}`\n\n{} Class: {} ({}).\n{}\nRows come from:\n\n```sql\n{}\n```\n\n{}",
        view.name,
        view.about,
        view.caption(),
        view.class,
        written_by(),
        source(view),
        markdown::table(&header, rows),
    );
    if !view.observables.is_empty() {
        text.push_str(&format!("\nObservables: {}.\n", markdown::codes(view.observables)));
    }
    text + &markdown::examples(view.examples)
}

fn source(view: &View) -> String {
    match view.filter {
        "" => format!("FROM {}", line(view.from)),
        filter => format!("FROM {}\nWHERE {}", line(view.from), line(filter)),
    }
}

fn versions(pair: &Pair) -> String {
    let since = pair.since.map(|version| format!(" from {version} on"));
    let until = pair.until.map(|version| format!(" up to {version}"));
    since.into_iter().chain(until).collect()
}

/// The values of `unmapped` are texts by the names of Graph.
fn kind(view: &View, path: &str) -> String {
    match view.kind(path) {
        Some((kind, true)) => format!("list of {}", code(kind)),
        Some((kind, false)) => code(kind),
        None => String::new(),
    }
}

fn line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
