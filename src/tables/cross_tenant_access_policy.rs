//! `cross_tenant_access_policy`: the clouds this tenant works with.
//!
//! What it says about other tenants is in `cross_tenant_access_default` and
//! `cross_tenant_access_partners`.

use crate::spec::{Column, License, TableSpec, json, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::single("cross_tenant_access_policy", "/policies/crossTenantAccessPolicy")
        .about("Clouds other than its own that the tenant works with; one row.")
        .page("https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicy-overview")
        .permissions(&["Policy.Read.All"])
        .license(License::Any)
        .no_select()
        .columns(COLUMNS)
        .examples(&[
            (
                "Clouds the tenant works with",
                "SELECT display_name, unnest(allowed_cloud_endpoints) AS cloud
                   FROM cross_tenant_access_policy",
            ),
            (
                "Clouds allowed, and partners with settings of their own",
                "SELECT p.allowed_cloud_endpoints, count(t.tenant_id) AS partners
                   FROM cross_tenant_access_policy p CROSS JOIN cross_tenant_access_partners t
                  GROUP BY p.allowed_cloud_endpoints",
            ),
        ]);

const COLUMNS: &[Column] = &[
    text("id", "Policy id.").required(),
    text("display_name", "Name."),
    text("description", "What the policy is for."),
    texts("allowed_cloud_endpoints", "Other clouds, e.g. `microsoftonline.us`."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
    // A list in the schema, a text in Microsoft's examples.
    json("definition", "The policy as text.").beta(),
];
