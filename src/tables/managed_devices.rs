//! `managed_devices`: computers and phones that Intune manages.
//!
//! Intune ignores a filter it does not know instead of refusing it, so every row is looked
//! at again here. Some properties come for one device at a time only.

use crate::spec::{
    Bucket, Column, EQ, Kind, License, STRICT, TableSpec, choice, flag, integer, json, list, long,
    record, text, texts, time,
};
use crate::tables::intune_shapes::{
    ACTION, AGENTS, ATTESTATION, COMPLIANCE, ENROLLMENTS, EXCHANGE, EXCHANGE_REASONS, FEATURES,
    LOGON, OWNERS, REGISTRATIONS, STATES, THREATS,
};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("managed_devices", "/deviceManagement/managedDevices")
        .about("Computers and phones managed by Intune.")
        .page("https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice")
        .permissions(&[
            "DeviceManagementManagedDevices.Read.All",
            "DeviceManagementConfiguration.Read.All",
        ])
        .license(License::Intune)
        .bucket(Bucket::Intune)
        .ignores_filter()
        .page_size(999, 999)
        .get_by_key()
        .rows_guess(5_000)
        .columns(COLUMNS)
        .examples(&[
            (
                "Devices that break the rules, and who uses them",
                "SELECT device_name, user_principal_name, operating_system, os_version,
                        last_sync_date_time
                   FROM managed_devices
                  WHERE compliance_state = 'noncompliant'
                  ORDER BY last_sync_date_time",
            ),
            (
                "Computers without an encrypted disk",
                "SELECT device_name, user_principal_name, operating_system, model
                   FROM managed_devices
                  WHERE NOT is_encrypted
                    AND operating_system IN ('Windows', 'macOS')
                  ORDER BY device_name",
            ),
            (
                "Devices nobody has heard of for 30 days",
                "SELECT device_name, user_principal_name, last_sync_date_time
                   FROM managed_devices
                  WHERE last_sync_date_time < now() - interval '30 days'
                  ORDER BY last_sync_date_time",
            ),
        ]);

