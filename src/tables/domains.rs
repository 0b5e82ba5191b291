//! `domains`: the domain names of the tenant. A name is its own key.

use crate::spec::{Column, License, TableSpec, flag, integer, record, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("domains", "/domains")
    .about("Domain names of the tenant, verified or not.")
    .page("https://learn.microsoft.com/graph/api/resources/domain")
    .permissions(&["Domain.Read.All", "Directory.Read.All"])
    .license(License::Any)
    .page_size(100, 100)
    .no_top()
    .rows_guess(10)
    .columns(COLUMNS)
    .examples(&[
        (
            "Domains whose users sign in elsewhere",
            "SELECT id, is_default, supported_services
               FROM domains
              WHERE authentication_type = 'Federated'
              ORDER BY id",
        ),
        (
            "Domains somebody has added and never verified",
            "SELECT id, is_admin_managed FROM domains WHERE NOT is_verified ORDER BY id",
        ),
    ]);

// No property is documented as filterable.
const COLUMNS: &[Column] = &[
    text("id", "The name, e.g. `contoso.com`.").required(),
    text("authentication_type", "`Managed` by Entra ID or `Federated` with another provider.")
        .required(),
    flag("is_default", "New users get it unless another is chosen.").required(),
    flag("is_initial", "The `onmicrosoft.com` name the tenant began with.").required(),
    flag("is_root", "Not below another verified domain.").required(),
    flag("is_verified", "Ownership has been proven.").required(),
    flag("is_admin_managed", "False for a tenant nobody has claimed yet.").required(),
    integer(
        "password_validity_period_in_days",
        "Days a password is good; 2147483647 means forever.",
    ),
    integer(
        "password_notification_window_in_days",
        "Days before the end of a password that users are told.",
    ),
    texts("supported_services", "What it is used for, e.g. `Email`, `Intune`.").required(),
    record("state", STATE, "The last operation on the domain, if any."),
    text(
        "availability_status",
        "`AvailableImmediately` or `EmailVerifiedDomainTakeoverScheduled`.",
    ),
    text("manufacturer", "Reserved by Microsoft."),
    text("model", "Reserved by Microsoft."),
];

const STATE: &[Column] = &[
    text("operation", "Kind of operation, e.g. `ForceDelete`, `Verification`."),
    text("status", "`Scheduled`, `InProgress` or `Failed`."),
    time("last_action_date_time", "When it last did something."),
];
