//! `agent_users`: user accounts that AI agents have, with mailbox and license like people.
//!
//! Here is what matters of an account of an agent; all else is in `users`, which lists them,
//! too. The path ends in a type, so every query is an advanced one.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, NULL, Ops, PREFIX, RANGE, TableSpec, flag, json, list,
    text, texts, time,
};
use crate::tables::directory_shapes::ASSIGNED_LICENSE;

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("agent_users", "/users/microsoft.graph.agentUser")
        .about("User accounts of AI agents.")
        .page("https://learn.microsoft.com/graph/api/resources/agentuser")
        .permissions(&["User.Read.All", "Directory.Read.All"])
        .directory(2)
        .cast()
        .page_size(100, 999)
        .rows_guess(100)
        .columns(COLUMNS)
        .examples(&[
            (
                "Accounts of agents, and the identity behind each",
                "SELECT u.user_principal_name, u.account_enabled, a.display_name AS agent
                   FROM agent_users u
                   LEFT JOIN agent_identities a ON a.id = u.identity_parent_id
                  ORDER BY u.user_principal_name",
            ),
            (
                "Accounts of agents that hold a directory role",
                "SELECT u.user_principal_name, r.role_definition_id
                   FROM agent_users u
                   JOIN role_assignments r ON r.principal_id = u.id",
            ),
        ]);

const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const ANY: Ops = ANY_EQ.and(ANY_PREFIX);

const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("user_principal_name", "Sign-in name.").filter(EQ.and(PREFIX)),
    text("display_name", "Name.").filter(MATCH_NULL),
    text("identity_parent_id", "Object id of its identity, as in `agent_identities`.").on_select(),
    text("mail", "Primary SMTP address.").filter(MATCH_NULL),
    text("job_title", "Job title.").filter(MATCH_NULL),
    text("office_location", "Office.").filter(MATCH_NULL),
    flag("account_enabled", "Whether sign-in is allowed.").filter(EQ).on_select(),
    text("user_type", "`Member` or `Guest`.").filter(EQ.and(NULL)).on_select(),
    time("created_date_time", "When the account was made.")
        .filter(RANGE.and(NULL))
        .sortable_advanced()
        .on_select(),
    time("deleted_date_time", "When it was deleted; null while it exists.")
        .sortable_advanced()
        .on_select(),
    text("department", "Department.").filter(MATCH_NULL).on_select(),
    text("company_name", "Company.").filter(MATCH_NULL).on_select(),
    text("usage_location", "Two-letter country that licenses count for.")
        .filter(MATCH_NULL)
        .on_select(),
    text("mail_nickname", "Part before the `@`.").filter(MATCH_NULL).on_select(),
    texts("proxy_addresses", "All mail addresses.").filter(ANY).on_select(),
    list("assigned_licenses", &Kind::Record(ASSIGNED_LICENSE), "Licenses.").on_select(),
    flag("is_management_restricted", "Inside a restricted management administrative unit.")
        .on_select(),
    time("sign_in_sessions_valid_from_date_time", "Tokens issued before this are refused.")
        .on_select(),
    json("custom_security_attributes", "Attribute sets defined by the tenant.")
        .permission("CustomSecAttributeAssignment.Read.All")
        .on_select(),
];
