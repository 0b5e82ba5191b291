//! `ocsf.events`: the events of all valid views, each as one line of JSON.
//!
//! Views that part the rows of one source among them are read together, so their source is
//! read once.

use crate::ocsf::VIEWS;
use crate::ocsf::schema::Schema;
use crate::ocsf::view::{Example, View};
use crate::ocsf::write::{self, Columns, Setting};

/// The name of the view.
pub(crate) const NAME: &str = "events";
/// What a row is.
pub(crate) const ABOUT: &str = "Events of every class as JSON text, with class, time and ids.";
/// Queries worth trying.
pub(crate) const EXAMPLES: &[Example] = &[
    (
        "What happened in the last hour, by class",
        "SELECT class_name, count(*) AS events
           FROM ocsf.events
          WHERE time_dt > now() - interval '1 hour' AND class_uid IN (2004, 3001, 3002, 3004, 3005, 3006)
          GROUP BY class_name
          ORDER BY events DESC",
    ),
    (
        "Every change of today as JSON, for a pipeline",
        "SELECT event
           FROM ocsf.events
          WHERE time_dt > now() - interval '1 day' AND class_uid IN (3001, 3004, 3005, 3006)",
    ),
];

/// What stands beside the JSON: name, and the expression over the attributes of a class.
const BESIDE: &[(&str, &str)] = &[
    ("time", "time"),
    ("time_dt", "time_dt"),
    ("class_uid", "class_uid"),
    ("class_name", "class_name"),
    ("activity_id", "activity_id"),
    ("type_uid", "type_uid"),
    ("severity_id", "severity_id"),
    ("severity", "severity"),
    ("status_id", "status_id"),
    ("uid", "metadata.uid"),
    ("correlation_uid", "metadata.correlation_uid"),
];

/// Returns the statement of the view.
///
/// # Errors
///
/// As [`View::sql`].
pub(crate) fn sql(setting: &Setting<'_>) -> Result<String, String> {
    let version = setting.version;
    let schema = Schema::of(version).ok_or_else(|| format!("there is no OCSF {version}"))?;
    let mut sources: Vec<(&str, Vec<(&'static View, Columns)>)> = Vec::new();
    for view in VIEWS.iter().copied().filter(|view| view.strict) {
        let columns = write::columns(view, schema, setting)?;
        match sources.iter_mut().find(|(from, _)| *from == view.from) {
            Some((_, views)) => views.push((view, columns)),
            None => sources.push((view.from, vec![(view, columns)])),
        }
    }
    let branches: Vec<_> =
        sources.iter().map(|(from, views)| branch(from, views, setting)).collect();
    Ok(branches.join("\nUNION ALL\n"))
}

fn branch(from: &str, views: &[(&'static View, Columns)], setting: &Setting<'_>) -> String {
    let mut columns: Vec<String> = BESIDE
        .iter()
        .map(|(name, path)| {
            let value = |(view, columns): &(&'static View, Columns)| {
                let set = |object: &str, member: &str| {
                    let mut pairs = view.pairs_in(setting.version);
                    let sql = get(columns, object).filter(|_| pairs.any(|pair| pair.path == *path));
                    Some(format!("({})['{member}']", sql?))
                };
                let found = match path.split_once('.') {
                    None => get(columns, path),
                    Some((object, member)) => set(object, member),
                };
                (*view, found.unwrap_or_else(|| "NULL".to_owned()))
            };
            let values: Vec<_> = views.iter().map(value).collect();
            format!("{} AS {name}", parted(&values))
        })
        .collect();
    let events: Vec<_> = views.iter().map(|(view, columns)| (*view, event(columns))).collect();
    columns.push(format!("{} AS event", parted(&events)));
    let filters: Vec<_> = views.iter().map(|(view, _)| view.filter).collect();
    let only = match filters.contains(&"") {
        true => String::new(),
        false => format!("\n WHERE {}", setting.fill(&filters.join(" OR "))),
    };
    format!("SELECT {}\n  FROM {}{only}", columns.join(",\n       "), setting.fill(from))
}

fn get(columns: &Columns, name: &str) -> Option<String> {
    columns.iter().find(|(known, _)| known == name).map(|(_, sql)| sql.clone())
}

/// One expression for the rows of all views. Where they agree, there is nothing to choose, and
/// a filter on it is one on what it is made of.
fn parted(values: &[(&'static View, String)]) -> String {
    let Some((_, first)) = values.first() else { return "NULL".to_owned() };
    if values.iter().all(|(_, sql)| sql == first) {
        return first.clone();
    }
    let when = |(view, sql): &(&'static View, String)| format!("WHEN {} THEN {sql}", view.filter);
    format!("CASE {} END", values.iter().map(when).collect::<Vec<_>>().join("\n            "))
}

/// `time_dt` repeats `time`, but it is what the profile `datetime` is declared for.
fn event(columns: &Columns) -> String {
    let pairs: Vec<_> = columns.iter().map(|(name, sql)| format!("'{name}', {sql}")).collect();
    format!("to_ocsf_json(ocsf_object('', {}))", pairs.join(", "))
}
