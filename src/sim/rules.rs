//! What Graph accepts, read from `fixtures/rules`: whatever is not listed is refused.
//!
//! The files are written from Microsoft's pages, not from the tables of this crate,
//! so that a wrong table and a wrong rule do not agree by construction. A property
//! is a type and words (`default`, `single`, `beta`); a filter is a list of operators
//! in which `*` asks for the advanced parameters and `!` forbids them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::sim::options::License;

/// The files of one resource.
struct Files {
    /// Also the name of its collection in the worlds.
    name: &'static str,
    rules: &'static str,
    tiny: &'static str,
}

macro_rules! files {
    ($($name:literal)*) => {
        &[$(Files {
            name: $name,
            rules: include_str!(concat!("../../fixtures/rules/", $name, ".json")),
            tiny: include_str!(concat!("../../fixtures/worlds/tiny/", $name, ".json")),
        }),*]
    };
}

/// Every resource, a line each; the first whose path begins a request's answers it.
#[rustfmt::skip]
const FILES: &[Files] = files! {
    "users"
    "groups"
    "signIns"
    "directoryAudits"
    "riskyUsers"
    "riskDetections"
    "userRegistrationDetails"
    "domains"
    "organization"
    "subscribedSkus"
    "directoryRoles"
    "roleDefinitions"
    "roleAssignments"
    "policies"
    "namedLocations"
    "administrativeUnits"
    "applications"
    "devices"
    "oauth2PermissionGrants"
    "servicePrincipals"
    "licenseDetails"
    "authenticationMethods"
    "mailboxSettings"
    "riskyServicePrincipals"
    "riskyServicePrincipalHistory"
    "servicePrincipalRiskDetections"
    "riskyAgents"
    "agentRiskDetections"
    "provisioning"
    "customSecurityAttributeAudits"
    "servicePrincipalSignInActivities"
    "appCredentialSignInActivities"
    "alerts"
    "alerts_v2"
    "incidents"
    "getAzureADApplicationSignInSummary"
    "usersRegisteredByFeature"
    "usersRegisteredByMethod"
    "deletedAdministrativeUnits"
    "deletedApplications"
    "deletedDevices"
    "deletedGroups"
    "deletedServicePrincipals"
    "deletedUsers"
    "roleAssignmentScheduleInstances"
    "roleEligibilityScheduleInstances"
    "authenticationStrengthPolicies"
    "authorizationPolicy"
    "identitySecurityDefaultsEnforcementPolicy"
    "authenticationMethodsPolicy"
    "crossTenantAccessPolicy"
    "crossTenantAccessDefault"
    "crossTenantAccessPartners"
    "identityProviders"
    "authenticationContextClassReferences"
    "accessReviewDefinitions"
    "accessReviewInstances"
    "accessReviewDecisions"
    "administrativeUnitMembers"
    "scopedRoleMembers"
    "directoryRoleMembers"
    "riskyUserHistory"
    "managedDevices"
    "deviceCompliancePolicies"
    "deviceConfigurations"
    "detectedApps"
    "mobileApps"
    "agentIdentities"
    "agentIdentityBlueprintPrincipals"
    "agentIdentityBlueprints"
    "agentUsers"
    "agentInstances"
    "agentCardManifests"
    "agentCollections"
    "agentRegistrations"
    "applicationOwners"
    "servicePrincipalOwners"
    "registeredOwners"
    "registeredUsers"
    "federatedIdentityCredentials"
    "appRoleAssignments"
    "synchronizationJobs"
};

/// Returns the names of all resources.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|files| files.name)
}

/// Returns the rows of the tiny world as they are written, by resource.
pub(crate) fn tiny() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().map(|files| (files.name, files.tiny))
}

/// Returns the name of the resource with a path, whatever stands for its placeholders.
pub(crate) fn name_at(path: &str) -> Option<&'static str> {
    #[derive(Deserialize)]
    struct Place {
        path: String,
    }
    let is_there = |files: &&Files| {
        serde_json::from_str::<Place>(files.rules).is_ok_and(|place| place.path == path)
    };
    FILES.iter().find(is_there).map(|files| files.name)
}

/// The part of Graph that serves a resource; it decides errors and throttling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Workload {
    Directory,
    Reports,
    Protection,
    Security,
    Intune,
}

