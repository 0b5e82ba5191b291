//! From the pairs of a mapping to the statement of its view.
//!
//! What the schema knows is not written twice: types, captions, which members an object
//! needs, and everything that follows from the class and its activity.

use std::fmt::Write;

use crate::ocsf::functions::object::OBJECT;
use crate::ocsf::schema::{Attribute, Attributes, Class, Constraints, Requirement, Schema};
use crate::ocsf::tree::{Members, Node, insert, is_constant, is_sure};
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
        let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let tenant = self.tenant.map_or_else(|| "CAST(NULL AS VARCHAR)".to_owned(), text);
        // As the times of Graph are: with a zone, which `time_dt` must show.
        let now = self.now.map_or_else(|| "now()".to_owned(), text);
        let now = format!("arrow_cast({now}, 'Timestamp(Microsecond, Some(\"UTC\"))')");
        sql.replace("{version}", &text(self.version))
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
fn envelope(uid: u32, class: &Class, members: &Members) -> Result<Vec<(String, String)>, String> {
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
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let fixed = [
        ("class_uid", format!("CAST({uid} AS INT)")),
        ("class_name", text(&class.caption)),
        ("category_uid", format!("CAST({} AS INT)", class.category_uid)),
        ("category_name", text(&class.category_name)),
        ("type_uid", type_uid),
        ("type_name", type_name),
    ];
    Ok(fixed.map(|(name, sql)| (name.to_owned(), sql)).into())
}

/// The caption of an id: a text for one that is known, a look-up for others.
fn caption(
    class: u32,
    attribute: Option<&Attribute>,
    path: &str,
    id: &str,
) -> Result<String, String> {
    let known = attribute.map(|attribute| &attribute.captions);
    match id.parse::<i64>() {
        Ok(id) => known
            .and_then(|captions| captions.get(&id))
            .map(|text| format!("'{}'", text.replace('\'', "''")))
            .ok_or_else(|| format!("`{path}` has no {id}")),
        Err(_) => Ok(format!("ocsf_caption({class}, '{path}', {id})")),
    }
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

fn unknown(path: &str) -> String {
    format!("the schema has no `{path}`")
}

struct Writer<'a> {
    schema: &'a Schema,
    class: u32,
}

impl Writer<'_> {
    /// The attributes of an object or a class with their expressions, captions added.
    fn members(
        &self,
        attributes: &Attributes,
        members: &Members,
        above: &str,
    ) -> Result<Vec<(String, String)>, String> {
        let mut all: Vec<(String, String)> = Vec::new();
        let is_caption = |name: &str| {
            let carries = |id: &String| {
                attributes.get(id).is_some_and(|a| a.sibling.as_deref() == Some(name))
            };
            members.iter().any(|(id, _)| carries(id))
        };
        for (name, node) in members {
            let path = format!("{above}{name}");
            if name == "unmapped" && above.is_empty() {
                all.push((name.clone(), map(node)));
                continue;
            }
            let attribute = attributes.get(name).ok_or_else(|| unknown(&path))?;
            if is_caption(name) {
                continue;
            }
            all.push((name.clone(), self.value(attribute, node, &path)?));
            if let (Some(sibling), Node::Leaf { sql, .. }) = (&attribute.sibling, node) {
                let own = members.iter().find(|(known, _)| known == sibling).map(|(_, node)| node);
                all.push((sibling.clone(), self.caption_of(attribute, sql, own, &path)?));
            }
            if let (true, "time", Node::Leaf { sql, .. }) = (above.is_empty(), name.as_str(), node)
            {
                all.push(("time_dt".to_owned(), sql.clone()));
            }
        }
        Ok(all)
    }

    /// The words of the source stand for 99, which has none in the schema.
    fn caption_of(
        &self,
        attribute: &Attribute,
        id: &str,
        own: Option<&Node>,
        path: &str,
    ) -> Result<String, String> {
        match (own, id) {
            (Some(Node::Leaf { sql, .. }), "99") => Ok(sql.clone()),
            (Some(Node::Leaf { sql, .. }), _) if !is_constant(id) => {
                let known = caption(self.class, Some(attribute), path, id)?;
                Ok(format!("CASE WHEN {id} = 99 THEN {sql} ELSE {known} END"))
            }
            _ => caption(self.class, Some(attribute), path, id),
        }
    }

    fn value(&self, attribute: &Attribute, node: &Node, path: &str) -> Result<String, String> {
        let (members, one) = match node {
            Node::Leaf { sql, verbatim: true, .. } => return Ok(sql.clone()),
            // A list or an object that one expression gives is whole already.
            Node::Leaf { sql, .. } if attribute.array || self.is_object(attribute) => {
                return Ok(sql.clone());
            }
            Node::Leaf { sql, .. } => return Ok(fitted(sql, &attribute.kind)),
            Node::Object(members) => (members, false),
            Node::One(members) => (members, true),
        };
        if one != attribute.array {
            return Err(format!("`{path}` is {} list", if one { "no" } else { "a" }));
        }
        let object = match self.schema.object(&attribute.kind) {
            Some(object) => {
                let inner = self.members(&object.attributes, members, &format!("{path}."))?;
                let needs = needs(&object.attributes, &object.constraints, members);
                built(&needs, &inner)
            }
            None if attribute.kind == "json_t" => self.free(members),
            None => return Err(unknown(path)),
        };
        Ok(if one { format!("ocsf_list({object})") } else { object })
    }

    fn is_object(&self, attribute: &Attribute) -> bool {
        self.schema.object(&attribute.kind).is_some()
    }

    /// An object the schema says nothing about.
    fn free(&self, members: &Members) -> String {
        let needs = if is_sure(members) { String::new() } else { any(members) };
        built(&needs, &self.plain(members))
    }

    fn plain(&self, members: &Members) -> Vec<(String, String)> {
        let plain = |node: &Node| match node {
            Node::Leaf { sql, .. } => sql.clone(),
            Node::Object(members) => self.free(members),
            Node::One(members) => format!("ocsf_list({})", self.free(members)),
        };
        members.iter().map(|(name, node)| (name.clone(), plain(node))).collect()
    }
}

