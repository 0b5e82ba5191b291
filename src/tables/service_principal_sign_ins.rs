//! `service_principal_sign_ins`: apps signing in with a secret, certificate or federation.
//!
//! No user is involved, so the user columns are empty. Only the beta endpoint serves it.

use crate::spec::{Bucket, License, TableSpec};
use crate::tables::sign_in_columns::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("service_principal_sign_ins", "/auditLogs/signIns")
        .about("Sign-ins of apps with credentials of their own.")
        .page("https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta")
        .beta()
        .fixed_filter("signInEventTypes/any(t: t eq 'servicePrincipal')")
        .permissions(&["AuditLog.Read.All"])
        .license(License::P1)
        .bucket(Bucket::Reports)
        .page_size(1_000, 999)
        .no_select()
        .newest_first("created_date_time")
        .oldest_first()
        .retention_days(30)
        .rows_guess(500_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Apps that still sign in with a client secret",
                "SELECT service_principal_name, app_id, max(created_date_time) AS last_seen
                   FROM service_principal_sign_ins
                  WHERE created_date_time > now() - interval '7 days'
                    AND client_credential_type = 'clientSecret'
                    AND status['error_code'] = 0
                  GROUP BY service_principal_name, app_id
                  ORDER BY last_seen DESC",
            ),
            (
                "Apps that failed to sign in today, and why",
                "SELECT service_principal_name,
                        status['failure_reason'] AS reason,
                        count(*) AS failures
                   FROM service_principal_sign_ins
                  WHERE created_date_time > now() - interval '1 day'
                    AND status['error_code'] <> 0
                  GROUP BY service_principal_name, reason
                  ORDER BY failures DESC",
            ),
        ]);
