//! The objects of the demo world that are written out in `fixtures/worlds/demo`.
//!
//! A text that begins with `@` stands for something only known when the world is made: an
//! id, a name or a time.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::sim::moment;
use crate::sim::options::TENANT_ID;
use crate::sim::world::setting::Setting;
use crate::sim::world::{groups, render, story};

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../fixtures/worlds/demo/", $name, ".json")))),*]
    };
}

/// The collections that are written out, a line each; code makes the others.
#[rustfmt::skip]
const FILES: &[(&str, &str)] = files! {
    "accessReviewDecisions"
    "accessReviewDefinitions"
    "accessReviewInstances"
    "administrativeUnitMembers"
    "administrativeUnits"
    "agentCardManifests"
    "agentCollections"
    "agentIdentities"
    "agentIdentityBlueprintPrincipals"
    "agentIdentityBlueprints"
    "agentInstances"
    "agentRegistrations"
    "agentRiskDetections"
    "agentUsers"
    "alerts"
    "alerts_v2"
    "appCredentialSignInActivities"
    "appRoleAssignments"
    "applicationOwners"
    "applications"
    "authenticationContextClassReferences"
    "authenticationMethodsPolicy"
    "authenticationStrengthPolicies"
    "authorizationPolicy"
    "crossTenantAccessDefault"
    "crossTenantAccessPartners"
    "crossTenantAccessPolicy"
    "customSecurityAttributeAudits"
    "deletedAdministrativeUnits"
    "deletedApplications"
    "deletedDevices"
    "deletedGroups"
    "deletedServicePrincipals"
    "deletedUsers"
    "detectedApps"
    "deviceCompliancePolicies"
    "deviceConfigurations"
    "directoryRoleMembers"
    "directoryRoles"
    "domains"
    "federatedIdentityCredentials"
    "identityProviders"
    "identitySecurityDefaultsEnforcementPolicy"
    "incidents"
    "managedDevices"
    "mobileApps"
    "namedLocations"
    "oauth2PermissionGrants"
    "organization"
    "policies"
    "provisioning"
    "riskyAgents"
    "riskyServicePrincipalHistory"
    "riskyServicePrincipals"
    "riskyUserHistory"
    "roleAssignmentScheduleInstances"
    "roleAssignments"
    "roleDefinitions"
    "roleEligibilityScheduleInstances"
    "scopedRoleMembers"
    "servicePrincipalOwners"
    "servicePrincipalRiskDetections"
    "servicePrincipals"
    "subscribedSkus"
    "synchronizationJobs"
};

/// Returns the rows of a collection, none if it is not written out.
pub(crate) fn all(name: &str, setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let file = FILES.iter().find(|(known, _)| *known == name);
    let rows = file.and_then(|(_, text)| serde_json::from_str(text).ok());
    let mut rows: Vec<Value> = rows.unwrap_or_default();
    for row in &mut rows {
        fill(row, setting, now);
    }
    rows.iter().map(Value::to_string).collect()
}

fn fill(value: &mut Value, setting: &Setting, now: DateTime<Utc>) {
    match value {
        Value::String(text) if text.starts_with('@') => *value = meant(text, setting, now),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, setting, now)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, setting, now)),
        _ => {}
    }
}

/// What a reference stands for; those to named people are the story's.
fn meant(text: &str, setting: &Setting, now: DateTime<Utc>) -> Value {
    let (kind, key) = text.split_once(':').unwrap_or((text, ""));
    match kind {
        "@tenant" => Value::from(TENANT_ID),
        "@device" => Value::from(render::device_id(setting.cast_at(key))),
        "@group" => Value::from(groups::id_of(setting, key)),
        "@service" => Value::from(setting.services[setting.app_at(key, true)].id.as_str()),
        "@ago" => {
            let digits = key.split_once('.').and_then(|(_, digits)| digits.parse().ok());
            Value::from(moment::ticks(story::time(key, now), digits.unwrap_or(0)))
        }
        _ => story::resolve(&Value::from(text), setting, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_filled_and_the_rest_is_left_alone() {
        let setting = Setting::load().unwrap();
        let now = moment_of("2026-01-15T12:00:00Z");
        let mut row = serde_json::json!({
            "at": "@ago:3 02:18:20.7770102", "who": ["@id:lena.fischer"], "by": "a@b:c",
            "tenant": "@tenant:", "group": "@group:Break Glass", "service": "@service:Build Pipeline",
            "computer": "@device:marek.novak",
        });
        fill(&mut row, &setting, now);
        assert_eq!(row["at"], "2026-01-12T02:18:20.7770102Z");
        assert_eq!(row["who"][0], crate::sim::random::guid_of("user", 0));
        assert_eq!((&row["by"], &row["tenant"]), (&Value::from("a@b:c"), &Value::from(TENANT_ID)));
        assert_eq!(row["computer"], render::device_id(1));
        assert_eq!(row["group"], crate::sim::random::guid_of("group", 3));
        assert_eq!(row["service"], "2e8d70f3-91ab-4c5d-a6e2-f3b4c5d6e7f8");
    }

    #[test]
    fn the_files_can_be_read_and_name_known_resources() {
        for (name, text) in FILES {
            let rows: Vec<Value> = serde_json::from_str(text).unwrap();
            assert!(rows.iter().all(Value::is_object) && !rows.is_empty(), "{name}");
            assert!(crate::sim::rules::names().any(|known| known == *name), "{name}");
        }
    }

    fn moment_of(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }
}
