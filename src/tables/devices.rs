//! `devices`: computers and phones registered or joined, as the directory knows them.
//!
//! `approximate_last_sign_in_date_time` lags: Graph writes it down every two weeks or so.

use crate::spec::{
    ANY_EQ, Column, EQ, Kind, License, NULL, Ops, PREFIX, RANGE, TableSpec, choice, flag, integer,
    list, record, text, texts, time,
};
use crate::tables::directory_shapes::EXTENSION_ATTRIBUTES;

/// The table.
pub(super) static TABLE: TableSpec = TableSpec::collection("devices", "/devices")
    .about("Devices registered in or joined to the tenant.")
    .page("https://learn.microsoft.com/graph/api/resources/device")
    .permissions(&["Device.Read.All", "Directory.Read.All"])
    .license(License::Any)
    .directory(1)
    .page_size(100, 999)
    .counted()
    .get_by_key()
    .rows_guess(10_000)
    .columns(COLUMNS)
    .examples(&[
        (
            "Devices nobody has used for half a year and that still work",
            "SELECT display_name, operating_system, trust_type, approximate_last_sign_in_date_time
               FROM devices
              WHERE account_enabled
                AND approximate_last_sign_in_date_time < now() - interval '180 days'
              ORDER BY approximate_last_sign_in_date_time",
        ),
        (
            "Managed devices that break the rules",
            "SELECT display_name, operating_system, operating_system_version
               FROM devices
              WHERE is_managed AND NOT is_compliant
              ORDER BY display_name",
        ),
        (
            "Sign-ins from devices the directory has disabled",
            "SELECT s.created_date_time, s.user_principal_name, d.display_name
               FROM sign_ins s
               JOIN devices d ON d.device_id = s.device_detail['device_id']
              WHERE NOT d.account_enabled AND s.created_date_time > now() - interval '1 day'",
        ),
    ]);

const MATCH_NULL: Ops = EQ.and(PREFIX).and(NULL);
const EQ_NULL: Ops = EQ.and(NULL);
const RANGE_NULL: Ops = RANGE.and(NULL);

pub(super) const COLUMNS: &[Column] = &[
    text("id", "Object id.").filter(EQ).required(),
    text("device_id", "Id the device itself knows, as in sign-ins and in Intune.").filter(EQ),
    text("display_name", "Name.").filter(MATCH_NULL).advanced(NULL).sortable_advanced(),
    flag("account_enabled", "Can be used to sign in.").filter(EQ),
    text("operating_system", "E.g. `Windows`, `IPhone`.").filter(MATCH_NULL).advanced(NULL),
    text("operating_system_version", "E.g. `10.0.22631.4460`.").filter(MATCH_NULL).advanced(NULL),
    choice("trust_type", TRUSTS, "`AzureAd` joined, `ServerAd` hybrid, `Workplace` personal.")
        .filter(EQ),
    flag("is_compliant", "Meets the rules of device management; null if nobody says.").filter(EQ),
    flag("is_managed", "Under device management; null if nobody says.").filter(EQ),
    flag("is_rooted", "Rooted or jailbroken.").filter(EQ_NULL).advanced(EQ_NULL),
    time("approximate_last_sign_in_date_time", "Last sign-in, give or take two weeks.")
        .filter(RANGE_NULL)
        .advanced(NULL)
        .sortable_advanced(),
    time("registration_date_time", "When it was registered.")
        .filter(RANGE_NULL)
        .advanced(RANGE_NULL),
    time("compliance_expiration_date_time", "When the word on compliance is no longer good."),
    time("deleted_date_time", "When it was deleted; null while it exists.").sortable_advanced(),
    text("manufacturer", "Who made it.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("model", "Model.").filter(MATCH_NULL).advanced(MATCH_NULL),
    choice("device_ownership", OWNERSHIPS, "`company`, `personal` or `unknown`.")
        .filter(EQ_NULL)
        .advanced(EQ_NULL),
    text("management_type", "What manages it, e.g. `mdm`, `easMdm`.")
        .filter(EQ_NULL)
        .advanced(EQ_NULL),
    text("mdm_app_id", "App that manages it.").filter(EQ_NULL).advanced(NULL),
    choice("profile_type", PROFILES, "E.g. `RegisteredDevice`, `Printer`, `SecureVM`.").filter(EQ),
    text("device_category", "Category in Intune.").filter(MATCH_NULL).advanced(MATCH_NULL),
    text("enrollment_profile_name", "Profile it was enrolled with.")
        .filter(MATCH_NULL)
        .advanced(MATCH_NULL),
    text("enrollment_type", "How it was enrolled."),
    flag("on_premises_sync_enabled", "Synchronized from a directory; null if it never was.")
        .filter(EQ_NULL)
        .advanced(NULL),
    time("on_premises_last_sync_date_time", "When it was last synchronized.").filter(RANGE),
    text("on_premises_security_identifier", "SID in that directory.")
        .filter(EQ_NULL)
        .advanced(NULL)
        .on_select(),
    flag("is_management_restricted", "In a restricted administrative unit.").on_select(),
    texts("physical_ids", "Ids of the hardware, e.g. `[ZTDID]:…`.").filter(ANY_EQ).required(),
    texts("system_labels", "Labels the system has put on it.").required(),
    list("alternative_security_ids", &Kind::Record(SECURITY_ID), "For internal use.").required(),
    text("device_metadata", "For internal use; null."),
    integer("device_version", "For internal use."),
    texts("alternative_names", "Other names.").beta(),
    texts("hostnames", "Names in the network.").beta(),
    record("extension_attributes", EXTENSION_ATTRIBUTES, "Values an administrator has set.").beta(),
    text("domain_name", "Domain it is joined to.").beta(),
    text("kind", "Form, e.g. `Laptop`.").beta(),
    text("name", "Friendly name.").beta(),
    text("platform", "Platform, e.g. `Windows`.").beta(),
    text("status", "`Online` or `Offline`.").beta(),
];

const OWNERSHIPS: &[&str] = &["unknown", "company", "personal"];
const PROFILES: &[&str] = &["RegisteredDevice", "SecureVM", "Printer", "Shared", "IoT"];
const TRUSTS: &[&str] = &["AzureAd", "ServerAd", "Workplace"];

const SECURITY_ID: &[Column] = &[
    text("identity_provider", "Who issued it."),
    text("key", "The id, as base64."),
    integer("type", "Kind of id."),
];
