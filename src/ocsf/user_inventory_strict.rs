//! `ocsf.user_inventory_strict`: accounts as User Inventory Info (5003), as the schema has it.

use crate::ocsf::envelope::{COLLECTED, ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, key, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("user_inventory_strict", 5003)
    .about("User accounts with groups, MFA and risk as OCSF User Inventory Info.")
    .from(FROM)
    .pairs(&[
        SOURCE,
        ENTRA,
        COLLECTED,
        EVENT,
        USER,
        PERSON,
        ENRICHMENT,
        UNMAPPED,
        SYNCHRONIZED,
        LATER,
    ])
    .observables(&["user.uid", "user.name", "user.email_addr"])
    .examples(&[
        (
            "Administrators without a second factor",
            "SELECT user.name, user.ldap_person.last_login_time
               FROM ocsf.user_inventory_strict
              WHERE user.type_id = 2 AND NOT user.has_mfa",
        ),
        (
            "Accounts and their groups",
            "SELECT user.name, user.groups FROM ocsf.user_inventory_strict LIMIT 20",
        ),
    ]);

// Memberships are read group by group: tenants have fewer groups than users.
// The key of each grouping is unique, which lets DataFusion leave out every join that nothing
// is read of. Who holds a role through a group alone counts as a user.
const FROM: &str = "(
  SELECT *
    FROM (SELECT *, CAST(coalesce(array_length(assigned_licenses), 0) AS INT) AS licenses,
                 CASE WHEN sign_in_activity['last_sign_in_date_time'] > '1970-01-01T00:00:00Z'
                      THEN sign_in_activity['last_sign_in_date_time'] END AS last_seen,
                 employee_org_data['cost_center'] AS cost_center,
                 manager['id'] AS manager_id, manager['display_name'] AS manager_name,
                 manager['user_principal_name'] AS manager_principal_name
            FROM users) AS u
    LEFT JOIN (SELECT p.id AS member_id,
                      array_agg(ocsf_object('uid|name', 'uid', g.id, 'name', ocsf_text(g.display_name),
                                            'desc', ocsf_text(g.description))) AS groups
                 FROM groups AS g
                 JOIN group_members AS p ON p.group_id = g.id
                WHERE p.object_type = '#microsoft.graph.user'
                GROUP BY p.id) AS m ON m.member_id = u.id
    LEFT JOIN (SELECT h.id AS holder_id, array_agg(k.display_name ORDER BY k.display_name) AS roles
                 FROM directory_roles AS k
                 JOIN directory_role_members AS h ON h.role_id = k.id
                GROUP BY h.id) AS h ON h.holder_id = u.id
    LEFT JOIN (SELECT id AS registered_id, bool_or(is_mfa_registered) AS is_mfa_registered
                 FROM user_registration_details
                GROUP BY id) AS d ON d.registered_id = u.id
    LEFT JOIN (SELECT id AS risky_id, max(lower(risk_level)) AS risk
                 FROM risky_users
                GROUP BY id) AS r ON r.risky_id = u.id) AS s";

const EVENT: &[Pair] = &[
    set("message", "concat('User ', coalesce(ocsf_text(user_principal_name), id))"),
    set("actor.app_name", "'entraql'"),
    set("metadata.log_name", "'users'"),
    set("metadata.original_time", "CAST(created_date_time AS VARCHAR)"),
];

const USER: &[Pair] = &[
    sure("user.uid", "id"),
    set("user.name", "user_principal_name"),
    set("user.full_name", "display_name"),
    set("user.display_name", "display_name"),
    set("user.email_addr", "mail"),
    set("user.domain", "upn_domain(user_principal_name)"),
    set("user.type_id", "CASE WHEN roles IS NOT NULL THEN 2 ELSE 1 END"),
    set(
        "user.uid_alt",
        "coalesce(ocsf_text(on_premises_security_identifier), on_premises_immutable_id)",
    ),
    set("user.phone_number", "coalesce(ocsf_text(mobile_phone), business_phones[1])"),
    sure("user.account.uid", "id"),
    set("user.account.name", "user_principal_name"),
    set("user.account.type_id", "6"),
    key("user.org.uid", "{tenant}"),
    set("user.org.name", "company_name"),
    set("user.org.ou_name", "department").until("1.6.0"),
    set("user.groups", "groups"),
    set("user.has_mfa", "is_mfa_registered"),
    set(
        "user.risk_level_id",
        "CASE risk WHEN 'none' THEN 0 WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END",
    ),
];

const PERSON: &[Pair] = &[
    set("user.ldap_person.display_name", "display_name"),
    set("user.ldap_person.given_name", "given_name"),
    set("user.ldap_person.surname", "surname"),
    set("user.ldap_person.job_title", "job_title"),
    set("user.ldap_person.employee_uid", "employee_id"),
    set("user.ldap_person.office_location", "office_location"),
    set("user.ldap_person.phone_number", "business_phones[1]"),
    set(
        "user.ldap_person.email_addrs",
        "array_distinct(ocsf_items(array_transform(array_prepend(mail, other_mails),
                                                   a -> ocsf_email(a))))",
    ),
    set("user.ldap_person.created_time", "created_date_time"),
    set("user.ldap_person.deleted_time", "deleted_date_time"),
    set("user.ldap_person.last_login_time", "last_seen"),
    set("user.ldap_person.hire_time", "employee_hire_date"),
    set("user.ldap_person.cost_center", "cost_center"),
    set("user.ldap_person.manager.uid", "manager_id"),
    set("user.ldap_person.manager.name", "manager_principal_name"),
    set("user.ldap_person.manager.full_name", "manager_name"),
    set("user.ldap_person.ldap_dn", "on_premises_distinguished_name"),
    set("user.ldap_person.location.city", "city"),
    set("user.ldap_person.location.region", "state"),
    set("user.ldap_person.location.country", "country"),
    set("user.ldap_person.location.postal_code", "postal_code"),
];

