//! Writes the report of registered sign-in methods. Disabled accounts are not in it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::moment;
use crate::sim::random::Random;
use crate::sim::world::people::{Person, person};
use crate::sim::world::setting::{Registration, Setting};
use crate::sim::world::story;

/// What people have registered, the common first.
const HABITS: [&[&str]; 8] = [
    &["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
    &["microsoftAuthenticatorPush", "softwareOneTimePasscode", "mobilePhone"],
    &["microsoftAuthenticatorPush", "softwareOneTimePasscode", "email"],
    &["mobilePhone", "email"],
    &["windowsHelloForBusiness", "microsoftAuthenticatorPush", "softwareOneTimePasscode"],
    &["fido2SecurityKey"],
    &["email"],
    &[],
];
/// Methods that only serve to reset a password.
const WEAK: [&str; 2] = ["email", "securityQuestion"];
/// Methods that replace the password.
const PASSWORDLESS: [&str; 3] =
    ["windowsHelloForBusiness", "fido2SecurityKey", "microsoftAuthenticatorPasswordless"];

/// What the summary counts, and the flag of a row that counts.
const FEATURES: [(&str, &str); 5] = [
    ("ssprRegistered", "isSsprRegistered"),
    ("ssprEnabled", "isSsprEnabled"),
    ("ssprCapable", "isSsprCapable"),
    ("passwordlessCapable", "isPasswordlessCapable"),
    ("mfaCapable", "isMfaCapable"),
];

/// Writes all rows, in the order of the users.
pub(crate) fn all(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    rows(setting, now).iter().map(Value::to_string).collect()
}

fn rows(setting: &Setting, now: DateTime<Utc>) -> Vec<Value> {
    let count = setting.headcount();
    let people = (0..count).map(|number| person(setting, number, count));
    people.filter(|person| person.enabled).map(|person| row(setting, &person, now)).collect()
}

/// Writes the one object that says how many users can do what.
pub(crate) fn features(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let rows = rows(setting, now);
    let count = |flag: &str| rows.iter().filter(|row| row[flag] == true).count();
    let counts = FEATURES.map(|(name, flag)| json!({"feature": name, "userCount": count(flag)}));
    summary(rows.len(), "userRegistrationFeatureCounts", &counts)
}

/// Writes the one object that says how many users have which method.
pub(crate) fn methods(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let rows = rows(setting, now);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for method in rows.iter().filter_map(|row| row["methodsRegistered"].as_array()).flatten() {
        *found.entry(method.as_str().unwrap_or_default()).or_default() += 1;
    }
    let count = |(name, users)| json!({"authenticationMethod": name, "userCount": users});
    let counts: Vec<_> = found.into_iter().map(count).collect();
    summary(rows.len(), "userRegistrationMethodCounts", &counts)
}

fn summary(users: usize, name: &str, counts: &[Value]) -> Vec<String> {
    let row =
        json!({"totalUserCount": users, "userTypes": "all", "userRoles": "all", name: counts});
    vec![row.to_string()]
}

fn row(setting: &Setting, person: &Person, now: DateTime<Utc>) -> Value {
    let mut random = Random::of("registration", person.number as u64);
    let told = told(setting, person, &mut random);
    let seen = match &told.ago {
        Some(ago) => story::time(ago, now),
        None => now - TimeDelta::minutes(200 + random.below(1_200) as i64),
    };
    let has = |wanted: &str| told.methods_registered.iter().any(|method| method == wanted);
    let strong = told.methods_registered.iter().any(|method| !WEAK.contains(&method.as_str()));
    let any = !told.methods_registered.is_empty();
    let preferred = if has("microsoftAuthenticatorPush") {
        "push"
    } else if has("mobilePhone") {
        "sms"
    } else {
        "none"
    };
    json!({
        "id": person.id,
        "userPrincipalName": person.upn,
        "userDisplayName": person.display,
        "userType": if person.guest { "guest" } else { "member" },
        "isAdmin": told.is_admin,
        "isSsprRegistered": any,
        "isSsprEnabled": !person.guest,
        "isSsprCapable": any && !person.guest,
        "isMfaRegistered": strong,
        "isMfaCapable": strong,
        "isPasswordlessCapable": PASSWORDLESS.iter().any(|method| has(method)),
        "methodsRegistered": told.methods_registered,
        "defaultMfaMethod": null,
        "isSystemPreferredAuthenticationMethodEnabled": true,
        "systemPreferredAuthenticationMethods": if preferred == "none" { json!([]) } else { json!([preferred]) },
        "userPreferredMethodForSecondaryAuthentication": preferred,
        "lastUpdatedDateTime": moment::ticks(seen, 6_195_833),
    })
}

/// Returns what a person has registered, as far as the report knows.
pub(crate) fn of(setting: &Setting, person: &Person) -> Registration {
    told(setting, person, &mut Random::of("registration", person.number as u64))
}

fn told(setting: &Setting, person: &Person, random: &mut Random) -> Registration {
    let told = setting.cast.get(person.number).and_then(|cast| cast.registration.clone());
    told.unwrap_or_else(|| chance(person, random))
}

/// Guests seldom register anything here: their own tenant asks them.
fn chance(person: &Person, random: &mut Random) -> Registration {
    let habit = if person.guest { 7 } else { random.below(HABITS.len()).min(random.below(10)) };
    Registration {
        is_admin: false,
        methods_registered: HABITS[habit].iter().map(|method| (*method).to_owned()).collect(),
        ago: None,
    }
}
