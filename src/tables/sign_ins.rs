//! `sign_ins`: people signing in, where they took part themselves.
//!
//! Graph leaves out what clients and apps do on their own; those events have tables of
//! their own. Guests of other tenants appear under their home sign-in name.

use crate::spec::{Bucket, License, TableSpec};
use crate::tables::sign_in_columns::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("sign_ins", "/auditLogs/signIns")
    .about("Interactive sign-ins of users.")
    .page("https://learn.microsoft.com/graph/api/resources/signin")
    .permissions(&["AuditLog.Read.All"])
    .license(License::P1)
    .bucket(Bucket::Reports)
    .page_size(1_000, 999)
    .no_select()
    .newest_first("created_date_time")
    .oldest_first()
    .retention_days(30)
    .rows_guess(1_000_000)
    .columns(COLUMNS)
    .examples(&[
        (
            "Failed sign-ins of the last week, by country",
            "SELECT location['country_or_region'] AS country, count(*) AS failures
               FROM sign_ins
              WHERE created_date_time > now() - interval '7 days'
                AND status['error_code'] <> 0
              GROUP BY country
              ORDER BY failures DESC",
        ),
        (
            "Addresses that tried wrong passwords on many accounts today",
            "SELECT ip_address, count(DISTINCT user_id) AS accounts, count(*) AS attempts
               FROM sign_ins
              WHERE created_date_time > now() - interval '1 day'
                AND status['error_code'] = 50126
              GROUP BY ip_address
             HAVING count(DISTINCT user_id) >= 10
              ORDER BY accounts DESC",
        ),
        (
            "Who still uses clients that cannot ask for a second factor",
            "SELECT user_principal_name, client_app_used, count(*) AS sign_ins
               FROM sign_ins
              WHERE created_date_time > now() - interval '7 days'
                AND client_app_used NOT IN ('Browser', 'Mobile Apps and Desktop clients')
                AND status['error_code'] = 0
              GROUP BY user_principal_name, client_app_used
              ORDER BY sign_ins DESC",
        ),
    ]);

/// The same rows in the shape of the beta endpoint, for the union of all kinds.
pub(super) static ON_BETA: TableSpec =
    TABLE.beta().fixed_filter("signInEventTypes/any(t: t eq 'interactiveUser')");
