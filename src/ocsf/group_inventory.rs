//! `ocsf.group_inventory`: groups as Cloud Resources Inventory Info (5023).

use crate::ocsf::envelope::{COLLECTED, ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("group_inventory", 5023)
    .about("Groups of every kind as OCSF Cloud Resources Inventory Info.")
    .from("groups")
    .pairs(&[SOURCE, ENTRA, COLLECTED, EVENT, RESOURCE, DATA, SYNCHRONIZED, UNMAPPED])
    .observables(&["resources[0].uid"])
    .examples(&[(
        "Groups that may hold directory roles",
        "SELECT resources[1]['name'], resources[1]['created_time']
           FROM ocsf.group_inventory
          WHERE resources[1]['data']['isAssignableToRole']",
    )]);

const EVENT: &[Pair] = &[
    set("message", "concat('Group ', coalesce(ocsf_text(display_name), id))"),
    set("metadata.log_name", "'groups'"),
];

const RESOURCE: &[Pair] = &[
    sure("resources[0].uid", "id"),
    set("resources[0].name", "display_name"),
    set("resources[0].type", "'Group'"),
    set("resources[0].created_time", "created_date_time"),
    set("resources[0].labels", "ocsf_items(array_transform(group_types, t -> ocsf_text(t)))"),
];

const DATA: &[Pair] = &[
    set("resources[0].data.description", "description"),
    set("resources[0].data.securityEnabled", "security_enabled"),
    set("resources[0].data.mailEnabled", "mail_enabled"),
    set("resources[0].data.isAssignableToRole", "is_assignable_to_role"),
    set("resources[0].data.visibility", "visibility"),
    set("resources[0].data.deletedDateTime", "deleted_date_time"),
    set("resources[0].data.renewedDateTime", "renewed_date_time"),
    set("resources[0].data.expirationDateTime", "expiration_date_time"),
    set("resources[0].data.membershipRule", "membership_rule"),
    set("resources[0].data.membershipRuleProcessingState", "membership_rule_processing_state"),
    set("resources[0].data.mail", "mail"),
    set("resources[0].data.mailNickname", "mail_nickname"),
    set("resources[0].data.uniqueName", "unique_name"),
    set("resources[0].data.classification", "classification"),
    set("resources[0].data.hasMembersWithLicenseErrors", "has_members_with_license_errors"),
    set("resources[0].data.isManagementRestricted", "is_management_restricted"),
    set("resources[0].data.isArchived", "is_archived"),
    set("resources[0].data.securityIdentifier", "security_identifier"),
    set("resources[0].data.organizationId", "organization_id"),
    set("resources[0].data.theme", "theme"),
    set("resources[0].data.preferredLanguage", "preferred_language"),
    set("resources[0].data.preferredDataLocation", "preferred_data_location"),
    set("resources[0].data.welcomeMessageEnabled", "welcome_message_enabled"),
];

const SYNCHRONIZED: &[Pair] = &[
    set("resources[0].data.onPremisesSyncEnabled", "on_premises_sync_enabled"),
    set("resources[0].data.onPremisesLastSyncDateTime", "on_premises_last_sync_date_time"),
    set("resources[0].data.onPremisesSamAccountName", "on_premises_sam_account_name"),
    set("resources[0].data.onPremisesDomainName", "on_premises_domain_name"),
    set("resources[0].data.onPremisesNetBiosName", "on_premises_net_bios_name"),
    set("resources[0].data.onPremisesSecurityIdentifier", "on_premises_security_identifier"),
];

/// Lists and records, in the words of Graph.
const UNMAPPED: &[Pair] = &[
    set("unmapped.infoCatalogs", "info_catalogs"),
    set("unmapped.resourceProvisioningOptions", "resource_provisioning_options"),
    set("unmapped.resourceBehaviorOptions", "resource_behavior_options"),
    set("unmapped.proxyAddresses", "proxy_addresses"),
    set("unmapped.assignedLabels", "assigned_labels"),
    set("unmapped.assignedLicenses", "assigned_licenses"),
    set("unmapped.licenseProcessingState", "license_processing_state"),
    set("unmapped.serviceProvisioningErrors", "service_provisioning_errors"),
    set("unmapped.onPremisesProvisioningErrors", "on_premises_provisioning_errors"),
    set("unmapped.onPremisesExtensionAttributes", "on_premises_extension_attributes"),
];
