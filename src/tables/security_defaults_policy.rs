//! `security_defaults_policy`: whether Microsoft's baseline is on.
//!
//! It cannot be on together with Conditional Access: off is right only where policies take over.

use crate::spec::{Column, License, TableSpec, flag, text, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::single(
    "security_defaults_policy",
    "/policies/identitySecurityDefaultsEnforcementPolicy",
)
.about("Security defaults: MFA for everybody, no legacy authentication; one row.")
.page("https://learn.microsoft.com/graph/api/resources/identitysecuritydefaultsenforcementpolicy")
.permissions(&["Policy.Read.All"])
.license(License::Any)
.columns(COLUMNS)
.examples(&[
    ("Whether security defaults are on", "SELECT is_enabled FROM security_defaults_policy"),
    (
        "Off, and how many enabled policies stand in for them",
        "SELECT d.is_enabled, count(p.id) AS enabled_policies
           FROM security_defaults_policy d
           LEFT JOIN conditional_access_policies p ON p.state = 'enabled'
          GROUP BY d.is_enabled",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "Policy id, the same in every tenant.").required(),
    text("display_name", "Name."),
    text("description", "What the policy is for."),
    flag("is_enabled", "Switched on.").required(),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];
