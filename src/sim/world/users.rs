//! Writes user objects with every documented property.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::moment;
use crate::sim::options::TENANT_ID;
use crate::sim::random::{Random, guid_of};
use crate::sim::world::merge;
use crate::sim::world::people::{Person, person};
use crate::sim::world::render;
use crate::sim::world::setting::Setting;
use crate::sim::world::sign_ins::Activity;

/// Members that are never null.
const REQUIRED: [&str; 5] =
    ["id", "userPrincipalName", "displayName", "accountEnabled", "userType"];

/// Writes all users of the demo world.
pub(crate) fn all(
    setting: &Setting,
    now: DateTime<Utc>,
    activity: &HashMap<usize, Activity>,
) -> Vec<String> {
    let count = setting.headcount();
    let one = |number| {
        let person = person(setting, number, count);
        let activity = activity.get(&number).copied().unwrap_or_default();
        text(setting, &person, &activity, now)
    };
    (0..count).map(one).collect()
}

/// Writes one user.
pub(crate) fn text(
    setting: &Setting,
    person: &Person,
    activity: &Activity,
    now: DateTime<Utc>,
) -> String {
    let mut random = Random::of("user-object", person.number as u64);
    let mut user = identity(setting, person, now, &mut random);
    for part in [
        contact(setting, person, &mut random),
        premises(person, now, &mut random),
        licenses(person, now),
        profile(person),
    ] {
        merge(&mut user, &part);
    }
    if let Some(activity) = sign_in_activity(person, activity, now) {
        user["signInActivity"] = activity;
    } else if person.guest {
        user["externalUserState"] = json!("PendingAcceptance");
    }
    if let Some(cast) = setting.cast.get(person.number) {
        if !cast.set.is_null() {
            merge(&mut user, &cast.set);
        }
        if cast.key == "nulls" {
            blank(&mut user);
        }
    }
    user.to_string()
}

fn blank(user: &mut Value) {
    let Some(fields) = user.as_object_mut() else { return };
    for (name, field) in fields.iter_mut() {
        // Documented collections are empty rather than null.
        if field.is_array() {
            *field = json!([]);
        } else if !REQUIRED.contains(&name.as_str()) {
            *field = Value::Null;
        }
    }
    fields.remove("signInActivity");
}

fn identity(setting: &Setting, person: &Person, now: DateTime<Utc>, random: &mut Random) -> Value {
    let created = now - TimeDelta::days(40 + random.below(2_500) as i64);
    let changed = created + TimeDelta::days(20);
    let (department, _) = &setting.departments[person.department];
    let guest = person.guest;
    json!({
        "id": person.id,
        "deletedDateTime": null,
        "accountEnabled": person.enabled,
        "displayName": person.display,
        "givenName": person.given,
        "surname": person.surname,
        "userPrincipalName": person.upn,
        "mail": person.mail,
        "mailNickname": person.nickname,
        "userType": if guest { "Guest" } else { "Member" },
        "jobTitle": if guest { Value::Null } else { json!(person.title) },
        "department": if guest { Value::Null } else { json!(department) },
        "companyName": if guest { Value::Null } else { json!("Halden & Voss") },
        "employeeId": if guest { Value::Null } else { json!(format!("{}", 10_000 + person.number)) },
        "employeeType": if guest { Value::Null } else { json!("Employee") },
        "employeeHireDate": if guest { Value::Null } else { json!(moment::seconds(created)) },
        "employeeLeaveDateTime": null,
        "employeeOrgData": if guest { Value::Null } else {
            json!({"division": department, "costCenter": format!("CC-{}", 100 + person.department)})
        },
        "createdDateTime": moment::seconds(created),
        "creationType": if guest { json!("Invitation") } else { Value::Null },
        "externalUserState": if guest { json!("Accepted") } else { Value::Null },
        "externalUserStateChangeDateTime": if guest { json!(moment::seconds(changed)) } else { Value::Null },
        "lastPasswordChangeDateTime": moment::seconds(now - TimeDelta::days(random.below(400) as i64)),
        "signInSessionsValidFromDateTime": moment::seconds(changed),
        "refreshTokensValidFromDateTime": moment::seconds(changed),
        "passwordPolicies": if person.number.is_multiple_of(11) { json!("DisablePasswordExpiration") } else { Value::Null },
        "passwordProfile": if guest { Value::Null } else {
            json!({"forceChangePasswordNextSignIn": false, "forceChangePasswordNextSignInWithMfa": false, "password": null})
        },
        "identities": [{
            "signInType": if guest { "federated" } else { "userPrincipalName" },
            "issuer": if guest { "ExternalAzureAD" } else { setting.domain.as_str() },
            "issuerAssignedId": if guest { Value::Null } else { json!(person.upn) },
        }],
        "securityIdentifier": format!("S-1-12-1-{}-{}", person.number, random.below(1 << 30)),
    })
}

