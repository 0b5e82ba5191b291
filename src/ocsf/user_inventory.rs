//! `ocsf.user_inventory`: accounts in the form that asset pipelines for Entra ID already read.
//!
//! Close to OCSF 1.6.0, and not valid: fourteen attributes of `user` are no attributes there,
//! `account.type_id` 41 is no account type, and `time` is in seconds. The valid form is
//! `ocsf.user_inventory_strict`.

use crate::ocsf::pair::{Pair, key, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("user_inventory", 5003)
    .about("Accounts as asset pipelines expect them: times in seconds, not schema-valid.")
    .from(FROM)
    .pairs(&[EVENT, USER, ENRICHMENT])
    .as_written()
    .examples(&[
        (
            "Disabled accounts that still hold licenses",
            "SELECT user.name, user.licenses_count
               FROM ocsf.user_inventory
              WHERE NOT user.is_enabled AND user.has_licenses",
        ),
        (
            "Groups of one account",
            "SELECT user.name, user.has_groups, user.groups
               FROM ocsf.user_inventory
              WHERE user.name = 'lena.fischer@haldenvoss.example'",
        ),
    ]);

// Memberships are read group by group: tenants have fewer groups than users.
// The key of the grouping is unique, which lets DataFusion leave the join out where no group is
// read. A group whose name the app may not read goes by its id.
const FROM: &str = "(
  SELECT *
    FROM (SELECT *, CAST(coalesce(array_length(assigned_licenses), 0) AS INT) AS licenses,
                 CASE WHEN sign_in_activity['last_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                      THEN sign_in_activity['last_sign_in_date_time'] END AS last_seen
            FROM users) AS u
    LEFT JOIN (SELECT p.id AS member_id,
                      array_agg(named_struct('uid', coalesce(g.display_name, g.id),
                                             'name', coalesce(g.display_name, g.id))) AS groups
                 FROM groups AS g
                 JOIN group_members AS p ON p.group_id = g.id
                WHERE p.object_type = '#microsoft.graph.user'
                GROUP BY p.id) AS m ON m.member_id = u.id) AS s";

const EVENT: &[Pair] = &[
    set("activity_id", "CAST(2 AS INT)"),
    set("activity_name", "'Collect'"),
    set("category_name", "'Discovery'"),
    set("category_uid", "CAST(5 AS INT)"),
    set("class_name", "'User Inventory Info'"),
    set("class_uid", "CAST(5003 AS INT)"),
    set("type_uid", "CAST(500302 AS BIGINT)"),
    set("type_name", "'User Inventory Info: Collect'"),
    set("severity", "'Informational'"),
    set("severity_id", "CAST(1 AS INT)"),
    // No event is without a time, also where Graph does not know when the account was made.
    set("time", "ocsf_time_s(coalesce(created_date_time, {now}))"),
    set("metadata.product.name", "'Microsoft Entra ID'"),
    set("metadata.version", "'1.6.0'"),
];

const USER: &[Pair] = &[
    sure("user.uid", "id"),
    key("user.name", "user_principal_name"),
    key("user.full_name", "display_name"),
    key("user.account.uid", "user_principal_name"),
    key("user.account.name", "user_principal_name"),
    set("user.account.type", "'Entra ID'"),
    set("user.account.type_id", "CAST(41 AS INT)"),
    key("user.email_addr", "mail"),
    key("user.phone", "mobile_phone"),
    key("user.work_phone", "business_phones[1]"),
    key("user.department", "department"),
    key("user.job_title", "job_title"),
    key("user.employee_id", "employee_id"),
    key("user.office_location", "office_location"),
    key("user.is_enabled", "account_enabled"),
    key("user.has_groups", "groups IS NOT NULL"),
    key("user.groups", "groups"),
    key("user.has_licenses", "licenses > 0"),
    key("user.licenses_count", "licenses"),
    key("user.on_premises_upn", "on_premises_user_principal_name"),
    key("user.is_synced", "on_premises_sync_enabled"),
    key("user.created_time", "ocsf_time_s(created_date_time)"),
    key("user.last_login_time", "ocsf_time_s(last_seen)"),
];

const ENRICHMENT: &[Pair] = &[
    set("enrichments[0].name", "'access_control'"),
    set("enrichments[0].value", "'entra_id'"),
    key("enrichments[0].data.is_enabled", "account_enabled"),
    key("enrichments[0].data.last_sign_in", "ocsf_time_s(last_seen)"),
    key("enrichments[0].data.user_type", "user_type"),
    key("enrichments[0].data.assigned_licenses_count", "licenses"),
];
