//! The words of risk, used alike by sign-ins and risky users.
//!
//! Without Entra ID P2, Graph answers `hidden` in place of the truth.

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
