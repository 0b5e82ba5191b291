//! Writes what belongs to one user each: licenses in detail, sign-in methods, the mailbox.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::children::PARENT;
use crate::sim::moment;
use crate::sim::random::Random;
use crate::sim::world::people::{Person, person};
use crate::sim::world::setting::Setting;
use crate::sim::world::{registration, story, written};

/// The cloud method ids that are the same for everybody.
const PASSWORD: &str = "28c10230-6103-485e-b985-444c60001490";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
const EMAIL: &str = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f";

/// The user whose account the attacker adds an app to.
const VICTIM: usize = 0;

fn everybody(setting: &Setting) -> impl Iterator<Item = Person> {
    let count = setting.headcount();
    (0..count).map(move |number| person(setting, number, count))
}

/// Writes the licenses that `users` show, with the plans of the subscription.
pub(crate) fn licenses(setting: &Setting, now: DateTime<Utc>, users: &[String]) -> Vec<String> {
    let skus = written::all("subscribedSkus", setting, now);
    let skus: Vec<Value> = skus.iter().filter_map(|sku| serde_json::from_str(sku).ok()).collect();
    let of_user = |user: &String| {
        let user: Value = serde_json::from_str(user).unwrap_or_default();
        let assigned = user["assignedLicenses"].as_array().cloned().unwrap_or_default();
        let rows = assigned.iter().filter_map(|license| {
            let sku = skus.iter().find(|sku| sku["skuId"] == license["skuId"])?;
            Some(license_row(&user, sku, license).to_string())
        });
        rows.collect::<Vec<_>>()
    };
    users.iter().flat_map(of_user).collect()
}

fn license_row(user: &Value, sku: &Value, license: &Value) -> Value {
    let mut plans = sku["servicePlans"].clone();
    let off = license["disabledPlans"].as_array().map(Vec::as_slice).unwrap_or_default();
    for plan in plans.as_array_mut().into_iter().flatten() {
        if off.contains(&plan["servicePlanId"]) {
            plan["provisioningStatus"] = Value::from("Disabled");
        }
    }
    let id = user["id"].as_str().unwrap_or_default();
    json!({
        PARENT: id, "id": format!("{}_{}", &id[..8.min(id.len())], sku["skuPartNumber"].as_str().unwrap_or_default()),
        "skuId": sku["skuId"], "skuPartNumber": sku["skuPartNumber"], "servicePlans": plans,
    })
}

/// Writes the methods behind the registration report, and the one added in the attack.
pub(crate) fn methods(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let mut rows = Vec::new();
    for person in everybody(setting).filter(|person| !person.guest) {
        rows.push(method(&person, "password", PASSWORD, json!({"password": null})));
        let told = registration::of(setting, &person);
        for (number, name) in told.methods_registered.iter().enumerate() {
            rows.extend(registered(&person, name, number, now));
        }
        rows.extend(rare(&person, now));
        if person.number == VICTIM {
            let at = moment::ticks(story::time("4 02:21:00", now), 1_402_877);
            rows.push(authenticator(&person, "SM-S911B", &at));
        }
    }
    rows.iter().map(Value::to_string).collect()
}

fn registered(person: &Person, name: &str, number: usize, now: DateTime<Utc>) -> Option<Value> {
    let mut random = Random::of(name, person.number as u64);
    let since = now - TimeDelta::days(40 + random.below(700) as i64);
    let since = moment::ticks(since, random.below(9_999_999) as u32);
    let id = Random::of("method", (person.number * 10 + number) as u64).guid();
    Some(match name {
        "microsoftAuthenticatorPush" | "microsoftAuthenticatorPasswordless" => {
            authenticator(person, if random.chance(60) { "iPhone" } else { "Pixel 9" }, &since)
        }
        "softwareOneTimePasscode" => {
            method(person, "softwareOath", &id, json!({"secretKey": null}))
        }
        "mobilePhone" => {
            let phone = format!("+49 170{:07}", random.below(9_999_999));
            let own = json!({"phoneNumber": phone, "phoneType": "mobile", "smsSignInState": "notEnabled",
                "createdDateTime": since});
            method(person, "phone", MOBILE, own)
        }
        "email" => {
            let address = format!("{}@mail.example", person.nickname);
            method(person, "email", EMAIL, json!({"emailAddress": address}))
        }
        "windowsHelloForBusiness" => {
            let computer = format!("HV-{:05}", person.number);
            let own =
                json!({"displayName": computer, "keyStrength": "normal", "createdDateTime": since});
            method(person, "windowsHelloForBusiness", &id, own)
        }
        "fido2SecurityKey" => {
            let own = json!({"displayName": "Security key", "createdDateTime": since,
                "aaGuid": "2fc0579f-8113-47ea-b116-bb5a8db9202a", "model": "YubiKey 5 Series with NFC",
                "attestationLevel": "attested", "attestationCertificates": [random.guid()],
                "passkeyType": "deviceBound"});
            method(person, "fido2", &id, own)
        }
        _ => return None,
    })
}