fn contact(setting: &Setting, person: &Person, random: &mut Random) -> Value {
    let place = &setting.places[person.place];
    let phone =
        (!person.guest && random.chance(80)).then(|| format!("+49 40 5550 {:04}", person.number));
    json!({
        "businessPhones": phone.iter().collect::<Vec<_>>(),
        "mobilePhone": random.chance(60).then(|| format!("+49 170 555 {:04}", person.number)),
        "faxNumber": random.chance(3).then_some("+49 40 5550 999"),
        "officeLocation": (!person.guest).then(|| format!("{} {}.{:02}", place.city, 1 + random.below(5), random.below(30))),
        "streetAddress": (!person.guest).then_some("Kaistraße 1"),
        "city": (!person.guest).then_some(&place.city),
        "state": (!person.guest).then_some(&place.state),
        "country": (!person.guest).then_some(&place.country),
        "postalCode": (!person.guest).then(|| format!("{}", 20_000 + place.asn % 1_000)),
        "usageLocation": (!person.guest).then_some(&place.country),
        "preferredLanguage": match place.country.as_str() {
            "DE" => json!("de-DE"),
            "FR" => json!("fr-FR"),
            "JP" => json!("ja-JP"),
            _ => Value::Null,
        },
        "preferredDataLocation": null,
        "imAddresses": if person.guest { json!([]) } else { json!([format!("sip:{}", person.mail)]) },
        "otherMails": if person.guest { json!([person.mail]) } else { json!([]) },
        "proxyAddresses": [format!("SMTP:{}", person.mail)],
        "showInAddressList": if person.guest { json!(false) } else { Value::Null },
    })
}

fn premises(person: &Person, now: DateTime<Utc>, random: &mut Random) -> Value {
    let synced = !person.guest && person.number.is_multiple_of(2);
    let mut attributes = serde_json::Map::new();
    for number in 1..=15 {
        attributes.insert(format!("extensionAttribute{number}"), Value::Null);
    }
    if synced {
        attributes
            .insert("extensionAttribute1".into(), json!(format!("ship-{}", person.number % 9)));
    }
    // A few accounts synchronization has lost sight of.
    let lost = if person.number % 211 == 10 { 9 * 1_440 } else { 0 };
    let when = moment::seconds(now - TimeDelta::minutes(lost + random.below(200) as i64));
    let errors = if person.number % 97 == 4 {
        json!([{"category": "PropertyConflict", "occurredDateTime": when,
            "propertyCausingError": "ProxyAddresses", "value": format!("SMTP:{}", person.mail)}])
    } else {
        json!([])
    };
    json!({
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesDistinguishedName": synced.then(|| format!("CN={},OU=Staff,DC=hv,DC=example", person.display)),
        "onPremisesDomainName": synced.then_some("hv.example"),
        "onPremisesImmutableId": synced.then(|| format!("im{:06}==", person.number)),
        "onPremisesLastSyncDateTime": synced.then_some(when),
        "onPremisesSamAccountName": synced.then(|| format!("u{:05}", person.number)),
        "onPremisesSecurityIdentifier": synced.then(|| format!("S-1-5-21-1-2-3-{}", 1_000 + person.number)),
        "onPremisesUserPrincipalName": synced.then_some(&person.upn),
        "onPremisesExtensionAttributes": attributes,
        "onPremisesProvisioningErrors": errors,
        "onPremisesSipInfo": null,
    })
}

