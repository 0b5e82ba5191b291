//! Which members an object needs, so that there is none without what makes it one.

use crate::ocsf::functions::object::OBJECT;
use crate::ocsf::schema::{Attribute, Attributes, Constraints, Requirement};
use crate::ocsf::tree::{Members, Node, is_sure};

/// The members an object needs to be there, in groups.
pub(super) fn needs(
    attributes: &Attributes,
    constraints: &Constraints,
    members: &Members,
) -> String {
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
pub(super) fn any<'a>(members: impl IntoIterator<Item = &'a (String, Node)>) -> String {
    let varies = members.into_iter().filter(|(_, node)| !node.is_constant());
    varies.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("|")
}

pub(super) fn built(needs: &str, members: &[(String, String)]) -> String {
    let pairs: Vec<_> = members.iter().map(|(name, sql)| format!("'{name}', {sql}")).collect();
    format!("{OBJECT}('{needs}', {})", pairs.join(", "))
}
