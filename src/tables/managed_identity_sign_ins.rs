//! `managed_identity_sign_ins`: Azure resources signing in as their managed identity.
//!
//! Azure holds the secret and gives no client address. Only the beta endpoint serves it.

use crate::spec::{Bucket, License, TableSpec};
use crate::tables::sign_in_columns::COLUMNS;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("managed_identity_sign_ins", "/auditLogs/signIns")
        .about("Sign-ins of Azure resources with managed identities.")
        .page("https://learn.microsoft.com/graph/api/resources/signin?view=graph-rest-beta")
        .beta()
        .fixed_filter("signInEventTypes/any(t: t eq 'managedIdentity')")
        .permissions(&["AuditLog.Read.All"])
        .license(License::P1)
        .bucket(Bucket::Reports)
        .page_size(1_000, 999)
        .no_select()
        .newest_first("created_date_time")
        .oldest_first()
        .retention_days(30)
        .rows_guess(200_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "What each managed identity reached this week",
                "SELECT service_principal_name, resource_display_name, count(*) AS sign_ins
                   FROM managed_identity_sign_ins
                  WHERE created_date_time > now() - interval '7 days'
                  GROUP BY service_principal_name, resource_display_name
                  ORDER BY sign_ins DESC",
            ),
            (
                "User-assigned identities, and the Azure resources that used them",
                "SELECT service_principal_name,
                        managed_service_identity['associated_resource_id'] AS resource,
                        max(created_date_time) AS last_seen
                   FROM managed_identity_sign_ins
                  WHERE created_date_time > now() - interval '7 days'
                    AND managed_service_identity['msi_type'] = 'userAssigned'
                  GROUP BY service_principal_name, resource
                  ORDER BY last_seen DESC",
            ),
        ]);