/// The rules of one resource.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is a word of a rule file")]
pub(crate) struct Resource {
    /// The last path segment, also the name of the collection in the world.
    #[serde(rename = "resource")]
    pub(crate) name: String,
    /// The type name used in messages about filters.
    pub(crate) label: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) path: String,
    pub(crate) workload: Workload,
    pub(crate) permissions: Vec<String>,
    /// What the tenant must have bought; nothing when absent.
    #[serde(default)]
    pub(crate) license: Option<License>,
    pub(crate) page: Page,
    pub(crate) options: Vec<String>,
    pub(crate) order: BTreeMap<String, Order>,
    /// Base cost in directory resource units.
    pub(crate) units: u32,
    /// Whether only the beta endpoint serves it.
    #[serde(default)]
    pub(crate) beta: bool,
    /// Clauses a request for rows must have.
    #[serde(default)]
    pub(crate) asked: Vec<String>,
    /// Whether the path goes on with `/$count`.
    #[serde(default)]
    pub(crate) counted: bool,
    /// Whether the path is one object.
    #[serde(default)]
    pub(crate) single: bool,
    /// The resource whose objects have the rows, where `{id}` is in the path.
    #[serde(default)]
    pub(crate) parent: Option<String>,
    /// The code of a 404 for an object that has no such object.
    #[serde(default)]
    pub(crate) absent: Option<String>,
    /// Whether a filter that is not listed is ignored instead of refused.
    #[serde(default)]
    pub(crate) ignores_filter: bool,
    #[serde(default)]
    pub(crate) relations: BTreeMap<String, Relation>,
    pub(crate) exact_names: bool,
    #[serde(default)]
    pub(crate) exclusive: Option<String>,
    #[serde(default)]
    pub(crate) time: Option<String>,
    #[serde(default)]
    pub(crate) retention: Option<Retention>,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) filter: BTreeMap<String, String>,
}

/// The rules of one relation between objects of the directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relation {
    /// Base cost of its path in directory resource units.
    pub(crate) units: u32,
    words: String,
    /// Permissions of its path.
    pub(crate) permissions: Vec<String>,
}

impl Relation {
    /// Says whether it leads to one object at most.
    pub(crate) fn is_single(&self) -> bool {
        self.has("one")
    }

    /// Says whether the word is there: `one`, `expand`, or `select` inside `$expand`.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.split(' ').any(|known| known == word)
    }
}

/// Page sizes.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Page {
    pub(crate) default: usize,
    pub(crate) max: usize,
    /// The lower maximum when sign-in activity is read.
    #[serde(rename = "signInActivity")]
    pub(crate) activity: Option<usize>,
}

/// Whether `$orderby` on a property needs the advanced parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    Default,
    Advanced,
}

/// Days that logs are kept, per edition.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Retention {
    pub(crate) free: i64,
    pub(crate) p1: i64,
    pub(crate) p2: i64,
}

/// What one operator on one property needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) advanced: bool,
    pub(crate) default_only: bool,
}

/// The JSON type a literal must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Bool,
    Number,
    Time,
    Guid,
    Complex,
}

/// Reads the embedded rules.
pub(crate) fn load() -> Result<Vec<Resource>> {
    let read = |files: &Files| {
        serde_json::from_str(files.rules).map_err(|error| {
            Error::new(ErrorKind::Internal, "a rule file of the simulator is broken")
                .with_source(error)
        })
    };
    FILES.iter().map(read).collect()
}

impl Resource {
    /// Says whether the path ends in a type instead of a name.
    pub(crate) fn is_cast(&self) -> bool {
        self.path.contains("/microsoft.graph.")
    }

    /// Returns the documented spelling of a property or nested path.
    pub(crate) fn spelling(&self, name: &str) -> Option<&str> {
        spelling(&self.properties, name, self.exact_names)
    }

    /// Returns the documented spelling of a filter path such as `mails/any`.
    pub(crate) fn filter_path(&self, path: &str) -> Option<&str> {
        spelling(&self.filter, path, self.exact_names)
    }

    /// Says whether a property carries a word such as `default`, `single` or `beta`.
    pub(crate) fn has(&self, property: &str, word: &str) -> bool {
        self.properties.get(property).is_some_and(|words| words.split(' ').any(|w| w == word))
    }

