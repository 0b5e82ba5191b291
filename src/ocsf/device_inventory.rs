//! `ocsf.device_inventory`: devices as Device Inventory Info (5001).

use crate::ocsf::envelope::{COLLECTED, ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, key, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("device_inventory", 5001)
    .about("Registered and joined devices with their owners as OCSF Device Inventory Info.")
    .from(FROM)
    .pairs(&[SOURCE, ENTRA, COLLECTED, EVENT, DEVICE, UNMAPPED])
    .observables(&["device.uid", "device.hostname"])
    .examples(&[(
        "Managed devices that break the rules, and whose they are",
        "SELECT device.name, device.os.name, device.owner.name
           FROM ocsf.device_inventory
          WHERE device.is_managed AND NOT device.is_compliant",
    )]);

// The key of the grouping is unique, which lets DataFusion leave the join out where no owner is
// read. A device has one owner as a rule.
const FROM: &str = "(
  SELECT d.*, o.owner_id, o.owner_name
    FROM devices AS d
    LEFT JOIN (SELECT device_object_id, first_value(id ORDER BY id) AS owner_id,
                      first_value(coalesce(user_principal_name, display_name) ORDER BY id) AS owner_name
                 FROM device_owners
                GROUP BY device_object_id) AS o ON o.device_object_id = d.id) AS s";

const EVENT: &[Pair] = &[
    set("message", "concat('Device ', coalesce(ocsf_text(display_name), id))"),
    set("metadata.log_name", "'devices'"),
];

const DEVICE: &[Pair] = &[
    set("device.uid", "device_id"),
    sure("device.uid_alt", "id"),
    set("device.name", "display_name"),
    set(
        "device.hostname",
        "CASE WHEN regexp_like(display_name, '^[A-Za-z0-9][A-Za-z0-9-]{0,62}([.][A-Za-z0-9-]{1,63})*$')
              THEN display_name END",
    ),
    // The class wants a device, also where Graph gives it neither name nor device id.
    set(
        "device.instance_uid",
        "CASE WHEN coalesce(ocsf_text(device_id), ocsf_text(display_name)) IS NULL THEN id END",
    ),
    set(
        "device.type_id",
        "CASE lower(profile_type) WHEN 'securevm' THEN 6 WHEN 'iot' THEN 7
              ELSE coalesce(entra_device_type_id(operating_system), 0) END",
    ),
    set("device.vendor_name", "manufacturer"),
    set("device.model", "model"),
    set("device.os.name", "operating_system"),
    set("device.os.version", "operating_system_version"),
    set("device.os.type_id", "coalesce(entra_os_type_id(operating_system), 0)"),
    set("device.os.type", "operating_system"),
    set("device.is_managed", "is_managed"),
    set("device.is_compliant", "is_compliant"),
    set("device.is_trusted", "lower(trust_type) IN ('azuread', 'serverad')"),
    set("device.is_personal", "lower(trust_type) = 'workplace'"),
    set("device.is_shared", "lower(profile_type) = 'shared'"),
    set("device.created_time", "registration_date_time"),
    set("device.last_seen_time", "approximate_last_sign_in_date_time"),
    key("device.owner.uid", "owner_id"),
    set("device.owner.name", "owner_name"),
    set("device.owner.type_id", "1"),
    key("device.org.uid", "{tenant}"),
];

const UNMAPPED: &[Pair] = &[
    set("unmapped.accountEnabled", "account_enabled"),
    set("unmapped.trustType", "trust_type"),
    set("unmapped.profileType", "profile_type"),
    set("unmapped.isRooted", "is_rooted"),
    set("unmapped.complianceExpirationDateTime", "compliance_expiration_date_time"),
    set("unmapped.deletedDateTime", "deleted_date_time"),
    set("unmapped.deviceOwnership", "device_ownership"),
    set("unmapped.managementType", "management_type"),
    set("unmapped.mdmAppId", "mdm_app_id"),
    set("unmapped.deviceCategory", "device_category"),
    set("unmapped.enrollmentProfileName", "enrollment_profile_name"),
    set("unmapped.enrollmentType", "enrollment_type"),
    set("unmapped.onPremisesSyncEnabled", "on_premises_sync_enabled"),
    set("unmapped.onPremisesLastSyncDateTime", "on_premises_last_sync_date_time"),
    set("unmapped.onPremisesSecurityIdentifier", "on_premises_security_identifier"),
    set("unmapped.isManagementRestricted", "is_management_restricted"),
    set("unmapped.physicalIds", "physical_ids"),
    set("unmapped.systemLabels", "system_labels"),
    set("unmapped.alternativeSecurityIds", "alternative_security_ids"),
    set("unmapped.deviceMetadata", "device_metadata"),
    set("unmapped.deviceVersion", "device_version"),
];
