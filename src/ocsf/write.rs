//! From the pairs of a mapping to the statement of its view.
//!
//! What the schema knows is not written twice: types, captions, which members an object
//! needs, and everything that follows from the class and its activity.

use std::fmt::Write;

use crate::ocsf::attributes::{Writer, caption, unknown};
use crate::ocsf::schema::{Class, Schema};
use crate::ocsf::tree::{Members, Node, insert, quoted};
use crate::ocsf::view::View;

/// What a statement depends on besides its mapping.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The version of the schema.
    pub(crate) version: &'a str,
    /// The tenant, where one is open.
    pub(crate) tenant: Option<&'a str>,
    /// The time of collection as RFC 3339, where it is not the start of the query.
    pub(crate) now: Option<&'a str>,
}

impl Setting<'_> {
    /// Puts in what an expression leaves open.
    pub(super) fn fill(&self, sql: &str) -> String {
        let tenant = self.tenant.map_or_else(|| "CAST(NULL AS VARCHAR)".to_owned(), quoted);
        // As the times of Graph are: with a zone, which `time_dt` must show.
        let now = self.now.map_or_else(|| "now()".to_owned(), quoted);
        let now = format!("arrow_cast({now}, 'Timestamp(Microsecond, Some(\"UTC\"))')");
        sql.replace("{version}", &quoted(self.version))
            .replace("{tenant}", &tenant)
            .replace("{now}", &now)
    }
}

/// Names and expressions, in order.
pub(super) type Columns = Vec<(String, String)>;

/// Returns the statement of a view.
pub(super) fn statement(
    view: &View,
    schema: &Schema,
    setting: &Setting<'_>,
) -> Result<String, String> {
    let from = match view.filter {
        "" => setting.fill(view.from),
        filter => format!("{}\n WHERE {}", setting.fill(view.from), setting.fill(filter)),
    };
    Ok(select(&columns(view, schema, setting)?, &from))
}

/// Returns the columns of a view.
pub(super) fn columns(
    view: &View,
    schema: &Schema,
    setting: &Setting<'_>,
) -> Result<Columns, String> {
    let mut members = Members::new();
    for pair in view.pairs_in(setting.version) {
        insert(&mut members, pair.path, Node::leaf(pair, setting))?;
    }
    let writer = Writer { schema, class: view.class };
    if !view.strict {
        return Ok(writer.plain(&members));
    }
    let class = schema.class(view.class).ok_or("there is no such class")?;
    let mut columns = envelope(view.class, class, &members)?;
    columns.extend(writer.members(&class.attributes, &members, "")?);
    columns.extend(observables(view, schema, &columns)?);
    Ok(columns)
}

fn select(columns: &[(String, String)], from: &str) -> String {
    let columns: Vec<_> =
        columns.iter().map(|(name, sql)| format!("{sql} AS \"{name}\"")).collect();
    format!("SELECT {}\n  FROM {from}", columns.join(",\n       "))
}

/// What follows from the class and the activity of an event.
fn envelope(uid: u32, class: &Class, members: &Members) -> Result<Columns, String> {
    let activity = members.iter().find(|(name, _)| name == "activity_id");
    let Some((_, Node::Leaf { sql, .. })) = activity else {
        return Err("a mapping sets `activity_id`".to_owned());
    };
    let type_uid = format!("CAST({uid} * 100 + {sql} AS BIGINT)");
    let type_name = caption(
        uid,
        class.attributes.get("type_uid"),
        "type_uid",
        &match sql.parse::<u32>() {
            Ok(id) => (uid * 100 + id).to_string(),
            Err(_) => type_uid.clone(),
        },
    )?;
    let fixed = [
        ("class_uid", format!("CAST({uid} AS INT)")),
        ("class_name", quoted(&class.caption)),
        ("category_uid", format!("CAST({} AS INT)", class.category_uid)),
        ("category_name", quoted(&class.category_name)),
        ("type_uid", type_uid),
        ("type_name", type_name),
    ];
    Ok(fixed.map(|(name, sql)| (name.to_owned(), sql)).into())
}

/// The observables are fields of what the other columns build, so that one is there only
/// where its path is.
fn observables(
    view: &View,
    schema: &Schema,
    columns: &Columns,
) -> Result<Option<(String, String)>, String> {
    let mut list = String::new();
    for path in view.observables {
        let attribute = schema.attribute(view.class, path).ok_or_else(|| unknown(path))?;
        let id = attribute
            .observable
            .or_else(|| schema.observable(&attribute.kind))
            .ok_or_else(|| format!("`{path}` is no observable"))?;
        let value = field(path, columns).ok_or_else(|| format!("`{path}` is not set"))?;
        let comma = if list.is_empty() { "" } else { ", " };
        let _ = write!(list, "{comma}'{path}', {id}, {value}");
    }
    let all = || ("observables".to_owned(), format!("ocsf_observables({list})"));
    Ok((!view.observables.is_empty()).then(all))
}

/// `resources[0].uid` in SQL, where lists count from one.
fn field(path: &str, columns: &Columns) -> Option<String> {
    let mut steps = path.split('.').map(|step| match step.strip_suffix("[0]") {
        Some(name) => (name, "[1]"),
        None => (step, ""),
    });
    let (first, item) = steps.next()?;
    let (_, built) = columns.iter().find(|(name, _)| name == first)?;
    let mut sql = format!("({built}){item}");
    for (name, item) in steps {
        let _ = write!(sql, "['{name}']{item}");
    }
    Some(sql)
}
