//! Writes the risk detections: one per reason of a risky sign-in, one per other risky user.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::sim::random::{Random, guid_of, hash};
use crate::sim::world::Collection;
use crate::sim::world::sign_ins::SignIns;

/// Reasons that come without a sign-in, and how they are found.
const OFFLINE: [&str; 3] = ["leakedCredentials", "investigationsThreatIntelligence", "generic"];
/// Sign-ins carry the names of events; some have a technique of MITRE ATT&CK.
const TECHNIQUES: [(&str, &str); 3] =
    [("passwordSpray", "T1110.003"), ("mfaFatigue", "T1621"), ("leakedCredentials", "T1589.001")];

/// Writes all detections, those of sign-ins first.
pub(crate) fn all(sign_ins: &SignIns, risky: &[String]) -> Vec<String> {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let mut rows: Vec<Value> =
        sign_ins.told().flat_map(|at| of_sign_in(&read(&sign_ins.text(at)))).collect();
    let seen: HashSet<String> = rows.iter().map(|row| row["userId"].to_string()).collect();
    let users = risky.iter().map(|text| read(text));
    let quiet = users.filter(|user| !seen.contains(&user["id"].to_string()));
    rows.extend(quiet.map(|user| of_user(&user)));
    rows.iter().map(Value::to_string).collect()
}

fn of_sign_in(sign_in: &Value) -> Vec<Value> {
    let none = Vec::new();
    let reasons = sign_in["riskEventTypes_v2"].as_array().unwrap_or(&none);
    reasons.iter().filter_map(Value::as_str).map(|reason| detection(sign_in, reason)).collect()
}

fn detection(sign_in: &Value, reason: &str) -> Value {
    let at = &sign_in["createdDateTime"];
    let seed = hash(sign_in["id"].to_string().as_bytes(), hash(reason.as_bytes(), 0));
    let agent = json!([{"Key": "userAgent", "Value": sign_in["userAgent"]}]).to_string();
    let level = match sign_in["riskLevelDuringSignIn"].as_str() {
        None | Some("none") => "low",
        Some(level) => level,
    };
    json!({
        "id": guid_of("detection", seed),
        "requestId": sign_in["id"],
        "correlationId": sign_in["correlationId"],
        "riskEventType": reason,
        "riskState": if sign_in["riskState"] == "none" { "remediated" } else { "atRisk" },
        "riskLevel": level,
        "riskDetail": sign_in["riskDetail"],
        "source": "IdentityProtection",
        "detectionTimingType": if reason == "unlikelyTravel" { "offline" } else { "realtime" },
        "activity": "signin",
        "tokenIssuerType": "AzureAD",
        "ipAddress": sign_in["ipAddress"],
        "location": sign_in["location"],
        "activityDateTime": at,
        "detectedDateTime": at,
        "lastUpdatedDateTime": at,
        "userId": sign_in["userId"],
        "userDisplayName": sign_in["userDisplayName"],
        "userPrincipalName": sign_in["userPrincipalName"],
        "additionalInfo": agent,
        "mitreTechniqueId": technique(reason),
        "riskType": reason,
    })
}

fn of_user(user: &Value) -> Value {
    let seed = hash(user["id"].to_string().as_bytes(), 0);
    let reason = *Random::of("reason", seed).pick(&OFFLINE);
    let at = &user["riskLastUpdatedDateTime"];
    let level = if user["riskLevel"] == "none" { &json!("medium") } else { &user["riskLevel"] };
    json!({
        "id": guid_of("detection", seed),
        "requestId": null,
        "correlationId": null,
        "riskEventType": reason,
        "riskState": user["riskState"],
        "riskLevel": level,
        "riskDetail": user["riskDetail"],
        "source": "IdentityProtection",
        "detectionTimingType": "offline",
        "activity": "user",
        "tokenIssuerType": "AzureAD",
        "ipAddress": null,
        "location": null,
        "activityDateTime": at,
        "detectedDateTime": at,
        "lastUpdatedDateTime": at,
        "userId": user["id"],
        "userDisplayName": user["userDisplayName"],
        "userPrincipalName": user["userPrincipalName"],
        "additionalInfo": null,
        "mitreTechniqueId": technique(reason),
        "riskType": reason,
    })
}

fn technique(reason: &str) -> Option<&'static str> {
    TECHNIQUES.iter().find(|(known, _)| *known == reason).map(|(_, technique)| *technique)
}
