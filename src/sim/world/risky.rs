//! Writes the risky users.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sim::moment;
use crate::sim::random::Random;
use crate::sim::world::people::{Person, person};
use crate::sim::world::setting::Setting;
use crate::sim::world::story;

/// Risky users beside the named ones.
const OTHERS: usize = 30;

/// Level, state, detail.
const RISKS: [(&str, &str, &str); 6] = [
    ("low", "atRisk", "none"),
    ("medium", "atRisk", "none"),
    ("none", "remediated", "userPerformedSecuredPasswordChange"),
    ("none", "dismissed", "adminDismissedAllRiskForUser"),
    ("high", "confirmedCompromised", "adminConfirmedUserCompromised"),
    ("low", "atRisk", "aiElevatedAccountRisk"),
];

/// Writes all risky users, the named ones first.
pub(crate) fn all(setting: &Setting, now: DateTime<Utc>) -> Vec<String> {
    let count = setting.headcount();
    let mut rows = Vec::new();
    for (number, cast) in setting.cast.iter().enumerate() {
        if let Some(risk) = &cast.risk {
            let at = story::time(risk["ago"].as_str().unwrap_or_default(), now);
            let text = |name: &str| risk[name].as_str().unwrap_or("none").to_owned();
            let risk = (text("riskLevel"), text("riskState"), text("riskDetail"));
            rows.push(row(&person(setting, number, count), &risk, at));
        }
    }
    for number in 0..OTHERS {
        let mut random = Random::of("risky", number as u64);
        let who = person(setting, setting.cast.len() + number * 37, count);
        let (level, state, detail) = RISKS[number % RISKS.len()];
        let at = now - TimeDelta::minutes(600 + random.below(60_000) as i64);
        rows.push(row(&who, &(level.into(), state.into(), detail.into()), at));
    }
    if let Some(last) = rows.last_mut() {
        for name in [
            "isDeleted",
            "isProcessing",
            "riskDetail",
            "riskLastUpdatedDateTime",
            "riskLevel",
            "riskState",
            "userDisplayName",
            "userPrincipalName",
        ] {
            last[name] = Value::Null;
        }
    }
    rows.iter().map(Value::to_string).collect()
}

fn row(person: &Person, risk: &(String, String, String), at: DateTime<Utc>) -> Value {
    let (level, state, detail) = risk;
    json!({
        "id": person.id,
        "isDeleted": !person.enabled,
        "isProcessing": false,
        "riskDetail": detail,
        "riskLastUpdatedDateTime": moment::ticks(at, 1_234_567 + u32::from(person.guest)),
        "riskLevel": level,
        "riskState": state,
        "userDisplayName": person.display,
        "userPrincipalName": person.upn,
    })
}
