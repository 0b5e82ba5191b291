//! How a Conditional Access policy came out in a sign-in.
//!
//! The v1.0 log names the policy and its result; why it applied is in the beta log only.

use crate::spec::{Column, Kind, choice, list, record, text, texts};

pub(super) const POLICY: &[Column] = &[
    text("id", "Policy id."),
    text("display_name", "Name of the policy."),
    choice("result", RESULTS, "E.g. `success`, `failure`, `notApplied`, `reportOnlyFailure`."),
    texts("enforced_grant_controls", "E.g. `Mfa`, `Block`, `RequireCompliantDevice`."),
    texts("enforced_session_controls", "E.g. `SignInFrequency`, `CloudAppSecurity`."),
    texts("session_controls_not_satisfied", "Session controls that were not met.").beta(),
    choice("conditions_satisfied", CONDITIONS, "Conditions that matched, comma-separated.").beta(),
    choice("conditions_not_satisfied", CONDITIONS, "Conditions that did not, comma-separated.")
        .beta(),
    list("include_rules_satisfied", &Kind::Record(RULE), "Rules that brought it in.").beta(),
    list("exclude_rules_satisfied", &Kind::Record(RULE), "Rules that kept it out.").beta(),
    record("authentication_strength", STRENGTH, "The strength it asks for.").beta(),
];

const RULE: &[Column] = &[
    choice("conditional_access_condition", CONDITIONS, "Condition, e.g. `users`, `location`."),
    choice("rule_satisfied", RULES, "Rule that matched, e.g. `allUsers`, `groupId`."),
];

const STRENGTH: &[Column] = &[
    text("authentication_strength_id", "Authentication strength policy."),
    text("display_name", "Name of the strength."),
    choice(
        "authentication_strength_result",
        STRENGTH_RESULTS,
        "E.g. `satisfied`, `cannotSatisfy`.",
    ),
];

const RESULTS: &[&str] = &[
    "success",
    "failure",
    "notApplied",
    "notEnabled",
    "unknown",
    "reportOnlySuccess",
    "reportOnlyFailure",
    "reportOnlyNotApplied",
    "reportOnlyInterrupted",
];

const CONDITIONS: &[&str] = &[
    "none",
    "application",
    "users",
    "devicePlatform",
    "location",
    "clientType",
    "signInRisk",
    "userRisk",
    "time",
    "deviceState",
    "client",
    "ipAddressSeenByAzureAD",
    "ipAddressSeenByResourceProvider",
    "servicePrincipals",
    "servicePrincipalRisk",
    "authenticationFlows",
    "insiderRisk",
];

const RULES: &[&str] = &[
    "allApps",
    "firstPartyApps",
    "office365",
    "appId",
    "acr",
    "appFilter",
    "allUsers",
    "guest",
    "groupId",
    "roleId",
    "userId",
    "allDevicePlatforms",
    "devicePlatform",
    "allLocations",
    "insideCorpnet",
    "allTrustedLocations",
    "locationId",
    "allDevices",
    "deviceFilter",
    "deviceState",
    "deviceFilterIncludeRuleNotMatched",
    "allDeviceStates",
    "anonymizedIPAddress",
    "unfamiliarFeatures",
    "nationStateIPAddress",
    "realTimeThreatIntelligence",
    "internalGuest",
    "b2bCollaborationGuest",
    "b2bCollaborationMember",
    "b2bDirectConnectUser",
    "otherExternalUser",
    "serviceProvider",
    "microsoftAdminPortals",
    "deviceCodeFlow",
    "authenticationTransfer",
    "insiderRisk",
];

const STRENGTH_RESULTS: &[&str] = &[
    "notSet",
    "skippedForProofUp",
    "satisfied",
    "singleChallengeRequired",
    "multipleChallengesRequired",
    "singleRegistrationRequired",
    "multipleRegistrationsRequired",
    "cannotSatisfyDueToCombinationConfiguration",
    "cannotSatisfy",
];
