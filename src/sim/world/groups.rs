//! Writes the groups of the tenant: security, Microsoft 365, dynamic, role-assignable.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::moment;
use crate::sim::options::TENANT_ID;
use crate::sim::random::{Random, guid_of};
use crate::sim::world::setting::Setting;

/// How a group came to be and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Security,
    Unified,
    Dynamic,
    Role,
    Synced,
}

/// What a group is founded on, before it becomes an object.
#[derive(Debug)]
pub(crate) struct Charter {
    pub(crate) name: String,
    pub(crate) form: Form,
    /// The department whose group it is, and the office if it is for one only.
    pub(crate) team: Option<(usize, Option<usize>)>,
}

/// Writes all groups.
pub(crate) fn all(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let charters = charters(setting);
    let mut rows: Vec<_> = charters
        .iter()
        .enumerate()
        .map(|(at, charter)| group(setting, at, &charter.name, charter.form, now))
        .collect();
    if let Some(last) = rows.last_mut() {
        blank(last);
    }
    rows.iter().map(Value::to_string).collect()
}

/// Lists the groups in their order: named ones, those of departments, an empty one.
pub(crate) fn charters(setting: &Setting) -> Vec<Charter> {
    let named = setting.groups.iter().enumerate();
    let mut charters: Vec<_> = named.map(|(at, name)| plain(name, form(at, name))).collect();
    for (at, (department, _)) in setting.departments.iter().enumerate() {
        let of = |name, form, office| Charter { name, form, team: Some((at, office)) };
        charters.push(of(department.clone(), Form::Unified, None));
        charters.push(of(format!("SG-{department}"), Form::Synced, None));
        for (office, place) in setting.places[..setting.offices].iter().enumerate() {
            let (city, key) = (&place.city, &place.key);
            charters.push(of(format!("{department} {city}"), Form::Dynamic, Some(office)));
            charters.push(of(format!("SG-{department}-{key}"), Form::Security, Some(office)));
        }
    }
    charters.push(plain("Nothing", Form::Security));
    charters
}

fn plain(name: &str, form: Form) -> Charter {
    Charter { name: name.to_owned(), form, team: None }
}

fn form(at: usize, name: &str) -> Form {
    match name {
        "Tier 0 Administrators" | "Break Glass" | "Helpdesk Operators" => Form::Role,
        "All Employees" | "Contractors" => Form::Dynamic,
        _ if at.is_multiple_of(2) => Form::Unified,
        _ => Form::Security,
    }
}

/// Returns the id of the group of that name; that of the first one if there is none.
pub(crate) fn id_of(setting: &Setting, name: &str) -> String {
    let mut charters = charters(setting).into_iter();
    guid_of("group", charters.position(|charter| charter.name == name).unwrap_or(0) as u64)
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
        "visibility": mail.then_some(if at % 8 == 4 { "Public" } else { "Private" }),
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
