//! `guests`: who was invited, from where, and whether they still come.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("guests", SQL)
    .about("Guests of the tenant, where they come from, and how far the invitation got.")
    .columns(&[
        ("id", "Object id of the user."),
        ("user_principal_name", "Sign-in name in this tenant."),
        ("display_name", "Name."),
        ("mail", "Primary SMTP address."),
        ("home_domain", "Domain of the name the guest signs in with at home."),
        ("company_name", "Company."),
        ("account_enabled", "Whether sign-in is allowed."),
        ("invitation", "`PendingAcceptance` or `Accepted`; null for guests nobody invited."),
        ("invitation_changed_date_time", "When the invitation state last changed."),
        ("created_date_time", "When the account was made."),
        ("days_old", "Whole days since then."),
        ("last_seen", "Last sign-in, by the guest or a client; null for never."),
        ("days_silent", "Whole days since then; null for never."),
    ])
    .hidden(&["last_seen", "days_silent"])
    .examples(&[
        (
            "Which companies have guests here",
            "SELECT home_domain, count(*) AS guests,
                    count(*) FILTER (WHERE account_enabled) AS enabled
               FROM guests
              GROUP BY home_domain
              ORDER BY guests DESC, home_domain",
        ),
        (
            "Guests who have not been here for half a year, or never",
            "SELECT mail, home_domain, created_date_time, last_seen
               FROM guests
              WHERE account_enabled AND days_old > 180
                AND coalesce(days_silent, days_old) > 180
              ORDER BY last_seen NULLS FIRST, created_date_time",
        ),
    ]);

// A sort of sign-in that never happened has a date in the year 1.
const SQL: &str = "\
SELECT id, user_principal_name, display_name, mail, upn_domain(user_principal_name) AS home_domain,
       company_name, account_enabled, external_user_state AS invitation,
       external_user_state_change_date_time AS invitation_changed_date_time, created_date_time,
       (to_unixtime(now()) - to_unixtime(created_date_time)) / 86400 AS days_old,
       last_seen, (to_unixtime(now()) - to_unixtime(last_seen)) / 86400 AS days_silent
  FROM (SELECT id, user_principal_name, display_name, mail, company_name, account_enabled,
               external_user_state, external_user_state_change_date_time, created_date_time,
               greatest(CASE WHEN sign_in_activity['last_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                             THEN sign_in_activity['last_sign_in_date_time'] END,
                        CASE WHEN sign_in_activity['last_non_interactive_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                             THEN sign_in_activity['last_non_interactive_sign_in_date_time'] END) AS last_seen
          FROM users
         WHERE user_type IN ('Guest', 'guest')) AS seen";
