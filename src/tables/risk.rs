//! The words of risk, used alike by sign-ins and by what is at risk.
//!
//! Without Entra ID P2, Graph answers `hidden` in place of the truth.

use crate::spec::{Column, choice, flag, record, text, time};
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

// An entry of the history of whoever was at risk.
pub(super) const WAS_LEVEL: Column =
    choice("risk_level", LEVELS, "`low`, `medium`, `high`, or `none` once cleared.");
pub(super) const WAS_STATE: Column =
    choice("risk_state", STATES, "Where the case stood, e.g. `atRisk`, `dismissed`.");
pub(super) const WHY: Column = choice("risk_detail", DETAILS, "Why the state changed.");
pub(super) const WHEN: Column = time("risk_last_updated_date_time", "When it changed.");
pub(super) const WHO: Column =
    text("initiated_by", "Object id of whoever changed it; null for Identity Protection.");
pub(super) const PROCESSING: Column =
    flag("is_processing", "Identity Protection is still working on it.");
