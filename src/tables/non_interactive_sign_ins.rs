//! `non_interactive_sign_ins`: tokens that clients fetched for a user in the background.
//!
//! The largest of the sign-in logs. Only the beta endpoint serves it.

use crate::spec::{Bucket, License, TableSpec};
use crate::tables::sign_in_columns::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("non_interactive_sign_ins", "/auditLogs/signIns")
        .about("Sign-ins by clients on behalf of users, without them taking part.")
        .page("https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta")
        .beta()
        .fixed_filter("signInEventTypes/any(t: t eq 'nonInteractiveUser')")
        .permissions(&["AuditLog.Read.All"])
        .license(License::P1)
        .bucket(Bucket::Reports)
        .page_size(1_000, 999)
        .no_select()
        .newest_first("created_date_time")
        .oldest_first()
        .retention_days(30)
        .rows_guess(3_000_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Sessions used from more than one country in the last day",
                "SELECT user_principal_name,
                        session_id,
                        array_agg(DISTINCT location['country_or_region']) AS countries
                   FROM non_interactive_sign_ins
                  WHERE created_date_time > now() - interval '1 day'
                    AND status['error_code'] = 0
                  GROUP BY user_principal_name, session_id
                 HAVING count(DISTINCT location['country_or_region']) > 1",
            ),
            (
                "Apps that renewed tokens on devices that are not compliant",
                "SELECT app_display_name, count(DISTINCT user_id) AS users, count(*) AS renewals
                   FROM non_interactive_sign_ins
                  WHERE created_date_time > now() - interval '1 day'
                    AND device_detail['is_compliant'] IS NOT TRUE
                    AND status['error_code'] = 0
                  GROUP BY app_display_name
                  ORDER BY users DESC",
            ),
        ]);
