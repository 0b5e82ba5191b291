//! `authentication_strength_policies`: which combinations of methods count as strong.
//!
//! Three are built in; a Conditional Access policy asks for one of them or for the tenant's own.

use crate::spec::{Column, EQ, License, TableSpec, choice, json, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection(
    "authentication_strength_policies",
    "/policies/authenticationStrengthPolicies",
)
.about("Authentication strengths: combinations of methods that satisfy a policy.")
.page("https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy")
.permissions(&["Policy.Read.AuthenticationMethod", "Policy.Read.All"])
.license(License::P1)
.page_size(100, 100)
.no_select()
.no_top()
.get_by_key()
.rows_guess(10)
.columns(COLUMNS)
.examples(&[
    (
        "Strengths that a text message or a call still satisfies",
        "SELECT display_name, policy_type, combination
           FROM (SELECT display_name, policy_type, unnest(allowed_combinations) AS combination
                   FROM authentication_strength_policies)
          WHERE combination LIKE '%sms%' OR combination LIKE '%voice%'
          ORDER BY display_name, combination",
    ),
    (
        "Policies, and the strength each of them asks for",
        "SELECT p.display_name AS policy, p.state, s.display_name AS strength, s.policy_type
           FROM conditional_access_policies p
           JOIN authentication_strength_policies s
             ON s.id = p.grant_controls['authentication_strength']['id']
          ORDER BY policy",
    ),
    (
        "Strengths of the tenant's own making",
        "SELECT display_name, allowed_combinations, modified_date_time
           FROM authentication_strength_policies
          WHERE policy_type = 'custom'
          ORDER BY modified_date_time DESC",
    ),
]);

const COLUMNS: &[Column] = &[
    text("id", "Strength id, as in policies; fixed for built-in ones.").required(),
    text("display_name", "Name, e.g. `Phishing-resistant MFA`.").filter(EQ).required(),
    text("description", "What it is for."),
    choice("policy_type", &["builtIn", "custom"], "`builtIn` or `custom`.").filter(EQ).required(),
    text("requirements_satisfied", "`mfa` or `none`: whether it counts as MFA.").required(),
    // Each one is a set of methods, joined by commas: `password,sms`.
    texts("allowed_combinations", "Methods that will do, e.g. `fido2`, `password,sms`."),
    json("combination_configurations", "Limits on methods, e.g. which security keys."),
    time("created_date_time", "When it was made.").required(),
    time("modified_date_time", "When it was last changed.").required(),
    time("deleted_date_time", "When it was deleted; null while it exists.").beta(),
];
