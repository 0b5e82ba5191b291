//! Records that several directory objects share.

use crate::spec::{Column, flag, text, texts, time};

/// A license; which products the ids stand for is listed at
/// <https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference>.
pub(super) const ASSIGNED_LICENSE: &[Column] =
    &[text("sku_id", "Product id."), texts("disabled_plans", "Service plan ids switched off.")];

pub(super) const PROVISIONING_ERROR: &[Column] = &[
    text("category", "Kind of error, e.g. `PropertyConflict`."),
    time("occurred_date_time", "When it happened."),
    text("property_causing_error", "`UserPrincipalName` or `ProxyAddress`."),
    text("value", "The value in conflict."),
];

pub(super) const SERVICE_PROVISIONING_ERROR: &[Column] = &[
    time("created_date_time", "When it was reported."),
    flag("is_resolved", "Whether it was dealt with."),
    text("service_instance", "Service that reported it, e.g. `exchange/…`."),
    // Present on the one derived type Graph has, `serviceProvisioningXmlError`.
    text("error_detail", "Details, as XML text."),
];