/// An expression as the type of its attribute wants it.
fn fitted(sql: &str, kind: &str) -> String {
    match kind {
        "timestamp_t" => format!("ocsf_time_ms({sql})"),
        "integer_t" | "port_t" => format!("CAST({sql} AS INT)"),
        "long_t" => format!("CAST({sql} AS BIGINT)"),
        "float_t" => format!("CAST({sql} AS DOUBLE)"),
        "boolean_t" | "json_t" | "datetime_t" => sql.to_owned(),
        _ if is_constant(sql) => sql.to_owned(),
        "email_t" => format!("ocsf_email({sql})"),
        "ip_t" => format!("ocsf_ip({sql})"),
        _ => format!("ocsf_text({sql})"),
    }
}

/// The members an object needs to be there, in groups.
fn needs(attributes: &Attributes, constraints: &Constraints, members: &Members) -> String {
    if is_sure(members) {
        return String::new();
    }
    let varies = |name: &String| match members.iter().find(|(known, _)| known == name) {
        Some((_, node)) => !node.is_constant(),
        None => false,
    };
    let is_set = |name: &&String| members.iter().any(|(known, _)| known == *name);
    let mut groups = Vec::new();
    for group in [&constraints.at_least_one, &constraints.just_one] {
        let found: Vec<_> = group.iter().filter(is_set).cloned().collect();
        if !found.is_empty() && found.iter().all(varies) {
            groups.push(found.join("|"));
        }
    }
    // An id of an enumeration is computed, and so is there in every row.
    let required = |name: &String| {
        let attribute = attributes.get(name);
        attribute.is_some_and(|a| a.requirement == Requirement::Required && a.captions.is_empty())
    };
    let listed = |name: &String| {
        constraints.at_least_one.contains(name) || constraints.just_one.contains(name)
    };
    let names = members.iter().map(|(name, _)| name);
    groups.extend(names.filter(|n| required(n) && varies(n) && !listed(n)).cloned());
    let told = |name: &str| {
        let enumerated = |a: &Attribute| !a.captions.is_empty() || a.sibling.is_some();
        !attributes.get(name).is_some_and(enumerated)
    };
    match groups.is_empty() && constraints.at_least_one.is_empty() {
        true => any(members.iter().filter(|(name, _)| told(name))),
        false => groups.join(" "),
    }
}

/// One of those that are not in every row; nothing where all are.
fn any<'a>(members: impl IntoIterator<Item = &'a (String, Node)>) -> String {
    let varies = members.into_iter().filter(|(_, node)| !node.is_constant());
    varies.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("|")
}

fn built(needs: &str, members: &[(String, String)]) -> String {
    let pairs: Vec<_> = members.iter().map(|(name, sql)| format!("'{name}', {sql}")).collect();
    format!("{OBJECT}('{needs}', {})", pairs.join(", "))
}

/// What has no place in the schema, under the names of the source.
fn map(node: &Node) -> String {
    let Node::Object(members) = node else { return "NULL".to_owned() };
    let pair = |(name, node): &(String, Node)| match node {
        Node::Leaf { sql, .. } => format!("'{name}', {sql}"),
        Node::Object(_) | Node::One(_) => String::new(),
    };
    format!("ocsf_map({})", members.iter().map(pair).collect::<Vec<_>>().join(", "))
}
