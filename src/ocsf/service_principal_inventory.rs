//! `ocsf.service_principal_inventory`: service principals as User Inventory Info (5003).

use crate::ocsf::envelope::{COLLECTED, ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("service_principal_inventory", 5003)
    .about("Service principals and their credentials as OCSF User Inventory Info.")
    .from("service_principals")
    .pairs(&[SOURCE, ENTRA, COLLECTED, EVENT, USER, UNMAPPED, OFFERED])
    .observables(&["user.uid", "user.name"])
    .examples(&[(
        "Service principals that can sign in with a secret",
        "SELECT user.name, user.uid_alt
           FROM ocsf.service_principal_inventory
          WHERE array_any_match(user.programmatic_credentials, c -> c['type'] = 'Password')",
    )]);

const EVENT: &[Pair] = &[
    set("message", "concat('Service principal ', coalesce(ocsf_text(display_name), id))"),
    set("actor.app_name", "'entraql'"),
    set("metadata.log_name", "'servicePrincipals'"),
];

const USER: &[Pair] = &[
    sure("user.uid", "id"),
    set("user.name", "display_name"),
    set("user.uid_alt", "app_id"),
    set("user.type_id", "4"),
    set("user.org.uid", "app_owner_organization_id"),
    set(
        "user.programmatic_credentials",
        "ocsf_items(array_concat(
           array_transform(key_credentials, k -> ocsf_object('uid',
             'uid', ocsf_text(k['key_id']), 'type', ocsf_text(k['type']))),
           array_transform(password_credentials, p -> ocsf_object('uid',
             'uid', ocsf_text(p['key_id']), 'type', 'Password'))))",
    ),
];

const UNMAPPED: &[Pair] = &[
    set("unmapped.servicePrincipalType", "service_principal_type"),
    set("unmapped.accountEnabled", "account_enabled"),
    set("unmapped.verifiedPublisher", "verified_publisher"),
    set("unmapped.appRoleAssignmentRequired", "app_role_assignment_required"),
    set("unmapped.passwordCredentials", "password_credentials"),
    set("unmapped.keyCredentials", "key_credentials"),
    set("unmapped.tags", "tags"),
    set("unmapped.alternativeNames", "alternative_names"),
    set("unmapped.signInAudience", "sign_in_audience"),
    set("unmapped.appDisplayName", "app_display_name"),
    set("unmapped.appDescription", "app_description"),
    set("unmapped.description", "description"),
    set("unmapped.notes", "notes"),
    set("unmapped.homepage", "homepage"),
    set("unmapped.loginUrl", "login_url"),
    set("unmapped.logoutUrl", "logout_url"),
    set("unmapped.replyUrls", "reply_urls"),
    set("unmapped.info", "info"),
    set("unmapped.preferredSingleSignOnMode", "preferred_single_sign_on_mode"),
    set("unmapped.samlSingleSignOnSettings", "saml_single_sign_on_settings"),
    set("unmapped.preferredTokenSigningKeyThumbprint", "preferred_token_signing_key_thumbprint"),
    set("unmapped.notificationEmailAddresses", "notification_email_addresses"),
    set("unmapped.tokenEncryptionKeyId", "token_encryption_key_id"),
    set("unmapped.applicationTemplateId", "application_template_id"),
    set("unmapped.createdByAppId", "created_by_app_id"),
    set("unmapped.disabledByMicrosoftStatus", "disabled_by_microsoft_status"),
    set("unmapped.isDisabled", "is_disabled"),
    set("unmapped.deletedDateTime", "deleted_date_time"),
    set("unmapped.addIns", "add_ins"),
];

/// What it offers to others.
const OFFERED: &[Pair] = &[
    set("unmapped.servicePrincipalNames", "service_principal_names"),
    set("unmapped.appRoles", "app_roles"),
    set("unmapped.oauth2PermissionScopes", "oauth2_permission_scopes"),
    set(
        "unmapped.resourceSpecificApplicationPermissions",
        "resource_specific_application_permissions",
    ),
];
