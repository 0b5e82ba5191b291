//! `stale_accounts`: enabled accounts nobody has used for 90 days.
//!
//! Graph keeps the last sign-in of an account beside it, so the logs are not read. It needs
//! a license, and pages of 500 rows at most.

use crate::spec::ViewSpec;

/// The view.
pub(super) static VIEW: ViewSpec = ViewSpec::new("stale_accounts", SQL)
    .about("Enabled accounts older than 90 days without a sign-in for 90 days.")
    .columns(&[
        ("id", "Object id of the user."),
        ("user_principal_name", "Sign-in name."),
        ("display_name", "Name."),
        ("user_type", "`Member` or `Guest`."),
        ("department", "Department."),
        ("on_premises_sync_enabled", "True if synchronized, null if never."),
        ("created_date_time", "When the account was made."),
        ("last_seen", "Last sign-in, by the user or a client; null for never."),
        ("never_signed_in", "No sign-in is on record."),
        ("days_silent", "Whole days since then, or since it was made."),
    ])
    .examples(&[
        (
            "Accounts that were never used",
            "SELECT user_principal_name, user_type, created_date_time
               FROM stale_accounts
              WHERE never_signed_in
              ORDER BY created_date_time",
        ),
        (
            "Stale accounts by department",
            "SELECT department, count(*) AS accounts, max(days_silent) AS longest
               FROM stale_accounts
              WHERE user_type = 'Member'
              GROUP BY department
              ORDER BY accounts DESC",
        ),
    ]);

// A sort of sign-in that never happened has a date in the year 1.
const SQL: &str = "\
SELECT id, user_principal_name, display_name, user_type, department, on_premises_sync_enabled,
       created_date_time, last_seen, last_seen IS NULL AS never_signed_in,
       (to_unixtime(now()) - to_unixtime(coalesce(last_seen, created_date_time))) / 86400 AS days_silent
  FROM (SELECT id, user_principal_name, display_name, user_type, department,
               on_premises_sync_enabled, created_date_time,
               greatest(CASE WHEN sign_in_activity['last_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                             THEN sign_in_activity['last_sign_in_date_time'] END,
                        CASE WHEN sign_in_activity['last_non_interactive_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                             THEN sign_in_activity['last_non_interactive_sign_in_date_time'] END) AS last_seen
          FROM users
         WHERE account_enabled) AS seen
 WHERE coalesce(last_seen, created_date_time) < now() - INTERVAL '90 days'
   AND created_date_time < now() - INTERVAL '90 days'";
