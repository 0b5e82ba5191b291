//! Writes the devices: a computer of the company for everybody, and phones some have added.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::children::PARENT;
use crate::sim::moment;
use crate::sim::random::{Random, guid_of};
use crate::sim::world::people::{Person, person};
use crate::sim::world::render;
use crate::sim::world::setting::Setting;

/// Maker and model of the computers.
const COMPUTERS: [(&str, &str); 4] = [
    ("LENOVO", "ThinkPad T14"),
    ("Dell Inc.", "Latitude 7450"),
    ("HP", "EliteBook 840"),
    ("Microsoft Corporation", "Surface Laptop 6"),
];

/// Writes all devices, computers first.
pub(crate) fn all(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let count = setting.headcount();
    let people: Vec<_> = (0..count).map(|number| person(setting, number, count)).collect();
    let staff = || people.iter().filter(|person| !person.guest);
    let computers = staff().map(|person| computer(person, now));
    let phones = staff().filter(|person| person.number % 4 == 1).map(|person| phone(person, now));
    computers.chain(phones).map(|row| row.to_string()).collect()
}

/// Writes who registered the devices, who is also their user. One in fifty has nobody.
pub(crate) fn owners(setting: &Setting) -> Vec<String> {
    let count = setting.headcount();
    let people = (0..count).map(|number| person(setting, number, count));
    let own = |person: Person| {
        let number = person.number as u64;
        let computer = (person.number % 50 != 49).then(|| guid_of("device", number));
        let phone = (person.number % 4 == 1).then(|| guid_of("phone", number));
        let rows = computer.into_iter().chain(phone).map(|device| owner(&device, &person));
        rows.collect::<Vec<_>>()
    };
    people.filter(|person| !person.guest).flat_map(own).collect()
}

fn owner(device: &str, person: &Person) -> String {
    let row = json!({
        PARENT: device, "@odata.type": "#microsoft.graph.user", "id": person.id,
        "deletedDateTime": null, "displayName": person.display,
        "userPrincipalName": person.upn, "mail": person.mail, "userType": "Member",
        "accountEnabled": person.enabled, "appId": null,
    });
    row.to_string()
}

/// Signs in under the name and id that the sign-ins give it.
fn computer(person: &Person, now: DateTime<Utc>) -> Value {
    let mut random = Random::of("computer", person.number as u64);
    let (maker, model) = *random.pick(&COMPUTERS);
    let hybrid = random.chance(20);
    let old = random.chance(15);
    let version = if old { "10.0.19045.5131" } else { "10.0.26100.2314" };
    let quiet = if person.stale || !person.enabled { 200 } else { 0 };
    let seen = now - TimeDelta::days(quiet + random.below(14) as i64);
    let id = render::device_id(person.number);
    let mut row = shape(&guid_of("device", person.number as u64), &id);
    let own = json!({
        "displayName": format!("HV-{:05}", person.number),
        "accountEnabled": person.enabled,
        "operatingSystem": "Windows",
        "operatingSystemVersion": version,
        "trustType": if hybrid { "ServerAd" } else { "AzureAd" },
        "isCompliant": !old,
        "isManaged": true,
        "approximateLastSignInDateTime": moment::seconds(seen),
        "registrationDateTime": moment::seconds(now - TimeDelta::days(300 + random.below(1_000) as i64)),
        "complianceExpirationDateTime": moment::seconds(now + TimeDelta::days(30)),
        "manufacturer": maker,
        "model": model,
        "deviceOwnership": "company",
        "managementType": "mdm",
        "mdmAppId": "0000000a-0000-0000-c000-000000000000",
        "deviceCategory": "Office",
        "enrollmentProfileName": "Standard",
        "enrollmentType": if hybrid { "windowsAutoEnrollment" } else { "azureDomainJoined" },
        "onPremisesSyncEnabled": hybrid.then_some(true),
        "onPremisesLastSyncDateTime": hybrid.then(|| moment::seconds(now - TimeDelta::hours(1))),
        "onPremisesSecurityIdentifier": hybrid.then(|| format!("S-1-5-21-1-{}", person.number)),
        "physicalIds": [format!("[USER-HWID]:{id}:{}", random.below(9_999))],
        "domainName": hybrid.then_some("haldenvoss.example"),
        "hostnames": [format!("hv-{:05}", person.number)],
        "kind": "Laptop",
        "platform": "Windows",
    });
    crate::sim::world::merge(&mut row, &own);
    row
}

fn phone(person: &Person, now: DateTime<Utc>) -> Value {
    let mut random = Random::of("phone", person.number as u64);
    let apple = random.chance(60);
    let mut row = shape(&guid_of("phone", person.number as u64), &random.guid());
    let own = json!({
        "displayName": format!("{}'s phone", person.given),
        "operatingSystem": if apple { "IPhone" } else { "Android" },
        "operatingSystemVersion": if apple { "18.1" } else { "15" },
        "trustType": "Workplace",
        "isRooted": person.number.is_multiple_of(97),
        "approximateLastSignInDateTime": moment::seconds(now - TimeDelta::days(random.below(300) as i64)),
        "registrationDateTime": moment::seconds(now - TimeDelta::days(300 + random.below(400) as i64)),
        "manufacturer": if apple { "Apple" } else { "Google" },
        "deviceOwnership": "personal",
    });
    crate::sim::world::merge(&mut row, &own);
    row
}

/// What every device has, nearly all of it null.
fn shape(id: &str, device: &str) -> Value {
    json!({
        "id": id, "deviceId": device, "displayName": null, "accountEnabled": true,
        "deletedDateTime": null, "operatingSystem": null, "operatingSystemVersion": null,
        "trustType": null, "isCompliant": null, "isManaged": null, "isRooted": null,
        "approximateLastSignInDateTime": null, "registrationDateTime": null,
        "complianceExpirationDateTime": null, "manufacturer": null, "model": null,
        "deviceOwnership": null, "managementType": null, "mdmAppId": null,
        "profileType": "RegisteredDevice", "deviceCategory": null, "enrollmentProfileName": null,
        "enrollmentType": null, "onPremisesSyncEnabled": null, "onPremisesLastSyncDateTime": null,
        "onPremisesSecurityIdentifier": null, "isManagementRestricted": null, "physicalIds": [],
        "systemLabels": [], "alternativeSecurityIds": [], "deviceMetadata": null,
        "deviceVersion": 2, "alternativeNames": [], "hostnames": [], "extensionAttributes": null,
        "domainName": null, "kind": null, "name": null, "platform": null, "status": null,
    })
}
