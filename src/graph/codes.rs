//! What Graph's refusals mean to the user.
//!
//! A status alone says little: a missing permission, a missing license and a blocked
//! token all come as 403. The code decides, and where the code is vague, the words.

/// The class of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// An application permission is missing, or not consented to.
    Permission,
    /// A user without the directory role the report wants.
    Role,
    /// A Conditional Access policy wants another token.
    Claims,
    /// The tenant lacks a license.
    License,
    /// The tenant lacks a license, or Graph says so now and then when it does not.
    LicenseOrGlitch,
    /// The token is missing, expired or for somebody else.
    Token,
    /// The app has no service principal in the tenant.
    Identity,
    /// The state behind a next link is gone.
    PageExpired,
    /// There is no object of that id.
    Missing,
    /// There is no such path in this API version.
    NoPath,
    /// The log does not reach back that far.
    TooOld,
    /// The directory wants an advanced query, or a smaller page.
    Unsupported,
    Throttled,
    /// The service or something before it failed.
    Service,
    /// Anything else is wrong with the request.
    Request,
}

/// Status (0 for any), code (empty for any), words in the message (lower case).
type Rule = (u16, &'static str, &'static str, Class);

/// The first rule that fits wins. Codes as collected in
/// <https://learn.microsoft.com/graph/errors> and in the field up to 2026.
const RULES: &[Rule] = &[
    (0, "Directory_ExpiredPageToken", "", Class::PageExpired),
    (0, "", "skip token", Class::PageExpired),
    (0, "", "skiptoken", Class::PageExpired),
    (0, "resyncRequired", "", Class::PageExpired),
    (0, "syncStateNotFound", "", Class::PageExpired),
    (0, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "", Class::LicenseOrGlitch),
    (0, "AadPremiumLicenseRequired", "", Class::License),
    (403, "", "not licensed", Class::License),
    (403, "", "premium license", Class::LicenseOrGlitch),
    (403, "Authentication_RequestFromUnsupportedUserRole", "", Class::Role),
    (403, "", "not in the allowed roles", Class::Role),
    (0, "insufficient_claims", "", Class::Claims),
    (403, "", "claims challenge", Class::Claims),
    (0, "Authorization_RequestDenied", "", Class::Permission),
    (0, "Authentication_MSGraphPermissionMissing", "", Class::Permission),
    (0, "Authorization_IdentityNotFound", "", Class::Identity),
    (0, "InvalidAuthenticationToken", "", Class::Token),
    (400, "", "minimum allowed time", Class::TooOld),
    (0, "Request_UnsupportedQuery", "", Class::Unsupported),
    (0, "Request_ResourceNotFound", "", Class::Missing),
    (404, "MailboxNotEnabledForRESTAPI", "", Class::Missing),
    (404, "", "for the segment", Class::NoPath),
    (200, "TooManyRequests", "", Class::Throttled),
    (200, "ServiceUnavailable", "", Class::Service),
    (200, "serviceNotAvailable", "", Class::Service),
    (200, "GatewayTimeout", "", Class::Service),
    (200, "InternalServerError", "", Class::Service),
    (200, "UnknownError", "", Class::Service),
    (401, "", "", Class::Token),
    (403, "", "", Class::Permission),
    (404, "", "", Class::NoPath),
    (410, "", "", Class::PageExpired),
    (429, "", "", Class::Throttled),
];

/// Returns the class of a refusal.
pub(crate) fn classify(status: u16, code: &str, message: &str) -> Class {
    let message = message.to_ascii_lowercase();
    let fits = |rule: &&Rule| {
        (rule.0 == 0 || rule.0 == status)
            && (rule.1.is_empty() || rule.1.eq_ignore_ascii_case(code))
            && message.contains(rule.2)
    };
    match RULES.iter().find(fits) {
        Some(rule) => rule.3,
        None if matches!(status, 408 | 500 | 502..=504 | 509) => Class::Service,
        None => Class::Request,
    }
}