/// What hardly anybody has.
fn rare(person: &Person, now: DateTime<Utc>) -> Option<Value> {
    let id = Random::of("rare", person.number as u64).guid();
    let (kind, own) = match person.number {
        31 => {
            ("external", json!({"displayName": "Second factor of Nordkai", "configurationId": id}))
        }
        32 => (
            "platformCredential",
            json!({"displayName": "MacBook Pro", "platform": "macOS", "keyStrength": "normal"}),
        ),
        33 => (
            "temporaryAccessPass",
            json!({"temporaryAccessPass": null, "isUsable": false, "isUsableOnce": true,
            "lifetimeInMinutes": 60, "methodUsabilityReason": "Expired",
            "createdDateTime": moment::seconds(now - TimeDelta::days(3)),
            "startDateTime": moment::seconds(now - TimeDelta::days(3))}),
        ),
        34 => {
            let own = json!({"displayName": "Synced passkey", "passkeyType": "synced",
                "publicKeyCredential": {"id": id}, "lastUsedDateTime": moment::seconds(now)});
            ("fido2", own)
        }
        _ => return None,
    };
    Some(method(person, kind, &id, own))
}

fn authenticator(person: &Person, phone: &str, since: &str) -> Value {
    let id = Random::of(phone, person.number as u64).guid();
    let own = json!({"displayName": phone, "deviceTag": "SoftwareTokenActivated",
        "phoneAppVersion": "6.8.27", "createdDateTime": since});
    method(person, "microsoftAuthenticator", &id, own)
}

fn method(person: &Person, kind: &str, id: &str, own: Value) -> Value {
    let mut row = json!({
        PARENT: person.id,
        "@odata.type": format!("#microsoft.graph.{kind}AuthenticationMethod"),
        "id": id, "createdDateTime": null,
    });
    crate::sim::world::merge(&mut row, &own);
    row
}

/// Writes the mailboxes; guests and one in thirteen have none. Printers and the like share
/// theirs.
pub(crate) fn mailboxes(setting: &Setting) -> Vec<String> {
    let has_one = |person: &Person| !person.guest && !person.number.is_multiple_of(13);
    everybody(setting).filter(has_one).map(|person| mailbox(setting, &person).to_string()).collect()
}

fn mailbox(setting: &Setting, person: &Person) -> Value {
    let mut random = Random::of("mailbox", person.number as u64);
    let device = setting.cast.get(person.number).is_some_and(|c| c.key.starts_with("scanner"));
    let away = !device && (person.stale || random.chance(3));
    let zone =
        *random.pick(&["W. Europe Standard Time", "GMT Standard Time", "Tokyo Standard Time"]);
    json!({
        PARENT: person.id,
        "archiveFolder": null, "dateFormat": "dd.MM.yyyy", "timeFormat": "HH:mm", "timeZone": zone,
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "language": {"locale": "en-GB", "displayName": "English (United Kingdom)"},
        "userPurpose": if device { "shared" } else { "user" },
        "userPurposeV2": if device { "shared" } else { "user" },
        "automaticRepliesSetting": {
            "status": if away { "alwaysEnabled" } else { "disabled" },
            "externalAudience": if away { "all" } else { "none" },
            "internalReplyMessage": if away { "I am not here at the moment." } else { "" },
            "externalReplyMessage": "",
            "scheduledStartDateTime": {"dateTime": "2025-01-01T08:00:00.0000000", "timeZone": "UTC"},
            "scheduledEndDateTime": {"dateTime": "2025-01-02T08:00:00.0000000", "timeZone": "UTC"},
        },
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000", "endTime": "17:00:00.0000000",
            "timeZone": {"name": zone},
        },
    })
}