    /// Returns what an operator on a filter path needs, or nothing if it is not supported.
    pub(crate) fn need(&self, path: &str, operator: &str, beta: bool) -> Option<Need> {
        let words = self.filter.get(path)?;
        if !beta && words.split(' ').any(|word| word == "beta") {
            return None;
        }
        let same = |word: &&str| word.trim_end_matches(['*', '!']) == operator;
        let word = words.split(' ').find(same)?;
        Some(Need { advanced: word.ends_with('*'), default_only: word.ends_with('!') })
    }

    /// Returns the type of the values behind a filter path.
    pub(crate) fn kind(&self, path: &str) -> Kind {
        if path.ends_with("/$count") {
            return Kind::Number;
        }
        let words = self.properties.get(&path.replace("/any", ""));
        let name = words.and_then(|words| words.split(' ').next()).unwrap_or_default();
        let element = name.strip_prefix("Collection(").map_or(name, |n| n.trim_end_matches(')'));
        match element {
            "String" => Kind::Text,
            "Boolean" => Kind::Bool,
            "Int32" | "Int64" | "Double" => Kind::Number,
            "DateTimeOffset" => Kind::Time,
            "Guid" => Kind::Guid,
            other if other.starts_with("enum:") => Kind::Text,
            _ => Kind::Complex,
        }
    }
}

fn spelling<'a>(names: &'a BTreeMap<String, String>, name: &str, exact: bool) -> Option<&'a str> {
    if let Some((found, _)) = names.get_key_value(name) {
        return Some(found);
    }
    let mut all = names.keys().filter(|_| !exact);
    all.find(|known| known.eq_ignore_ascii_case(name)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(name: &str) -> Resource {
        load().unwrap().into_iter().find(|resource| resource.name == name).unwrap()
    }

    #[test]
    fn every_filter_path_names_a_known_property() {
        for resource in load().unwrap() {
            for path in resource.filter.keys().filter(|path| !path.ends_with("/$count")) {
                assert_ne!(resource.kind(path), Kind::Complex, "{} {path}", resource.name);
            }
            for property in resource.order.keys() {
                assert!(resource.properties.contains_key(property), "{property}");
            }
        }
    }

    #[test]
    fn a_file_is_called_as_its_resource() {
        let found: Vec<_> = load().unwrap().into_iter().map(|resource| resource.name).collect();
        assert!(found.iter().map(String::as_str).eq(names()), "{found:?}");
    }

    #[test]
    fn needs_are_read_from_the_marks() {
        let users = resource("users");
        let plain = Need { advanced: false, default_only: false };
        assert_eq!(users.need("displayName", "eq", false), Some(plain));
        assert_eq!(users.need("displayName", "ne", false).map(|n| n.advanced), Some(true));
        let activity = users.need("signInActivity/lastSignInDateTime", "ge", false);
        assert_eq!(activity.map(|n| n.default_only), Some(true));
        assert_eq!(users.need("displayName", "gt", false), None);
    }

    #[test]
    fn beta_filters_are_unknown_to_the_other_version() {
        let sign_ins = resource("signIns");
        assert!(sign_ins.need("signInEventTypes/any", "eq", true).is_some());
        assert!(sign_ins.need("signInEventTypes/any", "eq", false).is_none());
    }

    #[test]
    fn relations_cost_what_the_table_of_limits_says() {
        let cost = |name: &str, relation: &str| resource(name).relations[relation].units;
        assert_eq!(cost("users", "memberOf"), 2);
        assert_eq!((cost("users", "manager"), cost("users", "directReports")), (1, 1));
        assert_eq!((cost("groups", "members"), cost("groups", "transitiveMembers")), (3, 5));
        assert_eq!((cost("groups", "owners"), cost("groups", "memberOf")), (1, 1));
        assert!(!resource("groups").relations["transitiveMembers"].has("expand"));
        assert!(resource("riskyUsers").relations.is_empty());
    }

    #[test]
    fn only_users_accept_any_case() {
        assert_eq!(resource("users").spelling("DISPLAYNAME"), Some("displayName"));
        assert_eq!(resource("groups").spelling("DISPLAYNAME"), None);
    }
}
