//! What every event carries, whatever its class.

use crate::ocsf::pair::{Pair, key, set};

/// Where an event comes from.
pub(super) const SOURCE: &[Pair] = &[
    set("timezone_offset", "0"),
    set("metadata.version", "{version}"),
    set("metadata.product.vendor_name", "'Microsoft'"),
    key("metadata.tenant_uid", "{tenant}"),
    set("metadata.log_provider", "'Microsoft Graph'"),
    set("cloud.provider", "'Azure'"),
    key("cloud.account.uid", "{tenant}"),
    set("cloud.account.type_id", "17"),
];

/// The product that writes the logs and keeps the directory.
pub(super) const ENTRA: &[Pair] = &[set("metadata.product.name", "'Microsoft Entra ID'")];

/// Of a listing: what is the case when it is collected.
pub(super) const COLLECTED: &[Pair] = &[
    set("time", "{now}"),
    set("activity_id", "2"),
    set("severity_id", "1"),
    set("status_id", "1"),
    // Two exports of an object are two events.
    key("metadata.uid", "concat(id, '/', ocsf_time_ms({now}))"),
    set("metadata.profiles", "make_array('cloud', 'datetime')"),
];
