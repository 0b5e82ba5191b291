//! Writes the groups of the tenant: security, Microsoft 365, dynamic, role-assignable.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::moment;
use crate::sim::options::TENANT_ID;
use crate::sim::random::{Random, guid_of};
use crate::sim::world::setting::Setting;

/// How a group came to be and what it is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Security,
    Unified,
    Dynamic,
    Role,
    Synced,
}

/// Writes all groups.
pub(crate) fn all(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let mut names: Vec<(String, Form)> = Vec::new();
    for (at, name) in setting.groups.iter().enumerate() {
        let form = match name.as_str() {
            "Tier 0 Administrators" | "Break Glass" | "Helpdesk Operators" => Form::Role,
            "All Employees" | "Contractors" => Form::Dynamic,
            _ if at.is_multiple_of(2) => Form::Unified,
            _ => Form::Security,
        };
        names.push((name.clone(), form));
    }
    for (department, _) in &setting.departments {
        names.push((department.clone(), Form::Unified));
        names.push((format!("SG-{department}"), Form::Synced));
        for place in &setting.places[..setting.offices] {
            names.push((format!("{department} {}", place.city), Form::Dynamic));
            names.push((format!("SG-{department}-{}", place.key), Form::Security));
        }
    }
    names.push(("Nothing".to_owned(), Form::Security));
    let mut rows: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(at, (name, form))| group(setting, at, name, *form, now))
        .collect();
    if let Some(last) = rows.last_mut() {
        blank(last);
    }
    rows.iter().map(Value::to_string).collect()
}

fn group(setting: &Setting, at: usize, name: &str, form: Form, now: DateTime<Utc>) -> Value {
    let mut random = Random::of("group", at as u64);
    let created = now - TimeDelta::days(random.below(2_000) as i64);
    let (mail, dynamic) = (form == Form::Unified, form == Form::Dynamic);
    let nickname = format!("group{at:03}");
    let address = mail.then(|| format!("{nickname}@{}", setting.domain));
    let synced = form == Form::Synced;
    let mut group = json!({
        "id": guid_of("group", at as u64),
        "deletedDateTime": null,
        "displayName": name,
        "description": (!at.is_multiple_of(4)).then(|| format!("Members of {name}")),
        "classification": (at % 10 == 1).then_some("Confidential"),
        "createdDateTime": moment::seconds(created),
        "renewedDateTime": moment::seconds(created),
        "expirationDateTime": (mail && at.is_multiple_of(6)).then(|| moment::seconds(now + TimeDelta::days(90))),
        "groupTypes": if mail { json!(["Unified"]) } else if dynamic { json!(["DynamicMembership"]) } else { json!([]) },
        "securityEnabled": !mail,
        "mailEnabled": mail,
        "mail": address,
        "mailNickname": nickname,
        "proxyAddresses": address.iter().map(|a| format!("SMTP:{a}")).collect::<Vec<_>>(),
        "visibility": if mail { json!("Private") } else { Value::Null },
        "isAssignableToRole": (form == Form::Role).then_some(true),
        "membershipRule": dynamic.then(|| format!("(user.department -eq \"{}\")", name.split(' ').next().unwrap_or(name))),
        "membershipRuleProcessingState": dynamic.then_some("On"),
        "uniqueName": (at.is_multiple_of(25)).then(|| format!("unique-{at}")),
        "securityIdentifier": format!("S-1-12-1-{at}-{}", random.below(1 << 30)),
        "organizationId": TENANT_ID,
    });
    crate::sim::world::merge(&mut group, &rest(synced, at, now));
    group
}

/// What few queries look at, and what only `$select` or a single object shows.
fn rest(synced: bool, at: usize, now: DateTime<Utc>) -> Value {
    json!({
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesLastSyncDateTime": synced.then(|| moment::seconds(now - TimeDelta::minutes(40))),
        "onPremisesDomainName": synced.then_some("hv.example"),
        "onPremisesNetBiosName": synced.then_some("HV"),
        "onPremisesSamAccountName": synced.then(|| format!("grp{at:03}")),
        "onPremisesSecurityIdentifier": synced.then(|| format!("S-1-5-21-1-2-3-{}", 9_000 + at)),
        "onPremisesProvisioningErrors": [], "serviceProvisioningErrors": [],
        "preferredDataLocation": null, "preferredLanguage": null, "theme": null,
        "resourceBehaviorOptions": [], "resourceProvisioningOptions": if at.is_multiple_of(8) { json!(["Team"]) } else { json!([]) },
        "infoCatalogs": [], "hasMembersWithLicenseErrors": null, "isArchived": null,
        "welcomeMessageEnabled": null, "createdByAppId": null, "creationOptions": [],
        "membershipRuleProcessingStatus": null, "cloudLicensing": {"usageRights": []},
        "writebackConfiguration": {"isEnabled": null, "onPremisesGroupType": null},
        "assignedLabels": [], "assignedLicenses": [], "licenseProcessingState": null,
        "isManagementRestricted": null, "onPremisesExtensionAttributes": null,
        "accessType": "private", "allowExternalSenders": false, "autoSubscribeNewMembers": false,
        "hideFromAddressLists": false, "hideFromOutlookClients": false, "isFavorite": null,
        "isSubscribedByMail": false, "unseenConversationsCount": 0, "unseenCount": 0,
        "unseenMessagesCount": 0,
    })
}

fn blank(group: &mut Value) {
    let Some(fields) = group.as_object_mut() else { return };
    for (name, field) in fields.iter_mut() {
        let kept =
            matches!(name.as_str(), "id" | "displayName" | "securityEnabled" | "mailEnabled");
        if !kept && !field.is_array() {
            *field = Value::Null;
        }
    }
}
