//! `authorization_policy`: what ordinary users and guests may do by themselves.
//!
//! Beta serves a collection here and v1.0 an object, so members of beta alone are not columns.

use crate::spec::{Column, License, TableSpec, choice, flag, record, text, texts, time};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::single("authorization_policy", "/policies/authorizationPolicy")
        .about("What users and guests may do without a role; one row.")
        .page("https://learn.microsoft.com/graph/api/resources/authorizationpolicy")
        .permissions(&["Policy.Read.All"])
        .license(License::Any)
        .no_select()
        .columns(COLUMNS)
        .examples(&[
            (
                "What a user without any role may do",
                "SELECT default_user_role_permissions['allowed_to_create_apps'] AS apps,
                        default_user_role_permissions['allowed_to_create_tenants'] AS tenants,
                        default_user_role_permissions['allowed_to_create_security_groups']
                            AS groups,
                        default_user_role_permissions['permission_grant_policies_assigned']
                            AS consent
                   FROM authorization_policy",
            ),
            (
                "Who may invite guests, and how much guests see",
                "SELECT allow_invites_from,
                        CASE guest_user_role_id
                            WHEN 'a0b1b346-4d3e-4e8b-98f8-753987be4970' THEN 'as much as members'
                            WHEN '10dae51f-b6af-4016-8d66-8c2a99b929b3' THEN 'limited'
                            WHEN '2af84b1e-32c8-42b7-82bc-daa82404023b' THEN 'themselves only'
                            ELSE guest_user_role_id END AS guests_see
                   FROM authorization_policy",
            ),
        ]);

const COLUMNS: &[Column] = &[
    text("id", "`authorizationPolicy`.").required(),
    text("display_name", "Name."),
    text("description", "What the policy is for."),
    choice("allow_invites_from", INVITERS, "Who may invite guests."),
    text("guest_user_role_id", "Role template that says how much guests see."),
    record("default_user_role_permissions", PERMISSIONS, "What users may do without a role.")
        .required(),
    flag("allow_email_verified_users_to_join_organization", "Join by proof of an address.")
        .required(),
    flag("allowed_to_sign_up_email_based_subscriptions", "Users may sign up for subscriptions.")
        .required(),
    flag("allowed_to_use_sspr", "Administrators may reset their own passwords.")
        .property("allowedToUseSSPR")
        .required(),
    flag("allow_user_consent_for_risky_apps", "Users may consent to apps judged risky."),
    flag("block_msol_power_shell", "The retired MSOL PowerShell module is kept out."),
    time("deleted_date_time", "When it was deleted; null while it exists."),
];

const INVITERS: &[&str] =
    &["none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"];

const PERMISSIONS: &[Column] = &[
    flag("allowed_to_create_apps", "Register applications."),
    flag("allowed_to_create_security_groups", "Create security groups."),
    flag("allowed_to_create_tenants", "Create tenants."),
    flag("allowed_to_read_bitlocker_keys_for_owned_device", "Read keys of their own devices."),
    flag("allowed_to_read_other_users", "Read other users."),
    texts("permission_grant_policies_assigned", "Policies that allow consent to apps."),
];
