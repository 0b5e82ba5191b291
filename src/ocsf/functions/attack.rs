//! What an attacker does where Identity Protection detects a risk, as MITRE ATT&CK techniques.
//!
//! The techniques are those the public Sigma rules for these detections are tagged with (2026-08).

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;

const EVENT: &[Argument] =
    &[argument("risk_event_type", Kind::Text, "Value of `risk_event_type`, in any case.")];
const ID: &[Argument] = &[argument("technique", Kind::Text, "Id such as `T1110.003`.")];

const TECHNIQUE: About = About {
    name: "entra_attack_technique",
    family: FAMILY,
    text: "Returns the id of the ATT&CK technique behind a risk detection; null for null and for \
           detections that tell of none.",
    example: "SELECT entra_attack_technique('passwordSpray')",
    result: "T1110.003",
};
const NAME: About = About {
    name: "attack_technique_name",
    family: FAMILY,
    text: "Returns the name of a technique `entra_attack_technique` returns, or of the one above \
           it; null for others.",
    example: "SELECT attack_technique_name('T1110.003')",
    result: "Password Spraying",
};

pub(super) fn functions() -> Vec<Function> {
    let text = |_: &[DataType]| Ok(DataType::Utf8);
    vec![
        Function::new(&TECHNIQUE, EVENT, text, |a| each(a, |event| find(DETECTIONS, event))),
        Function::new(&NAME, ID, text, |a| each(a, |id| find(TECHNIQUES, id))),
    ]
}

fn each(arguments: &Arguments<'_>, f: fn(&str) -> Option<&'static str>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    let one = |row| texts.at(row).and_then(f);
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}

fn find(table: &[(&str, &'static str)], wanted: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted)).map(|(_, value)| *value)
}

const DETECTIONS: &[(&str, &str)] = &[
    ("anomalousToken", "T1528"),
    ("anomalousUserActivity", "T1098"),
    ("anonymizedIPAddress", "T1528"),
    ("attemptedPrtAccess", "T1528"),
    ("impossibleTravel", "T1078"),
    ("investigationsThreatIntelligence", "T1078"),
    ("leakedCredentials", "T1589"),
    ("maliciousIPAddress", "T1090"),
    ("malwareInfectedIPAddress", "T1090"),
    ("mcasImpossibleTravel", "T1078"),
    ("mcasSuspiciousInboxManipulationRules", "T1140"),
    ("newCountry", "T1078"),
    ("passwordSpray", "T1110.003"),
    ("riskyIPAddress", "T1078"),
    ("suspiciousBrowser", "T1078"),
    ("suspiciousIPAddress", "T1090"),
    ("suspiciousInboxForwarding", "T1114.003"),
    ("tokenIssuerAnomaly", "T1606"),
    ("unfamiliarFeatures", "T1078"),
    ("unlikelyTravel", "T1078"),
];

/// Names as on <https://attack.mitre.org>.
const TECHNIQUES: &[(&str, &str)] = &[
    ("T1078", "Valid Accounts"),
    ("T1090", "Proxy"),
    ("T1098", "Account Manipulation"),
    ("T1110", "Brute Force"),
    ("T1110.003", "Password Spraying"),
    ("T1114", "Email Collection"),
    ("T1114.003", "Email Forwarding Rule"),
    ("T1140", "Deobfuscate/Decode Files or Information"),
    ("T1528", "Steal Application Access Token"),
    ("T1589", "Gather Victim Identity Information"),
    ("T1606", "Forge Web Credentials"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_technique_of_a_detection_has_a_name_and_so_has_the_one_above_it() {
        for (event, technique) in DETECTIONS {
            assert!(find(TECHNIQUES, technique).is_some(), "{event}");
            let above = technique.split('.').next().unwrap();
            assert!(find(TECHNIQUES, above).is_some(), "{event}");
        }
    }

    #[test]
    fn a_detection_is_found_in_any_case_and_an_unknown_one_has_none() {
        assert_eq!(find(DETECTIONS, "UNFAMILIARFEATURES"), Some("T1078"));
        assert_eq!(find(DETECTIONS, "unknownFutureValue"), None);
    }
}
