//! Records and enumerations of the Intune tables.

use crate::spec::{Column, choice, flag, long, text, time};

pub(super) const OWNERS: &[&str] = &["unknown", "company", "personal"];

pub(super) const COMPLIANCE: &[&str] = &[
    "unknown",
    "compliant",
    "noncompliant",
    "conflict",
    "error",
    "inGracePeriod",
    "configManager",
];

pub(super) const THREATS: &[&str] = &[
    "unknown",
    "activated",
    "deactivated",
    "secured",
    "lowSeverity",
    "mediumSeverity",
    "highSeverity",
    "unresponsive",
    "compromised",
    "misconfigured",
];

pub(super) const STATES: &[&str] = &[
    "managed",
    "retirePending",
    "retireFailed",
    "wipePending",
    "wipeFailed",
    "unhealthy",
    "deletePending",
    "retireIssued",
    "wipeIssued",
    "wipeCanceled",
    "retireCanceled",
    "discovered",
];

pub(super) const AGENTS: &[&str] = &[
    "eas",
    "mdm",
    "easMdm",
    "intuneClient",
    "easIntuneClient",
    "configurationManagerClient",
    "configurationManagerClientMdm",
    "configurationManagerClientMdmEas",
    "unknown",
    "jamf",
    "googleCloudDevicePolicyController",
    "microsoft365ManagedMdm",
    "msSense",
];

pub(super) const ENROLLMENTS: &[&str] = &[
    "unknown",
    "userEnrollment",
    "deviceEnrollmentManager",
    "appleBulkWithUser",
    "appleBulkWithoutUser",
    "windowsAzureADJoin",
    "windowsBulkUserless",
    "windowsAutoEnrollment",
    "windowsBulkAzureDomainJoin",
    "windowsCoManagement",
    "windowsAzureADJoinUsingDeviceAuth",
    "appleUserEnrollment",
    "appleUserEnrollmentWithServiceAccount",
];

pub(super) const REGISTRATIONS: &[&str] = &[
    "notRegistered",
    "registered",
    "revoked",
    "keyConflict",
    "approvalPending",
    "certificateReset",
    "notRegisteredPendingEnrollment",
    "unknown",
];

pub(super) const EXCHANGE: &[&str] = &["none", "unknown", "allowed", "blocked", "quarantined"];

pub(super) const EXCHANGE_REASONS: &[&str] = &[
    "none",
    "unknown",
    "exchangeGlobalRule",
    "exchangeIndividualRule",
    "exchangeDeviceRule",
    "exchangeUpgrade",
    "exchangeMailboxPolicy",
    "other",
    "compliant",
    "notCompliant",
    "notEnrolled",
    "unknownLocation",
    "mfaRequired",
    "azureADBlockDueToAccessPolicy",
    "compromisedPassword",
    "deviceNotKnownWithManagedApp",
];

const ACTION_STATES: &[&str] =
    &["none", "pending", "canceled", "active", "done", "failed", "notSupported"];

// What some actions have besides, a PIN among it, is left to `raw`.
pub(super) const ACTION: &[Column] = &[
    text("action_name", "Action, e.g. `wipe`, `rebootNow`."),
    choice("action_state", ACTION_STATES, "How far it is."),
    time("start_date_time", "When it was asked for."),
    time("last_updated_date_time", "When its state last changed."),
];

pub(super) const FEATURES: &[Column] = &[
    flag("inventory", "Inventory."),
    flag("modern_apps", "Modern apps."),
    flag("resource_access", "Access to resources."),
    flag("device_configuration", "Configuration."),
    flag("compliance_policy", "Compliance."),
    flag("windows_update_for_business", "Windows updates."),
];

pub(super) const LOGON: &[Column] =
    &[text("user_id", "User id in Entra."), time("last_log_on_date_time", "When that was.")];

pub(super) const ATTESTATION: &[Column] = &[
    text("device_health_attestation_status", "Outcome of the attestation."),
    text("health_attestation_supported_status", "Whether the device can be attested."),
    text("health_status_mismatch_info", "What does not fit together."),
    time("issued_date_time", "When it was attested."),
    text("last_update_date_time", "When it was last looked at, as text."),
    text("secure_boot", "Secure Boot."),
    text("bit_locker_status", "BitLocker at start."),
    text("code_integrity", "Code integrity."),
    text("virtual_secure_mode", "Virtual secure mode."),
    text("early_launch_anti_malware_driver_protection", "Early protection against malware."),
    text("boot_debugging", "Debugging of the start."),
    text("operating_system_kernel_debugging", "Debugging of the kernel."),
    text("test_signing", "Test-signed code is allowed."),
    text("safe_mode", "Safe mode."),
    text("windows_pe", "Started into Windows PE.").property("windowsPE"),
    text("data_execution_policy", "Data execution prevention.").property("dataExcutionPolicy"),
    text("tpm_version", "TPM version."),
    text("attestation_identity_key", "Key of the TPM."),
    text("pcr0", "Measurement of the firmware."),
    text("pcr_hash_algorithm", "How measurements are hashed."),
    text("boot_app_security_version", "Security version of the boot application."),
    text("boot_manager_security_version", "Security version of the boot manager."),
    text("boot_manager_version", "Version of the boot manager."),
    text("boot_revision_list_info", "Revocation list of the start."),
    text("code_integrity_check_version", "Version of the check."),
    text("code_integrity_policy", "Hash of the policy."),
    text("operating_system_rev_list_info", "Revocation list of the system."),
    text("secure_boot_configuration_policy_finger_print", "Hash of the Secure Boot policy."),
    text("content_namespace_url", "Namespace of the report."),
    text("content_version", "Version of the report."),
    long("reset_count", "Times it went to sleep or was turned off."),
    long("restart_count", "Times it was started."),
];
