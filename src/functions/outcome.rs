//! How a sign-in went, from its error code.
//!
//! Names are those of <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
//! (2024-04); codes that have none there got one here.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

const CODE: &[Argument] =
    &[argument("error_code", Kind::Integer, "Value of `status['error_code']`.")];

const OUTCOME: About = About {
    name: "signin_outcome",
    family: "Sign-ins",
    text: "Returns `success`, `interrupted` when the user was only asked for a further step, or \
           `failure`. Null stays null.",
    example: "SELECT signin_outcome(50140)",
    result: "interrupted",
};
const ERROR: About = About {
    name: "signin_error",
    family: "Sign-ins",
    text: "Returns the short name of an error code; null for success, null and codes not known.",
    example: "SELECT signin_error(50126)",
    result: "InvalidUserNameOrPassword",
};

pub(super) fn functions() -> Vec<Function> {
    let text = |_: &[DataType]| Ok(DataType::Utf8);
    vec![
        Function::new(&OUTCOME, CODE, text, |a| each(a, |code| Some(outcome(code)))),
        Function::new(&ERROR, CODE, text, |a| each(a, error)),
    ]
}

fn each(arguments: &Arguments<'_>, f: fn(i64) -> Option<&'static str>) -> Result<ArrayRef> {
    let codes = arguments.integers(0)?;
    let one = |row| codes.is_valid(row).then(|| f(codes.value(row))).flatten();
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}

fn outcome(code: i64) -> &'static str {
    match code {
        0 => "success",
        _ if INTERRUPTS.contains(&code) => "interrupted",
        _ => "failure",
    }
}

fn error(code: i64) -> Option<&'static str> {
    ERRORS.binary_search_by_key(&code, |(known, _)| *known).ok().map(|at| ERRORS[at].1)
}

/// The first factor was right, or nobody was asked yet; another step was to follow.
const INTERRUPTS: [i64; 25] = [
    16000, 16001, 16003, 50055, 50058, 50059, 50072, 50074, 50076, 50078, 50079, 50097, 50125,
    50127, 50129, 50140, 50143, 50144, 50158, 50168, 50199, 51006, 52004, 65001, 81010,
];

/// In order of the codes.
const ERRORS: [(i64, &str); 70] = [
    (16000, "InteractionRequired"),
    (16001, "UserAccountSelectionInvalid"),
    (16003, "SsoUserAccountNotFoundInResourceTenant"),
    (50001, "InvalidResource"),
    (50002, "NotAllowedTenant"),
    (50005, "DevicePolicyError"),
    (50008, "InvalidSamlToken"),
    (50011, "InvalidReplyTo"),
    (50012, "AuthenticationFailed"),
    (50013, "InvalidAssertion"),
    (50014, "GuestUserInPendingState"),
    (50017, "CertificateValidationFailed"),
    (50020, "UserUnauthorized"),
    (50034, "UserAccountNotFound"),
    (50053, "IdsLocked"),
    (50055, "InvalidPasswordExpiredPassword"),
    (50056, "InvalidOrNullPassword"),
    (50057, "UserDisabled"),
    (50058, "UserInformationNotProvided"),
    (50059, "MissingTenantRealmAndNoUserInformationProvided"),
    (50064, "CredentialAuthenticationError"),
    (50072, "UserStrongAuthEnrollmentRequiredInterrupt"),
    (50074, "UserStrongAuthClientAuthNRequiredInterrupt"),
    (50076, "UserStrongAuthClientAuthNRequired"),
    (50078, "UserStrongAuthExpired"),
    (50079, "UserStrongAuthEnrollmentRequired"),
    (50089, "FlowTokenExpired"),
    (50097, "DeviceAuthenticationRequired"),
    (50105, "EntitlementGrantsNotFound"),
    (50125, "PasswordResetRegistrationRequiredInterrupt"),
    (50126, "InvalidUserNameOrPassword"),
    (50127, "BrokerAppNotInstalled"),
    (50129, "DeviceIsNotWorkplaceJoined"),
    (50131, "ConditionalAccessFailed"),
    (50132, "SsoArtifactInvalidOrExpired"),
    (50133, "SsoArtifactRevoked"),
    (50135, "PasswordChangeCompromisedPassword"),
    (50140, "KmsiInterrupt"),
    (50143, "SessionMismatch"),
    (50144, "InvalidPasswordExpiredOnPremPassword"),
    (50155, "DeviceAuthenticationFailed"),
    (50158, "ExternalSecurityChallenge"),
    (50168, "ChromeBrowserSsoInterruptRequired"),
    (50173, "FreshTokenNeeded"),
    (50180, "WindowsIntegratedAuthMissing"),
    (50196, "LoopDetected"),
    (50199, "CmsiInterrupt"),
    (51004, "UserAccountNotInDirectory"),
    (51006, "ForceReauthDueToInsufficientAuth"),
    (52004, "DelegationDoesNotExistForLinkedIn"),
    (53000, "DeviceNotCompliant"),
    (53001, "DeviceNotDomainJoined"),
    (53002, "ApplicationUsedIsNotAnApprovedApp"),
    (53003, "BlockedByConditionalAccess"),
    (53004, "ProofUpBlockedDueToRisk"),
    (53011, "UserBlockedDueToRiskOnHomeTenant"),
    (65001, "DelegationDoesNotExist"),
    (65004, "UserDeclinedConsent"),
    (70008, "ExpiredOrRevokedGrant"),
    (70016, "AuthorizationPending"),
    (70043, "BadTokenDueToSignInFrequency"),
    (80012, "OnPremisePasswordValidationAccountLogonInvalidHours"),
    (81010, "DesktopSsoAuthTokenInvalid"),
    (500_011, "InvalidResourceServicePrincipalNotFound"),
    (500_121, "StrongAuthenticationFailed"),
    (500_133, "AssertionOutsideValidTime"),
    (530_035, "BlockedBySecurityDefaults"),
    (700_016, "AppNotFoundInTenant"),
    (700_082, "ExpiredOrRevokedGrantInactiveToken"),
    (7_000_215, "InvalidClientSecret"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_every_interrupt_has_a_name() {
        assert!(ERRORS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(INTERRUPTS.is_sorted_by(|a, b| a < b));
        for code in INTERRUPTS {
            assert!(error(code).is_some(), "{code}");
        }
    }

    #[test]
    fn an_outcome_is_one_of_three() {
        assert_eq!(
            [0, 50126, 50140, 500_121, 999].map(outcome),
            ["success", "failure", "interrupted", "failure", "failure"]
        );
        assert_eq!(error(0), None);
        assert_eq!(error(7_000_215), Some("InvalidClientSecret"));
    }
}
