//! `mfa_coverage`: every account, and which second factors it could use.
//!
//! From the report of registered methods, a request per 100 users at most: asking each user
//! would be a request apiece. The report leaves disabled accounts out.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("mfa_coverage", SQL)
    .about("Accounts, whether they are administrators, and the second factors they registered.")
    .columns(&[
        ("id", "Object id of the user."),
        ("user_principal_name", "Sign-in name."),
        ("display_name", "Name."),
        ("user_type", "`Member` or `Guest`."),
        ("account_enabled", "Whether sign-in is allowed."),
        ("in_report", "Whether the report lists the account; if not, what follows is null."),
        ("is_admin", "Holds a directory role."),
        ("is_mfa_registered", "Has registered a strong method."),
        ("is_mfa_capable", "Has registered one that policy allows."),
        ("is_passwordless_capable", "Could sign in without a password."),
        ("has_phishing_resistant", "A passkey, security key, certificate or Windows Hello."),
        ("has_authenticator_app", "Microsoft Authenticator, by notification or passwordless."),
        ("has_one_time_code", "An app or token that shows codes."),
        ("has_phone", "A phone number, for a call or a text message."),
        ("default_mfa_method", "Method used when none is chosen."),
        ("methods_registered", "All of them, e.g. `mobilePhone`."),
        ("last_updated_date_time", "When the report last looked at the user."),
    ])
    .examples(&[
        (
            "Enabled members without MFA, administrators first",
            "SELECT user_principal_name, is_admin, methods_registered
               FROM mfa_coverage
              WHERE account_enabled AND user_type = 'Member' AND NOT is_mfa_capable
              ORDER BY is_admin DESC, user_principal_name",
        ),
        (
            "How much of the tenant is covered, administrators apart",
            "SELECT is_admin, count(*) AS accounts,
                    count(*) FILTER (WHERE is_mfa_capable) AS with_mfa,
                    count(*) FILTER (WHERE has_phishing_resistant) AS phishing_resistant
               FROM mfa_coverage
              WHERE account_enabled AND in_report
              GROUP BY is_admin",
        ),
        (
            "Accounts whose only second factor is a phone",
            "SELECT user_principal_name, default_mfa_method
               FROM mfa_coverage
              WHERE has_phone AND NOT has_authenticator_app AND NOT has_one_time_code
                AND NOT has_phishing_resistant
              ORDER BY user_principal_name",
        ),
    ]);

// Methods are added without notice and written in more than one case: kinds of them are
// recognized by a part of the name.
const SQL: &str = "\
SELECT u.id, u.user_principal_name, u.display_name, u.user_type, u.account_enabled,
       r.id IS NOT NULL AS in_report,
       r.is_admin, r.is_mfa_registered, r.is_mfa_capable, r.is_passwordless_capable,
       regexp_like(array_to_string(r.methods_registered, ' '),
                   'fido2|passkey|windowshello|enclave|certificate', 'i') AS has_phishing_resistant,
       regexp_like(array_to_string(r.methods_registered, ' '),
                   'authenticator(push|passwordless)', 'i') AS has_authenticator_app,
       regexp_like(array_to_string(r.methods_registered, ' '),
                   'onetimepasscode', 'i') AS has_one_time_code,
       regexp_like(array_to_string(r.methods_registered, ' '), 'phone', 'i') AS has_phone,
       r.default_mfa_method, r.methods_registered, r.last_updated_date_time
  FROM users AS u
  LEFT JOIN user_registration_details AS r ON r.id = u.id";
