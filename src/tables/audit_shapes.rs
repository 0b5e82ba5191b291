//! The records inside an entry of an audit log.

use crate::spec::{Column, EQ, Kind, PREFIX, choice, list, record, text, time};

pub(super) const RESULTS: &[&str] = &["success", "failure", "timeout"];

pub(super) const INITIATOR: &[Column] = &[
    record("user", USER, "The user, if it was one."),
    record("app", APP, "The app, if it was one."),
    record("linkable_identifiers", LINKS, "What to join the sign-in logs on.").beta(),
];

const USER: &[Column] = &[
    text("id", "Object id.").filter(EQ),
    text("user_principal_name", "Sign-in name.").filter(EQ.and(PREFIX)),
    text("display_name", "Name; often null.").filter(EQ),
    text("ip_address", "Address the request came from."),
    text("home_tenant_id", "Tenant the user belongs to.").beta(),
    text("home_tenant_name", "Name of that tenant.").beta(),
];

const APP: &[Column] = &[
    text("app_id", "Application id.").filter(EQ),
    text("display_name", "Name.").filter(EQ),
    text("service_principal_id", "Object id of the service principal."),
    text("service_principal_name", "Name of the service principal."),
];

const LINKS: &[Column] = &[
    text("device_id", "Device the request came from."),
    text("session_id", "Same as `session_id` of the sign-in."),
    record("token_details", TOKEN, "The token that was used."),
];

const TOKEN: &[Column] = &[
    text("unique_token_identifier", "Same as `unique_token_identifier` of the sign-in."),
    time("issued_at_date_time", "When the token was issued."),
];

pub(super) const TARGET: &[Column] = &[
    text("id", "Object id."),
    text("type", "Kind of object, e.g. `User`, `Group`, `Role`, `Policy`."),
    text("display_name", "Name; often null."),
    text("user_principal_name", "Sign-in name, for users."),
    choice("group_type", GROUP_TYPES, "`unifiedGroups` or `azureAD`, for groups."),
    list("modified_properties", &Kind::Record(MODIFIED), "What changed, property by property."),
];
const GROUP_TYPES: &[&str] = &["unifiedGroups", "azureAD"];

// Values are JSON inside text: a string comes with its quotes.
const MODIFIED: &[Column] = &[
    text("display_name", "Property."),
    text("old_value", "Value before, as JSON text."),
    text("new_value", "Value after, as JSON text."),
];

pub(super) const DETAIL: &[Column] =
    &[text("key", "Name, e.g. `User-Agent`."), text("value", "Value.")];
