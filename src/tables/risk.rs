//! The words of risk, used alike by sign-ins and by what is at risk.
//!
//! Without Entra ID P2, Graph answers `hidden` in place of the truth.

use crate::spec::{Column, record, text};
use crate::tables::sign_in_shapes::COORDINATES;

pub(super) const LEVELS: &[&str] = &["low", "medium", "high", "hidden", "none"];

pub(super) const STATES: &[&str] =
    &["none", "confirmedSafe", "remediated", "dismissed", "atRisk", "confirmedCompromised"];

pub(super) const DETAILS: &[&str] = &[
    "none",
    "adminGeneratedTemporaryPassword",
    "userPerformedSecuredPasswordChange",
    "userPerformedSecuredPasswordReset",
    "adminConfirmedSigninSafe",
    "aiConfirmedSigninSafe",
    "userPassedMFADrivenByRiskBasedPolicy",
    "adminDismissedAllRiskForUser",
    "adminConfirmedSigninCompromised",
    "hidden",
    "adminConfirmedUserCompromised",
    "m365DAdminDismissedDetection",
    "adminConfirmedServicePrincipalCompromised",
    "adminDismissedAllRiskForServicePrincipal",
    "userChangedPasswordOnPremises",
    "adminDismissedRiskForSignIn",
    "adminConfirmedAccountSafe",
    "microsoftRevokedSessions",
    // Known to the beta endpoint only.
    "adminConfirmedAgentSafe",
    "adminConfirmedAgentCompromised",
    "adminDismissedRiskForAgent",
    "aiElevatedAccountRisk",
    "userPassedVerifiedIdDrivenByRiskBasedPolicy",
];

pub(super) const EVENT_TYPES: &[&str] = &[
    "unlikelyTravel",
    "anonymizedIPAddress",
    "maliciousIPAddress",
    "unfamiliarFeatures",
    "malwareInfectedIPAddress",
    "suspiciousIPAddress",
    "leakedCredentials",
    "investigationsThreatIntelligence",
    "generic",
    "adminConfirmedUserCompromised",
    "mcasImpossibleTravel",
    "mcasSuspiciousInboxManipulationRules",
    "investigationsThreatIntelligenceSigninLinked",
    "maliciousIPAddressValidCredentialsBlockedIP",
];

pub(super) const ACTIVITIES: &[&str] = &["signin", "user", "servicePrincipal"];

pub(super) const TIMINGS: &[&str] = &["notDefined", "realtime", "nearRealtime", "offline"];

pub(super) const AGENT_TYPES: &[&str] = &[
    "agentIdentity",
    "agentUser",
    "agentIdentityBlueprintPrincipal",
    "user",
    "discoveredAgentIdentity",
];

/// The same record as in a sign-in, but nothing in it can be filtered.
pub(super) const LOCATION: &[Column] = &[
    text("city", "City."),
    text("state", "State or province."),
    text("country_or_region", "Two-letter country, e.g. `DE`."),
    record("geo_coordinates", COORDINATES, "Coordinates of the place."),
];
