//! `risky_service_principals`: apps Identity Protection has looked at.
//!
//! A row stays after the risk is gone, so ask for `risk_state`. Replies are limited to one
//! per second for the whole tenant.

use crate::spec::{Bucket, Column, EQ, License, TableSpec, choice, flag, text, time};
use crate::tables::risk;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("risky_service_principals", "/identityProtection/riskyServicePrincipals")
        .about("Service principals at risk now or in the past.")
        .page("https://learn.microsoft.com/graph/api/resources/riskyserviceprincipal")
        .permissions(&["IdentityRiskyServicePrincipal.Read.All"])
        .license(License::WorkloadId)
        .bucket(Bucket::IdentityProtection)
        .page_size(100, 100)
        .get_by_key()
        .rows_guess(20)
        .columns(COLUMNS)
        .examples(&[
            (
                "Apps that are at risk and still enabled",
                "SELECT display_name, app_id, risk_level, risk_last_updated_date_time
           FROM risky_service_principals
          WHERE risk_state IN ('atRisk', 'confirmedCompromised') AND is_enabled
          ORDER BY risk_last_updated_date_time DESC",
            ),
            (
                "What made them risky",
                "SELECT r.display_name, d.risk_event_type, d.detected_date_time, d.ip_address
           FROM risky_service_principals r
           JOIN service_principal_risk_detections d ON d.service_principal_id = r.id
          WHERE r.risk_state = 'atRisk'
          ORDER BY d.detected_date_time DESC",
            ),
            (
                "Where they have signed in from this week",
                "SELECT r.display_name, s.ip_address, s.location['country_or_region'] AS country,
                count(*) AS sign_ins
           FROM risky_service_principals r
           JOIN service_principal_sign_ins s ON s.service_principal_id = r.id
          WHERE r.risk_state = 'atRisk' AND s.created_date_time > now() - interval '7 days'
          GROUP BY r.display_name, s.ip_address, country
          ORDER BY sign_ins DESC",
            ),
        ]);

// On the time Graph documents equality alone, which an instant here cannot be asked for.
const COLUMNS: &[Column] = &[
    text("id", "Object id of the service principal.").required(),
    text("app_id", "Application id."),
    text("display_name", "Name."),
    choice("risk_level", risk::LEVELS, "`low`, `medium`, `high`, or `none` once cleared.")
        .filter(EQ),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`, `dismissed`."),
    choice(
        "risk_detail",
        risk::DETAILS,
        "Why the state changed, e.g. `adminDismissedAllRiskForServicePrincipal`.",
    ),
    time("risk_last_updated_date_time", "When the risk last changed."),
    text("service_principal_type", "`Application`, `ManagedIdentity` or `SocialIdp`."),
    flag("is_enabled", "Sign-in is allowed."),
    flag("is_processing", "Identity Protection is still working on it."),
    flag("account_enabled", "Older name of `is_enabled`.").beta(),
];