// What takes a filter is documented property by property. An `or` is documented for some of
// them only; the rest take one value. A date takes `gt` and `lt`, nothing else. `contains` and
// `ne` are never sent.
const COLUMNS: &[Column] = &[
    text("id", "Id in Intune.").required(),
    text("device_name", "Name of the device.").filter(EQ).single_value(),
    text("azure_ad_device_id", "Device id in Entra, as `device_id` in `devices`.")
        .property("azureADDeviceId")
        .filter(EQ)
        .single_value(),
    text("managed_device_name", "Name Intune gives it, e.g. `ada_Windows_1/15/2026_8:30 AM`."),
    // Who uses it.
    text("user_id", "User id in Entra."),
    text("user_principal_name", "Sign-in name of the user.").filter(EQ).single_value(),
    text("user_display_name", "Name of the user."),
    text("email_address", "Mail address of the user."),
    text("phone_number", "Phone number of the device."),
    choice("managed_device_owner_type", OWNERS, "Whose device it is."),
    // State.
    choice("compliance_state", COMPLIANCE, "Whether it meets the compliance policies.").filter(EQ),
    time("compliance_grace_period_expiration_date_time", "Until when it may fall short of them.")
        .filter(STRICT),
    flag("is_encrypted", "Whether its storage is encrypted."),
    text("jail_broken", "`True`, `False` or `Unknown`.").filter(EQ),
    flag("is_supervised", "Under supervision, on Apple devices."),
    choice("partner_reported_threat_state", THREATS, "Threat level a partner product reports."),
    choice("management_state", STATES, "Managed, or about to be wiped or retired.").filter(EQ),
    choice("management_agent", AGENTS, "What manages it.").filter(EQ),
    time("last_sync_date_time", "When Intune last heard of it.").filter(STRICT),
    time("enrolled_date_time", "When it was enrolled.").filter(STRICT),
    choice("device_enrollment_type", ENROLLMENTS, "How it was enrolled."),
    text("enrollment_profile_name", "Enrollment profile, e.g. of Autopilot."),
    flag("require_user_enrollment_approval", "Enrolled with consent of the user, on iOS."),
    choice("device_registration_state", REGISTRATIONS, "How its registration stands."),
    flag("azure_ad_registered", "Whether it is registered in Entra.").property("azureADRegistered"),
    text("device_category_display_name", "Category it was put into.").filter(EQ),
    time("management_certificate_expiration_date", "When its management certificate ends."),
    // Hard- and software.
    text("operating_system", "E.g. `Windows`, `iOS`, `Android`, `macOS`.").filter(EQ),
    text("os_version", "Version of the operating system."),
    text("android_security_patch_level", "Date of the last Android patch, as text."),
    text("manufacturer", "Manufacturer.").filter(EQ),
    text("model", "Model.").filter(EQ).single_value(),
    text("serial_number", "Serial number.").filter(EQ),
    text("imei", "IMEI.").filter(EQ),
    text("meid", "MEID."),
    text("wi_fi_mac_address", "Hardware address of the wireless network."),
    text("subscriber_carrier", "Mobile network."),
    long("total_storage_space_in_bytes", "Storage in bytes."),
    long("free_storage_space_in_bytes", "Free storage in bytes."),
    record("device_health_attestation_state", ATTESTATION, "How Windows started, as attested."),
    // Exchange, remote help, Configuration Manager.
    flag("eas_activated", "Whether Exchange ActiveSync is on."),
    time("eas_activation_date_time", "When that was turned on; year 1 if never."),
    text("eas_device_id", "Exchange ActiveSync id."),
    choice("exchange_access_state", EXCHANGE, "Whether Exchange lets it in.").filter(EQ),
    choice("exchange_access_state_reason", EXCHANGE_REASONS, "Why."),
    time("exchange_last_successful_sync_date_time", "Last Exchange contact; year 1 if never."),
    text("remote_assistance_session_url", "Address for remote help."),
    text("remote_assistance_session_error_details", "What went wrong in remote help."),
    record(
        "configuration_manager_client_enabled_features",
        FEATURES,
        "What Intune does where Configuration Manager has the rest.",
    ),
    list("device_action_results", &Kind::Record(ACTION), "Actions sent to it, e.g. a wipe."),
    // Intune fills these for one device at a time.
    text("activation_lock_bypass_code", "Code that opens a locked Apple device.").one_at_a_time(),
    text("ethernet_mac_address", "Hardware address of the wired network.").one_at_a_time(),
    text("iccid", "SIM card number.").one_at_a_time(),
    text("udid", "Apple device id.").one_at_a_time(),
    text("notes", "What an administrator wrote about it.").one_at_a_time(),
    long("physical_memory_in_bytes", "Memory in bytes.").one_at_a_time(),
    // Beta.
    json("hardware_information", "What it is made of, in detail.").one_at_a_time().beta(),
    flag("aad_registered", "Whether it is registered in Entra.").beta(),
    text("azure_active_directory_device_id", "Device id in Entra.").beta(),
    flag("autopilot_enrolled", "Enrolled through Autopilot.").beta(),
    flag("bootstrap_token_escrowed", "Intune keeps the bootstrap token of the Mac.").beta(),
    text("chassis_type", "E.g. `laptop`, `phone`.").beta(),
    json("chrome_os_device_info", "Properties of a Chromebook.")
        .property("chromeOSDeviceInfo")
        .beta(),
    json("cloud_pc_remote_action_results", "Actions sent to a Cloud PC.").beta(),
    json("configuration_manager_client_health_state", "Health of the other client.").beta(),
    json("configuration_manager_client_information", "The other client.").beta(),
    flag("device_firmware_configuration_interface_managed", "Firmware is managed, too.").beta(),
    text("device_type", "E.g. `windowsRT`, `iPhone`.").beta(),
    text("enrolled_by_user_principal_name", "Sign-in name of who enrolled it.").beta(),
    text("join_type", "How it is joined to Entra.").beta(),
    text("lost_mode_state", "`enabled` while it is lost.").beta(),
    text("management_features", "`microsoftManagedDesktop` or `none`.").beta(),
    text("owner_type", "Whose device it is.").beta(),
    time("prefer_mdm_over_group_policy_applied_date_time", "Since when Intune wins.").beta(),
    text("processor_architecture", "E.g. `x64`, `arm64`.").beta(),
    time("retire_after_date_time", "When it is retired by itself.").beta(),
    texts("role_scope_tag_ids", "Scope tags.").beta(),
    text("security_patch_level", "Date of the last patch, as text.").beta(),
    text("sku_family", "Windows edition.").beta(),
    integer("sku_number", "Windows edition, as a number.").beta(),
    text("specification_version", "TPM specification.").beta(),
    list("users_logged_on", &Kind::Record(LOGON), "Who last signed in to it.").beta(),
    integer("windows_active_malware_count", "Malware at work.").beta(),
    integer("windows_remediated_malware_count", "Malware dealt with.").beta(),
];
