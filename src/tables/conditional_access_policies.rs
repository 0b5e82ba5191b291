//! `conditional_access_policies`: who has to prove what before a sign-in is let through.
//!
//! A tenant has 195 at the most. Exclusions are where the gaps are: they name objects, not
//! people, and a group hides how many.
//!
//! Read from beta: v1.0 is reported to leave out policies that use a feature in preview,
//! without a word (`AzureADAssessment` issue 79), and a policy missing here looks like a gap.

use crate::spec::{Bucket, Column, EQ, License, TableSpec, choice, record, text, time};
use crate::tables::policy_shapes::{CONDITIONS, GRANT, SESSION};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("conditional_access_policies", "/identity/conditionalAccess/policies")
        .about("Conditional Access policies: whom they are for and what they ask.")
        .page("https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy")
        .permissions(&["Policy.Read.All"])
        .license(License::Any)
        .beta()
        .bucket(Bucket::IdentityProtection)
        .page_size(100, 100)
        .no_top()
        .get_by_key()
        .rows_guess(50)
        .columns(COLUMNS)
        .examples(&[
            (
                "Policies that do not act",
                "SELECT display_name, state, modified_date_time
           FROM conditional_access_policies
          WHERE state <> 'enabled'
          ORDER BY modified_date_time DESC",
            ),
            (
                "Groups that policies leave out",
                "SELECT p.display_name AS policy, g.display_name AS left_out, g.membership_rule
           FROM (SELECT display_name, state,
                        unnest(conditions['users']['exclude_groups']) AS group_id
                   FROM conditional_access_policies) p
           LEFT JOIN groups g ON g.id = p.group_id
          WHERE p.state = 'enabled'
          ORDER BY policy, left_out",
            ),
            (
                "What asks everybody for MFA",
                "SELECT display_name, conditions['applications']['include_applications'] AS apps,
                conditions['users']['exclude_users'] AS left_out
           FROM conditional_access_policies
          WHERE state = 'enabled'
            AND array_has(grant_controls['built_in_controls'], 'mfa')
            AND array_has(conditions['users']['include_users'], 'All')",
            ),
        ]);

// Microsoft documents `$filter` but not on what. Equality on the name is what public clients
// were seen to send (2026); tables are too small for more.
const COLUMNS: &[Column] = &[
    text("id", "Policy id, as in sign-ins.").required(),
    text("display_name", "Name.").filter(EQ).sortable().required(),
    choice("state", STATES, "`enabled`, `disabled` or `enabledForReportingButNotEnforced`.")
        .required(),
    record("conditions", CONDITIONS, "Whom and what it is for.").required(),
    record("grant_controls", GRANT, "What must be met to get in; null if nothing."),
    record("session_controls", SESSION, "What holds while signed in; null if nothing."),
    text("description", "What the policy is for."),
    text("template_id", "Template it was made from; null if none."),
    time("created_date_time", "When it was made; null for old ones."),
    time("modified_date_time", "When it was last changed; null if never."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];

const STATES: &[&str] = &["enabled", "disabled", "enabledForReportingButNotEnforced"];
