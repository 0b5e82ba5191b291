//! `ocsf.application_inventory`: app registrations as Cloud Resources Inventory Info (5023).

use crate::ocsf::envelope::{COLLECTED, ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("application_inventory", 5023)
    .about("App registrations as OCSF Cloud Resources Inventory Info.")
    .from("applications")
    .pairs(&[SOURCE, ENTRA, COLLECTED, EVENT, RESOURCE, DATA, UNMAPPED])
    .observables(&["resources[0].uid"])
    .examples(&[(
        "Apps that users of other tenants can sign in to",
        "SELECT resources[1]['name'], resources[1]['uid_alt'] AS app_id
           FROM ocsf.application_inventory
          WHERE resources[1]['data']['signInAudience'] <> 'AzureADMyOrg'",
    )]);

const EVENT: &[Pair] = &[
    set("message", "concat('Application ', coalesce(ocsf_text(display_name), id))"),
    set("metadata.log_name", "'applications'"),
];

const RESOURCE: &[Pair] = &[
    sure("resources[0].uid", "id"),
    set("resources[0].uid_alt", "app_id"),
    set("resources[0].name", "display_name"),
    set("resources[0].type", "'Application'"),
    set("resources[0].created_time", "created_date_time"),
    set("resources[0].labels", "ocsf_items(array_transform(tags, t -> ocsf_text(t)))"),
];

const DATA: &[Pair] = &[
    set("resources[0].data.description", "description"),
    set("resources[0].data.signInAudience", "sign_in_audience"),
    set("resources[0].data.deletedDateTime", "deleted_date_time"),
    set("resources[0].data.publisherDomain", "publisher_domain"),
    set("resources[0].data.notes", "notes"),
    set("resources[0].data.uniqueName", "unique_name"),
    set("resources[0].data.serviceManagementReference", "service_management_reference"),
    set("resources[0].data.disabledByMicrosoftStatus", "disabled_by_microsoft_status"),
    set("resources[0].data.isDisabled", "is_disabled"),
    set("resources[0].data.applicationTemplateId", "application_template_id"),
    set("resources[0].data.createdByAppId", "created_by_app_id"),
    set("resources[0].data.defaultRedirectUri", "default_redirect_uri"),
    set("resources[0].data.groupMembershipClaims", "group_membership_claims"),
    set("resources[0].data.isDeviceOnlyAuthSupported", "is_device_only_auth_supported"),
    set("resources[0].data.isFallbackPublicClient", "is_fallback_public_client"),
    set("resources[0].data.oauth2RequirePostResponse", "oauth2_require_post_response"),
    set("resources[0].data.nativeAuthenticationApisEnabled", "native_authentication_apis_enabled"),
    set("resources[0].data.samlMetadataUrl", "saml_metadata_url"),
    set("resources[0].data.tokenEncryptionKeyId", "token_encryption_key_id"),
];

/// Lists and records, in the words of Graph.
const UNMAPPED: &[Pair] = &[
    set("unmapped.managerApplications", "manager_applications"),
    set("unmapped.identifierUris", "identifier_uris"),
    set("unmapped.passwordCredentials", "password_credentials"),
    set("unmapped.keyCredentials", "key_credentials"),
    set("unmapped.requiredResourceAccess", "required_resource_access"),
    set("unmapped.web", "web"),
    set("unmapped.spa", "spa"),
    set("unmapped.publicClient", "public_client"),
    set("unmapped.api", "api"),
    set("unmapped.appRoles", "app_roles"),
    set("unmapped.verifiedPublisher", "verified_publisher"),
    set("unmapped.info", "info"),
    set("unmapped.certification", "certification"),
    set("unmapped.requestSignatureVerification", "request_signature_verification"),
    set("unmapped.servicePrincipalLockConfiguration", "service_principal_lock_configuration"),
    set("unmapped.parentalControlSettings", "parental_control_settings"),
    set("unmapped.optionalClaims", "optional_claims"),
    set("unmapped.addIns", "add_ins"),
    set("unmapped.authenticationBehaviors", "authentication_behaviors"),
];
