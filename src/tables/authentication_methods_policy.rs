//! `authentication_methods_policy`: which methods users may register and sign in with.

use crate::spec::{
    Column, Kind, License, TableSpec, choice, integer, json, list, record, text, time,
};
use crate::tables::method_shapes::{CONFIGURATION, REGISTRATION};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::single("authentication_methods_policy", "/policies/authenticationMethodsPolicy")
        .about("Authentication methods the tenant allows, and for whom; one row.")
        .page("https://learn.microsoft.com/graph/api/resources/authenticationmethodspolicy")
        .permissions(&["Policy.Read.AuthenticationMethod", "Policy.Read.All"])
        .license(License::Any)
        .no_select()
        .columns(COLUMNS)
        .examples(&[
            (
                "Methods that are switched on, and for whom",
                "SELECT method['id'] AS method, target['target_type'] AS kind, target['id'] AS who
                   FROM (SELECT method, unnest(method['include_targets']) AS target
                           FROM (SELECT unnest(authentication_method_configurations) AS method
                                   FROM authentication_methods_policy))
                  WHERE method['state'] = 'enabled'
                  ORDER BY method, who",
            ),
            (
                "Groups that are let off the registration campaign",
                "SELECT g.display_name, excluded['target_type'] AS kind, excluded['id'] AS id
                   FROM (SELECT unnest(registration_enforcement
                                       ['authentication_methods_registration_campaign']
                                       ['exclude_targets']) AS excluded
                           FROM authentication_methods_policy)
                   LEFT JOIN groups g ON g.id = excluded['id']
                  ORDER BY g.display_name",
            ),
            (
                "How a temporary access pass is issued",
                "SELECT method['default_lifetime_in_minutes'] AS minutes,
                        method['is_usable_once'] AS once, method['default_length'] AS length
                   FROM (SELECT unnest(authentication_method_configurations) AS method
                           FROM authentication_methods_policy)
                  WHERE method['id'] = 'TemporaryAccessPass'",
            ),
        ]);

// Graph takes no query option here.
const COLUMNS: &[Column] = &[
    text("id", "`authenticationMethodsPolicy`.").required(),
    text("display_name", "Name."),
    text("description", "What the policy is for."),
    list(
        "authentication_method_configurations",
        &Kind::Record(CONFIGURATION),
        "The methods, one each; settings of other methods are null.",
    ),
    record("registration_enforcement", REGISTRATION, "How users are asked to register."),
    choice("policy_migration_state", MIGRATION, "Whether older policies still count."),
    text("policy_version", "Version of the policy."),
    integer("reconfirmation_in_days", "Days until users confirm their methods again."),
    time("last_modified_date_time", "When it was last changed."),
    time("deleted_date_time", "When it was deleted; null while it exists.").beta(),
    json("microsoft_authenticator_platform_settings", "Settings of the app by platform.").beta(),
    json("report_suspicious_activity_settings", "Whether users can report prompts.").beta(),
    json("system_credential_preferences", "Whether the strongest method is offered first.").beta(),
];

const MIGRATION: &[&str] = &["preMigration", "migrationInProgress", "migrationComplete"];
