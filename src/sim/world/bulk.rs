//! Many rows at little cost: templates of the demo world, varied by a number.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use crate::sim::members::retain;
use crate::sim::moment::{self, Moment};
use crate::sim::random::guid_of;
use crate::sim::world::Collection;
use crate::sim::world::people::{Person, person};
use crate::sim::world::render;
use crate::sim::world::setting::Setting;
use crate::sim::world::sign_ins::{Activity, Kind, SignIn};
use crate::sim::world::users;

/// Different rows; every row after that repeats one of them with other ids.
pub(crate) const TEMPLATES: usize = 400;
/// Days over which the rows are spread.
const SPAN: TimeDelta = TimeDelta::days(29);
/// Members that differ in every row.
const VARIED: [&str; 6] =
    ["id", "createdDateTime", "userId", "userPrincipalName", "userDisplayName", "correlationId"];

/// Members that are left out, to keep a row at the size rows of a tenant have on average.
const RARE: [&str; 30] = [
    "agent",
    "appTokenProtectionStatus",
    "appliedEventListeners",
    "authenticationAppDeviceDetails",
    "authenticationAppPolicyEvaluationDetails",
    "authenticationContextClassReferences",
    "authenticationProcessingDetails",
    "azureResourceId",
    "clientSessionId",
    "conditionalAccessAudiences",
    "globalSecureAccessIpAddress",
    "ipAddressFromResourceProvider",
    "isThroughGlobalSecureAccess",
    "managedServiceIdentity",
    "privateLinkDetails",
    "rootActorId",
    "sessionLifetimePolicies",
    "signInTokenProtectionStatus",
    "tokenProtectionStatusDetails",
    "userAgent",
    "appOwnerTenantId",
    "authenticationRequirementPolicies",
    "federatedCredentialId",
    "homeTenantName",
    "resourceOwnerTenantId",
    "resourceServicePrincipalId",
    "servicePrincipalCredentialKeyId",
    "servicePrincipalCredentialThumbprint",
    "signInIdentifier",
    "signInIdentifierType",
];

/// Interactive sign-ins, evenly spread over the last 29 days.
pub(crate) struct BulkSignIns {
    now: DateTime<Utc>,
    count: usize,
    users: usize,
    /// What stays the same in each template, without the opening brace.
    templates: Vec<String>,
}

impl BulkSignIns {
    pub(crate) fn new(setting: &Setting, now: DateTime<Utc>, count: usize, users: usize) -> Self {
        let people: Vec<Person> =
            (0..TEMPLATES).map(|number| person(setting, number, setting.headcount())).collect();
        let templates = (0..TEMPLATES).map(|at| template(setting, &people, now, at)).collect();
        Self { now, count, users, templates }
    }

    fn at(&self, index: usize) -> DateTime<Utc> {
        let step = SPAN.num_milliseconds() / i64::try_from(self.count.max(1)).unwrap_or(i64::MAX);
        let back = step * i64::try_from(index).unwrap_or(0);
        self.now - TimeDelta::milliseconds(back)
    }
}

fn template(setting: &Setting, people: &[Person], now: DateTime<Utc>, at: usize) -> String {
    let code = setting.outcomes[if at.is_multiple_of(9) { at % 5 } else { 0 }].code;
    let row = SignIn {
        at: now,
        serial: u32::try_from(at).unwrap_or(0),
        kind: Kind::Interactive,
        who: at,
        app: at % 8,
        place: at % setting.offices,
        device: at % 6,
        code,
        change: None,
    };
    let text = render::sign_in(setting, people, &row);
    let kept = |name: &str| !VARIED.contains(&name) && !RARE.contains(&name);
    retain(&text, kept)[1..].to_owned()
}

impl Collection for BulkSignIns {
    fn len(&self) -> usize {
        self.count
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        let template = &self.templates[index % TEMPLATES];
        let user = index.wrapping_mul(7_919) % self.users;
        let (id, who) = (guid_of("bulk-sign-in", index as u64), guid_of("user", user as u64));
        Cow::Owned(format!(
            "{{\"id\":\"{id}\",\"createdDateTime\":\"{}\",\"userId\":\"{who}\",\
             \"userPrincipalName\":\"user{user:06}@haldenvoss.example\",\
             \"userDisplayName\":\"User {user:06}\",\"correlationId\":\"{id}\",{template}",
            moment::seconds(self.at(index)),
        ))
    }

    fn time(&self, index: usize, _column: &str) -> Moment {
        (self.at(index).timestamp(), 0)
    }
}

/// Users that are written when a page needs them.
pub(crate) struct BulkUsers {
    domain: String,
    count: usize,
    /// What stays the same, without the opening brace.
    templates: Vec<String>,
}

/// Members that differ between users of one template.
const OWN: [&str; 5] = ["id", "displayName", "userPrincipalName", "mail", "mailNickname"];

impl BulkUsers {
    pub(crate) fn new(setting: &Setting, now: DateTime<Utc>, count: usize) -> Self {
        let headcount = setting.headcount();
        let cast = setting.cast.len();
        let one = |at: usize| {
            let activity = Activity {
                interactive: Some((now - TimeDelta::hours(at as i64), 0)),
                ..Activity::default()
            };
            let somebody = person(setting, cast + at, headcount);
            let text = users::text(setting, &somebody, &activity, now);
            retain(&text, |name| !OWN.contains(&name))[1..].to_owned()
        };
        let templates = (0..TEMPLATES.min(count)).map(one).collect();
        Self { domain: setting.domain.clone(), count, templates }
    }
}

impl Collection for BulkUsers {
    fn len(&self) -> usize {
        self.count
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        let template = &self.templates[index % self.templates.len()];
        let (id, domain) = (guid_of("user", index as u64), &self.domain);
        Cow::Owned(format!(
            "{{\"id\":\"{id}\",\"displayName\":\"User {index:06}\",\
             \"userPrincipalName\":\"user{index:06}@{domain}\",\"mail\":\"user{index:06}@{domain}\",\
             \"mailNickname\":\"user{index:06}\",{template}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::members::member;
    use serde_json::Value;

    #[test]
    fn rows_differ_and_stay_in_order() {
        let setting = Setting::load().unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let rows = BulkSignIns::new(&setting, now, 5_000, 100);
        let first: Value = serde_json::from_str(&rows.text(0)).unwrap();
        let later: Value = serde_json::from_str(&rows.text(TEMPLATES)).unwrap();
        assert_ne!(first["id"], later["id"]);
        assert!(rows.time(0, "") > rows.time(4_999, ""));
        assert!(member(&rows.text(4_999), "status").is_some());
        assert!(rows.text(17).len() > 2_000);
    }

    #[test]
    fn bulk_users_are_users() {
        let setting = Setting::load().unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let users = BulkUsers::new(&setting, now, 1_000);
        let one: Value = serde_json::from_str(&users.text(999)).unwrap();
        assert_eq!(one["userPrincipalName"], "user000999@haldenvoss.example");
        assert!(one["signInActivity"].is_object());
    }
}