/// What 1.8.0 has a place for.
const LATER: &[Pair] = &[
    set("user.ldap_person.department", "department").since("1.8.0"),
    set("user.account.is_disabled", "NOT account_enabled").since("1.8.0"),
    set("user.account.is_on_premises_sync_enabled", "on_premises_sync_enabled").since("1.8.0"),
];

const ENRICHMENT: &[Pair] = &[
    set("enrichments[0].name", "'access_control'"),
    set("enrichments[0].value", "'entra_id'"),
    set("enrichments[0].type", "'account_status'"),
    set("enrichments[0].provider", "'Microsoft Graph'"),
    set("enrichments[0].data.is_enabled", "account_enabled"),
    set("enrichments[0].data.last_sign_in", "ocsf_time_ms(last_seen)"),
    set("enrichments[0].data.user_type", "user_type"),
    set("enrichments[0].data.assigned_licenses_count", "licenses"),
];

const UNMAPPED: &[Pair] = &[
    set("unmapped.accountEnabled", "account_enabled"),
    set("unmapped.userType", "user_type"),
    set("unmapped.directoryRoles", "roles"),
    // What is no address has no place among the addresses.
    set("unmapped.mail", "CASE WHEN ocsf_email(mail) IS NULL THEN mail END"),
    set("unmapped.otherMails", "other_mails"),
    set(
        "unmapped.businessPhones",
        "CASE WHEN array_length(business_phones) > 1 THEN business_phones END",
    ),
    set("unmapped.preferredLanguage", "preferred_language"),
    set("unmapped.creationType", "creation_type"),
    set("unmapped.externalUserState", "external_user_state"),
    set("unmapped.externalUserStateChangeDateTime", "external_user_state_change_date_time"),
    set("unmapped.identities", "identities"),
    set("unmapped.authorizationInfo", "authorization_info"),
    set("unmapped.isResourceAccount", "is_resource_account"),
    set("unmapped.isManagementRestricted", "is_management_restricted"),
    set("unmapped.identityParentId", "identity_parent_id"),
    set("unmapped.securityIdentifier", "security_identifier"),
    set("unmapped.signInActivity", "sign_in_activity"),
    set("unmapped.signInSessionsValidFromDateTime", "sign_in_sessions_valid_from_date_time"),
    set("unmapped.lastPasswordChangeDateTime", "last_password_change_date_time"),
    set("unmapped.passwordPolicies", "password_policies"),
    set("unmapped.passwordProfile", "password_profile"),
    set("unmapped.department", "department"),
    set("unmapped.employeeType", "employee_type"),
    set("unmapped.employeeOrgData", "employee_org_data"),
    set("unmapped.streetAddress", "street_address"),
    set("unmapped.usageLocation", "usage_location"),
    set("unmapped.preferredDataLocation", "preferred_data_location"),
    set("unmapped.faxNumber", "fax_number"),
    set("unmapped.ageGroup", "age_group"),
    set("unmapped.consentProvidedForMinor", "consent_provided_for_minor"),
    set("unmapped.legalAgeGroupClassification", "legal_age_group_classification"),
    set("unmapped.mailNickname", "mail_nickname"),
    set("unmapped.proxyAddresses", "proxy_addresses"),
    set("unmapped.imAddresses", "im_addresses"),
    set("unmapped.showInAddressList", "show_in_address_list"),
    set("unmapped.assignedLicenses", "assigned_licenses"),
    set("unmapped.assignedPlans", "assigned_plans"),
    set("unmapped.provisionedPlans", "provisioned_plans"),
    set("unmapped.licenseAssignmentStates", "license_assignment_states"),
    set("unmapped.serviceProvisioningErrors", "service_provisioning_errors"),
];

const SYNCHRONIZED: &[Pair] = &[
    set("unmapped.onPremisesSyncEnabled", "on_premises_sync_enabled"),
    set("unmapped.onPremisesLastSyncDateTime", "on_premises_last_sync_date_time"),
    set("unmapped.onPremisesUserPrincipalName", "on_premises_user_principal_name"),
    set("unmapped.onPremisesSamAccountName", "on_premises_sam_account_name"),
    set("unmapped.onPremisesDomainName", "on_premises_domain_name"),
    set("unmapped.onPremisesSecurityIdentifier", "on_premises_security_identifier"),
    set("unmapped.onPremisesImmutableId", "on_premises_immutable_id"),
    set("unmapped.onPremisesExtensionAttributes", "on_premises_extension_attributes"),
    set("unmapped.onPremisesProvisioningErrors", "on_premises_provisioning_errors"),
];
