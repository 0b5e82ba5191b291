//! Records that several directory objects share.

use crate::spec::{Column, choice, flag, text, texts, time};

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

// Unlike those of users, these cannot be filtered.
pub(super) const EXTENSION_ATTRIBUTES: &[Column] = &[
    text("extension_attribute1", "Custom attribute 1."),
    text("extension_attribute2", "Custom attribute 2."),
    text("extension_attribute3", "Custom attribute 3."),
    text("extension_attribute4", "Custom attribute 4."),
    text("extension_attribute5", "Custom attribute 5."),
    text("extension_attribute6", "Custom attribute 6."),
    text("extension_attribute7", "Custom attribute 7."),
    text("extension_attribute8", "Custom attribute 8."),
    text("extension_attribute9", "Custom attribute 9."),
    text("extension_attribute10", "Custom attribute 10."),
    text("extension_attribute11", "Custom attribute 11."),
    text("extension_attribute12", "Custom attribute 12."),
    text("extension_attribute13", "Custom attribute 13."),
    text("extension_attribute14", "Custom attribute 14."),
    text("extension_attribute15", "Custom attribute 15."),
];

/// Kinds of objects that come mixed in one list.
pub(super) const KINDS: &[&str] = &[
    "#microsoft.graph.user",
    "#microsoft.graph.group",
    "#microsoft.graph.device",
    "#microsoft.graph.servicePrincipal",
    "#microsoft.graph.application",
    "#microsoft.graph.orgContact",
    "#microsoft.graph.directoryRole",
    "#microsoft.graph.administrativeUnit",
];

// What belongs to another object is of several kinds, each with properties of its own.
pub(super) const OBJECT_TYPE: Column =
    choice("object_type", KINDS, "Kind of object, e.g. `#microsoft.graph.user`.")
        .property("@odata.type");
pub(super) const NAME: Column =
    text("display_name", "Name; null where the app may not read the kind of object.");
pub(super) const USER_NAME: Column = text("user_principal_name", "Sign-in name; users only.");
pub(super) const MAIL: Column = text("mail", "Mail address; users and groups.");
pub(super) const USER_MAIL: Column = text("mail", "Mail address; users only.");
pub(super) const USER_TYPE: Column = text("user_type", "`Member` or `Guest`; users only.");
pub(super) const ENABLED: Column =
    flag("account_enabled", "Whether it can sign in; users, devices and service principals.");
pub(super) const SIGN_IN_ENABLED: Column =
    flag("account_enabled", "Whether it can sign in; users and service principals.");
pub(super) const APP_ID: Column = text("app_id", "Application id; service principals only.");
pub(super) const DELETED: Column =
    time("deleted_date_time", "When it was deleted; null while it exists.");
