//! `subscribed_skus`: the products the tenant pays for, and how many licenses are left.
//!
//! Graph's page says `$select` works, its metadata that it does not; so none is sent.

use crate::spec::{Column, Kind, License, TableSpec, integer, list, record, text, texts};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("subscribed_skus", "/subscribedSkus")
    .about("Products the tenant has subscribed to, with licenses bought and used.")
    .page("https://learn.microsoft.com/graph/api/resources/subscribedsku")
    .permissions(&["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"])
    .license(License::Any)
    .units(3)
    .page_size(100, 100)
    .no_select()
    .no_top()
    .get_by_key()
    .rows_guess(20)
    .columns(COLUMNS)
    .examples(&[
        (
            "Licenses bought and used",
            "SELECT sku_part_number, prepaid_units['enabled'] AS bought, consumed_units AS used,
                    prepaid_units['enabled'] - consumed_units AS left_over
               FROM subscribed_skus
              WHERE applies_to = 'User'
              ORDER BY left_over",
        ),
        (
            "Whether the tenant has Entra ID P1 or P2",
            "SELECT sku_part_number, plan['service_plan_name'] AS plan
               FROM (SELECT sku_part_number, capability_status, unnest(service_plans) AS plan
                       FROM subscribed_skus)
              WHERE plan['service_plan_name'] IN ('AAD_PREMIUM', 'AAD_PREMIUM_P2')
                AND capability_status = 'Enabled'",
        ),
    ]);

const COLUMNS: &[Column] = &[
    text("id", "Tenant id and product id, joined by `_`.").required(),
    text("sku_part_number", "Product, e.g. `ENTERPRISEPREMIUM`."),
    text("sku_id", "Product id, as in the licenses of users and groups."),
    text("capability_status", "`Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`."),
    text("applies_to", "`User` or `Company`."),
    integer("consumed_units", "Licenses assigned."),
    record("prepaid_units", UNITS, "Licenses bought, by their state."),
    list("service_plans", &Kind::Record(PLAN), "What the product consists of.").required(),
    texts("subscription_ids", "Subscriptions it was bought with."),
    text("account_id", "Account it belongs to."),
    text("account_name", "Name of that account."),
];

const UNITS: &[Column] = &[
    integer("enabled", "In order."),
    integer("warning", "Expired, still working."),
    integer("suspended", "Canceled; the data is kept."),
    integer("locked_out", "Out of use because of a breach of terms."),
];

const PLAN: &[Column] = &[
    text("service_plan_name", "Plan, e.g. `AAD_PREMIUM_P2`."),
    text("service_plan_id", "Service plan id."),
    text("provisioning_status", "`Success`, `Disabled`, `PendingInput` and others."),
    text("applies_to", "`User` or `Company`."),
];