fn licenses(person: &Person, now: DateTime<Utc>) -> Value {
    let sku = "6fd2c87f-b296-42f0-b197-1e91e994b900";
    let plan = "9aaf7827-d63c-4b61-89c3-182f06f82e5c";
    let since = moment::seconds(now - TimeDelta::days(300));
    let none = json!({"assignedLicenses": [], "assignedPlans": [], "provisionedPlans": [],
        "licenseAssignmentStates": []});
    if person.guest || person.number.is_multiple_of(13) {
        return none;
    }
    // A few found no free license.
    let (state, error) =
        if person.number % 333 == 20 { ("Error", "CountViolation") } else { ("Active", "None") };
    json!({
        "assignedLicenses": [{"skuId": sku, "disabledPlans": if person.number.is_multiple_of(5) { json!([plan]) } else { json!([]) }}],
        "assignedPlans": [{"assignedDateTime": since, "capabilityStatus": "Enabled",
            "service": "exchange", "servicePlanId": plan}],
        "provisionedPlans": [{"capabilityStatus": "Enabled", "provisioningStatus": "Success", "service": "exchange"}],
        "licenseAssignmentStates": [{"skuId": sku, "disabledPlans": [], "assignedByGroup": null,
            "state": state, "error": error, "lastUpdatedDateTime": since}],
    })
}

/// What only a single object shows, what only beta shows, and the rest.
fn profile(person: &Person) -> Value {
    json!({
        "aboutMe": null, "birthday": "0001-01-01T08:00:00Z", "hireDate": "0001-01-01T08:00:00Z",
        "interests": [], "mySite": null, "pastProjects": [], "preferredName": person.given,
        "responsibilities": [], "schools": [], "skills": ["ferries"],
        "mailboxSettings": {"timeZone": "W. Europe Standard Time", "language": {"locale": "de-DE", "displayName": "German"}},
        "ageGroup": null, "consentProvidedForMinor": null, "legalAgeGroupClassification": null,
        "authorizationInfo": {"certificateUserIds": []}, "customSecurityAttributes": null,
        "deviceEnrollmentLimit": 5, "identityParentId": null, "isManagementRestricted": null,
        "isResourceAccount": null, "serviceProvisioningErrors": [],
        "cloudLicensing": {"usageRights": []}, "cloudRealtimeCommunicationInfo": {"isSipEnabled": person.enabled},
        "deviceKeys": [], "identityGovernance": null, "infoCatalogs": [],
        "isLicenseReconciliationNeeded": false, "print": {"recentPrinterShares": []},
        "creationSource": format!("{TENANT_ID}/import"),
    })
}

/// Absent for those who never signed in; "never" in year 1 for one kind only.
fn sign_in_activity(person: &Person, activity: &Activity, now: DateTime<Utc>) -> Option<Value> {
    let old = (now - TimeDelta::days(100 + (person.number % 700) as i64), 0);
    let (interactive, other, success) = if person.stale && activity.interactive.is_none() {
        (Some(old), None, Some(old))
    } else {
        (activity.interactive, activity.other, activity.success)
    };
    if interactive.is_none() && other.is_none() {
        return None;
    }
    let date = |last: Option<(DateTime<Utc>, u32)>| {
        last.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |(at, _)| moment::seconds(at))
    };
    let request = |last: Option<(DateTime<Utc>, u32)>| match last {
        Some((_, 0)) => guid_of("old-sign-in", person.number as u64),
        Some((_, serial)) => render::id(serial),
        None => String::new(),
    };
    Some(json!({
        "lastSignInDateTime": date(interactive),
        "lastSignInRequestId": request(interactive),
        "lastNonInteractiveSignInDateTime": date(other),
        "lastNonInteractiveSignInRequestId": request(other),
        "lastSuccessfulSignInDateTime": success.map(|_| date(success)),
        "lastSuccessfulSignInRequestId": success.map(|_| request(success)),
    }))
}
