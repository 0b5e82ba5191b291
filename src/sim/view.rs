//! What a caller gets to see of a row: version, `$select`, license and permission.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::sim::members::{member, replace, retain};
use crate::sim::options::{Edition, Options};
use crate::sim::rules::Resource;

/// Members whose value needs P2.
const RISK: [&str; 3] = ["riskDetail", "riskLevelAggregated", "riskLevelDuringSignIn"];
/// Permissions that open the Conditional Access detail of a sign-in.
const POLICIES: [&str; 2] = ["Policy.Read.All", "Policy.Read.ConditionalAccess"];

/// How rows of one resource are shown to one caller.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// Members that only `$select` or the other version shows.
    hidden: HashSet<String>,
    /// Members that no `$select` brings back.
    absent: HashSet<String>,
    hide_risk: bool,
    hide_policies: bool,
}

impl View {
    /// Builds the view of a resource.
    pub(crate) fn new(resource: &Resource, beta: bool, single: bool, options: &Options) -> Self {
        let names = || resource.properties.keys().filter(|name| !name.contains('/'));
        let gone = |name: &&String| {
            (!beta && resource.has(name, "beta")) || (!single && resource.has(name, "single"))
        };
        let absent: HashSet<String> = names().filter(gone).cloned().collect();
        let chosen = |name: &&String| !resource.has(name, "default") && !resource.has(name, "beta");
        let mut hidden: HashSet<String> = names().filter(chosen).cloned().collect();
        // Groups show their beta properties by default, users do not.
        if resource.name == "users" {
            hidden.extend(names().filter(|name| resource.has(name, "beta")).cloned());
        }
        let sign_ins = resource.name == "signIns";
        let policies = options.roles.iter().any(|role| POLICIES.contains(&role.as_str()));
        Self {
            hidden: hidden.union(&absent).cloned().collect(),
            absent,
            hide_risk: sign_ins && options.edition < Edition::P2,
            hide_policies: sign_ins && !policies,
        }
    }

    /// Returns the row as filters see it.
    pub(crate) fn row<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        if !self.hide_risk && !self.hide_policies {
            return text;
        }
        let mut changes = Vec::new();
        if self.hide_risk {
            let present = RISK.iter().filter(|name| member(&text, name).is_some());
            changes.extend(present.map(|name| (*name, "\"hidden\"".to_owned())));
        }
        if self.hide_policies {
            changes.push(("appliedConditionalAccessPolicies", "[]".to_owned()));
        }
        Cow::Owned(replace(&text, &changes))
    }

    /// Returns the members the caller gets, or nothing when that is all of them.
    pub(crate) fn project(&self, text: &str, select: Option<&[String]>) -> Option<String> {
        match select {
            Some(names) => Some(retain(text, |name| {
                // What kind of object it is, in a list of several kinds, needs no asking.
                let always = name == "id" || name == "@odata.type";
                let chosen = always || names.iter().any(|known| known == name);
                chosen && !self.absent.contains(name)
            })),
            None if self.hidden.is_empty() => None,
            None => Some(retain(text, |name| !self.hidden.contains(name))),
        }
    }
}
