//! Reads `$expand`: one relation, perhaps with the properties of its objects.

use crate::sim::reply::Fail;
use crate::sim::rules::Resource;

/// Objects that an expanded collection shows at the most; there is no link to the rest.
pub(crate) const MAX_EXPANDED: usize = 20;

/// What is expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expand {
    pub(crate) relation: String,
    /// Whether the relation leads to one object at most.
    pub(crate) single: bool,
    /// Properties of the objects, in documented spelling.
    pub(crate) select: Option<Vec<String>>,
}

impl Expand {
    /// Returns how a context URL names it.
    pub(crate) fn context(&self) -> String {
        format!("{}({})", self.relation, self.select.as_deref().unwrap_or_default().join(","))
    }
}

/// Reads the option; `spell` returns the documented spelling of a nested property.
pub(crate) fn read(
    text: &str,
    resource: &Resource,
    spell: impl Fn(&str) -> Result<String, Fail>,
) -> Result<Expand, Fail> {
    let items = split(text);
    if items.len() > 1 {
        // Observed in this wording.
        let message = format!(
            "The result of parsing $expand contained at least {} items, but the maximum allowed \
             is 1.",
            items.len()
        );
        return Err(Fail::new(400, "BadRequest", message));
    }
    let (name, options) = parts(text.trim())?;
    let known = resource.relations.get_key_value(name).filter(|(_, rules)| rules.has("expand"));
    let Some((relation, rules)) = known else { return Err(unknown(name, resource)) };
    let select = match options {
        Some(options) if rules.has("select") => Some(nested(options, spell)?),
        Some(_) => return Err(refuse(&format!("query options are not allowed for '{name}'"))),
        None => None,
    };
    Ok(Expand { relation: relation.clone(), single: rules.is_single(), select })
}

/// Splits at the commas outside parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
    .collect()
}

/// Splits `manager($select=id)` into its name and what stands in parentheses.
fn parts(item: &str) -> Result<(&str, Option<&str>), Fail> {
    match item.split_once('(') {
        None => Ok((item, None)),
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(options) => Ok((name, Some(options))),
            None => Err(refuse("the parentheses do not match")),
        },
    }
}

/// Reads the nested options: `$select` and nothing else.
fn nested(
    options: &str,
    spell: impl Fn(&str) -> Result<String, Fail>,
) -> Result<Vec<String>, Fail> {
    let names = options.strip_prefix("$select=").filter(|names| !names.contains([';', '(', ')']));
    let Some(names) = names else {
        return Err(refuse(&format!("the option '{options}' is not supported inside $expand")));
    };
    names.split(',').map(|name| spell(name.trim())).collect()
}

fn unknown(name: &str, resource: &Resource) -> Fail {
    refuse(&format!("Could not find a property named '{name}' on type '{}'.", resource.kind))
}

fn refuse(reason: &str) -> Fail {
    let message = format!("Parsing OData Select and Expand failed: {reason}");
    Fail::new(400, "BadRequest", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(resource: &str, text: &str) -> Result<Expand, Fail> {
        let rules = crate::sim::rules::load().unwrap();
        let resource = rules.iter().find(|rules| rules.name == resource).unwrap();
        let spell = |name: &str| match name {
            "id" | "displayName" => Ok(name.to_owned()),
            _ => Err(Fail::new(400, "BadRequest", "unknown")),
        };
        read(text, resource, spell)
    }

    fn accepted(resource: &str, text: &str) -> Expand {
        parsed(resource, text).unwrap_or_else(|fail| panic!("{text}: {}", fail.message))
    }

    #[test]
    fn one_relation_is_accepted() {
        for (resource, relation) in [
            ("users", "manager"),
            ("users", "memberOf"),
            ("users", "directReports"),
            ("groups", "members"),
            ("groups", "owners"),
            ("groups", "memberOf"),
        ] {
            let expand = accepted(resource, relation);
            assert_eq!((expand.relation.as_str(), &expand.select), (relation, &None));
        }
    }

    #[test]
    fn a_nested_select_is_read() {
        for (resource, relation) in
            [("users", "manager"), ("groups", "members"), ("groups", "owners")]
        {
            let expand = accepted(resource, &format!("{relation}($select=id,displayName)"));
            assert_eq!(expand.context(), format!("{relation}(id,displayName)"));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (resource, text) in [
            ("users", ""),
            ("users", "*"),
            ("users", "Manager"),
            ("users", "members"),
            ("users", "ownedObjects"),
            ("users", "manager/displayName"),
            ("users", "manager/$ref"),
            ("users", "manager,memberOf"),
            ("users", "manager($select=id),memberOf"),
            ("users", "manager($select=id"),
            ("users", "manager()"),
            ("users", "manager($select=)"),
            ("users", "manager($select=nonsense)"),
            ("users", "manager($levels=max)"),
            ("users", "manager($levels=max;$select=id)"),
            ("users", "manager($select=id;$levels=2)"),
            ("users", "manager($expand=manager)"),
            ("users", "memberOf($select=id)"),
            ("users", "directReports($select=id)"),
            ("groups", "manager"),
            ("groups", "transitiveMembers"),
            ("groups", "members($filter=id eq 'x')"),
            ("groups", "members($top=5)"),
            ("groups", "memberOf($select=id)"),
            ("riskyUsers", "history"),
        ] {
            let fail = parsed(resource, text).expect_err(text);
            assert_eq!((fail.status, fail.code.as_str()), (400, "BadRequest"), "{text}");
        }
        let two = parsed("users", "manager,memberOf").unwrap_err();
        assert!(two.message.contains("at least 2 items"), "{}", two.message);
    }
}
