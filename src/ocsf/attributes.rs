//! From a tree of attributes to expressions, each fitted to its type, captions added.

use crate::ocsf::needs::{any, built, needs};
use crate::ocsf::schema::{Attribute, Attributes, Schema};
use crate::ocsf::tree::{Members, Node, is_constant, is_sure, quoted};
use crate::ocsf::write::Columns;

/// Writes the attributes of one class.
pub(super) struct Writer<'a> {
    pub(super) schema: &'a Schema,
    pub(super) class: u32,
}

impl Writer<'_> {
    /// The attributes of an object or a class with their expressions, captions added.
    pub(super) fn members(
        &self,
        attributes: &Attributes,
        members: &Members,
        above: &str,
    ) -> Result<Columns, String> {
        let mut all = Columns::new();
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

    pub(super) fn plain(&self, members: &Members) -> Columns {
        let plain = |node: &Node| match node {
            Node::Leaf { sql, .. } => sql.clone(),
            Node::Object(members) => self.free(members),
            Node::One(members) => format!("ocsf_list({})", self.free(members)),
        };
        members.iter().map(|(name, node)| (name.clone(), plain(node))).collect()
    }
}

/// The caption of an id: a text for one that is known, a look-up for others.
pub(super) fn caption(
    class: u32,
    attribute: Option<&Attribute>,
    path: &str,
    id: &str,
) -> Result<String, String> {
    let known = attribute.map(|attribute| &attribute.captions);
    match id.parse::<i64>() {
        Ok(id) => known
            .and_then(|captions| captions.get(&id))
            .map(|text| quoted(text))
            .ok_or_else(|| format!("`{path}` has no {id}")),
        Err(_) => Ok(format!("ocsf_caption({class}, '{path}', {id})")),
    }
}

pub(super) fn unknown(path: &str) -> String {
    format!("the schema has no `{path}`")
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

/// What has no place in the schema, under the names of the source.
fn map(node: &Node) -> String {
    let Node::Object(members) = node else { return "NULL".to_owned() };
    let pair = |(name, node): &(String, Node)| match node {
        Node::Leaf { sql, .. } => format!("'{name}', {sql}"),
        Node::Object(_) | Node::One(_) => String::new(),
    };
    format!("ocsf_map({})", members.iter().map(pair).collect::<Vec<_>>().join(", "))
}
