//! Objects of mixed types as one caller sees them: in `$expand`, on navigation paths, by id.

use std::collections::BTreeMap;

use crate::sim::expand::{Expand, MAX_EXPANDED};
use crate::sim::members::{members, replace};
use crate::sim::options::Options;
use crate::sim::page::quote;
use crate::sim::rules::{Page, Relation, Resource, Workload};
use crate::sim::view::View;
use crate::sim::world::{Node, World};

/// The collections whose objects are members, owners or managers.
const KINDS: [&str; 3] = ["users", "groups", "servicePrincipals"];
/// What users are in besides.
const OTHERS: [&str; 2] = ["administrativeUnits", "directoryRoles"];

/// How objects of one type are shown.
#[derive(Debug)]
struct Shown {
    view: View,
    /// Whether the caller may read the type; if not, it gets the id alone.
    readable: bool,
}

/// The objects of a tenant, in the eyes of one caller.
#[derive(Debug)]
pub(crate) struct Objects<'a> {
    world: &'a World,
    users: Shown,
    groups: Shown,
    services: Shown,
}

impl<'a> Objects<'a> {
    /// Prepares the views of all types.
    pub(crate) fn new(
        world: &'a World,
        rules: &[Resource],
        beta: bool,
        options: &Options,
    ) -> Objects<'a> {
        let holds = |wanted: &dyn Fn(&str) -> bool| options.roles.iter().any(|role| wanted(role));
        let shown = |name: &str| {
            let resource = rules.iter().find(|resource| resource.name == name);
            let allowed = |role: &str| {
                resource.is_some_and(|known| known.permissions.iter().any(|held| held == role))
            };
            let view = resource.map(|known| View::new(known, beta, false, options));
            Shown { view: view.unwrap_or_default(), readable: holds(&allowed) }
        };
        let [users, groups, services] = KINDS.map(shown);
        Self { world, users, groups, services }
    }

    /// Writes an object with its type in front.
    pub(crate) fn text(&self, node: Node, select: Option<&[String]>) -> String {
        let (collection, at) = node.place();
        let shown = match node {
            Node::User(_) => &self.users,
            Node::Group(_) => &self.groups,
            Node::Service(_) => &self.services,
        };
        let row = self.world.collection(collection).text(at);
        let text = shown.view.project(&row, select).unwrap_or_else(|| row.into_owned());
        let text = if shown.readable { text } else { blank(&text) };
        format!("{{\"@odata.type\":{},{}", quote(node.kind()), &text[1..])
    }

    /// Adds the expanded relation of an object to its text.
    pub(crate) fn expand(&self, row: &str, from: (&str, usize), expand: &Expand) -> String {
        let nodes = self.world.nodes(from.0, from.1, &expand.relation);
        let shown = nodes.iter().take(MAX_EXPANDED);
        let mut texts = shown.map(|node| self.text(*node, expand.select.as_deref()));
        let value = if expand.single {
            texts.next()
        } else {
            Some(format!("[{}]", texts.collect::<Vec<_>>().join(",")))
        };
        // A relation to nobody is left out rather than null.
        match value {
            Some(value) => replace(row, &[(expand.relation.as_str(), value)]),
            None => row.to_owned(),
        }
    }
}

/// Keeps the id and makes everything else null, as Graph does with types a caller may not read.
fn blank(text: &str) -> String {
    let others = members(text).filter(|(name, _)| *name != "id");
    let changes: Vec<_> = others.map(|(name, _)| (name, "null".to_owned())).collect();
    replace(text, &changes)
}

/// Returns the rules of objects whose type is open: the union of all types.
pub(crate) fn any_object(rules: &[Resource]) -> Resource {
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let is_kind =
        |resource: &&Resource| KINDS.iter().chain(&OTHERS).any(|kind| *kind == resource.name);
    for resource in rules.iter().filter(is_kind) {
        for (name, words) in &resource.properties {
            // Sign-in activity has a permission and a license of its own.
            let closed = resource.has(name, "single") || name == "signInActivity";
            // A property is for beta alone only if it is so for all types.
            let wider = properties.get(name).is_none_or(|known| known.contains("beta"));
            if !closed && wider && !name.contains('/') {
                properties.insert(name.clone(), words.clone());
            }
        }
    }
    Resource {
        name: "directoryObjects".to_owned(),
        label: "DirectoryObject".to_owned(),
        kind: "microsoft.graph.directoryObject".to_owned(),
        path: "/directoryObjects".to_owned(),
        workload: Workload::Directory,
        permissions: Vec::new(),
        license: None,
        page: Page { default: 100, max: 999, activity: None },
        options: ["count", "select", "top"].map(str::to_owned).to_vec(),
        order: BTreeMap::new(),
        units: 1,
        beta: false,
        asked: Vec::new(),
        counted: false,
        single: false,
        parent: None,
        absent: None,
        ignores_filter: false,
        relations: BTreeMap::new(),
        exact_names: true,
        exclusive: None,
        time: None,
        retention: None,
        properties,
        filter: BTreeMap::new(),
    }
}

/// Returns the rules of a navigation path.
pub(crate) fn behind(any: &Resource, path: String, relation: &Relation) -> Resource {
    let permissions = relation.permissions.clone();
    Resource { name: path.clone(), path, permissions, units: relation.units, ..any.clone() }
}

/// Returns the text of an object with its context in front.
pub(crate) fn with_context(context: &str, text: &str) -> String {
    format!("{{\"@odata.context\":{},{}", quote(context), &text[1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreadable_objects_keep_their_id() {
        assert_eq!(blank(r#"{"a":[1],"id":"x","b":"y"}"#), r#"{"a":null,"id":"x","b":null}"#);
    }

    #[test]
    fn any_type_lends_its_properties() {
        let any = any_object(&crate::sim::rules::load().unwrap());
        for known in ["userPrincipalName", "groupTypes", "appId", "appRoles", "displayName"] {
            assert_eq!(any.spelling(known), Some(known));
        }
        for unknown in ["skills", "signInActivity", "UserPrincipalName", "riskLevel", "members"] {
            assert_eq!(any.spelling(unknown), None, "{unknown}");
        }
        assert!(any.has("print", "beta") && !any.has("displayName", "beta"));
    }
}
