//! What a Conditional Access policy is made of: conditions, grant and session controls.
//!
//! Members Graph writes as one text with commas are text here too. Ids share their lists with
//! words: `All`, `None`, `GuestsOrExternalUsers` among users, `Office365` among applications.

use crate::spec::{Column, choice, flag, integer, record, text, texts, time};
use crate::tables::risk;

pub(super) const CONDITIONS: &[Column] = &[
    record("users", USERS, "Accounts it is for."),
    record("applications", APPLICATIONS, "Applications and actions it is for."),
    record("client_applications", CLIENT_APPLICATIONS, "Service principals it is for."),
    texts("client_app_types", "E.g. `browser`; `other` is legacy authentication.").members(CLIENTS),
    record("locations", LOCATIONS, "Where from: named locations, `All`, `AllTrusted`."),
    record("platforms", PLATFORMS, "Operating systems."),
    record("devices", DEVICES, "Devices, by a rule."),
    record("authentication_flows", FLOWS, "Ways of signing in, such as by device code."),
    texts("sign_in_risk_levels", "Risk of the sign-in; needs P2.").members(risk::LEVELS),
    texts("user_risk_levels", "Risk of the user; needs P2.").members(risk::LEVELS),
    texts("service_principal_risk_levels", "Risk of the service principal.").members(risk::LEVELS),
    text("insider_risk_levels", "`minor`, `moderate`, `elevated`, comma-separated."),
];

const USERS: &[Column] = &[
    texts("include_users", "User ids, `All`, `None` or `GuestsOrExternalUsers`."),
    texts("exclude_users", "User ids or `GuestsOrExternalUsers`."),
    texts("include_groups", "Group ids."),
    texts("exclude_groups", "Group ids."),
    texts("include_roles", "Role template ids."),
    texts("exclude_roles", "Role template ids."),
    record("include_guests_or_external_users", GUESTS, "Kinds of guests."),
    record("exclude_guests_or_external_users", GUESTS, "Kinds of guests."),
];

const GUESTS: &[Column] = &[
    text("guest_or_external_user_types", "E.g. `b2bCollaborationGuest`, comma-separated."),
    record("external_tenants", TENANTS, "Tenants they come from."),
];

const TENANTS: &[Column] = &[
    choice("membership_kind", &["all", "enumerated"], "`all` or `enumerated`."),
    texts("members", "Tenant ids, if enumerated."),
];

const APPLICATIONS: &[Column] = &[
    texts("include_applications", "App ids, `All`, `None`, `Office365`, `MicrosoftAdminPortals`."),
    texts("exclude_applications", "App ids or `Office365`."),
    texts("include_user_actions", "E.g. `urn:user:registersecurityinfo`."),
    texts("include_authentication_context_class_references", "Authentication contexts, e.g. `c1`."),
    record("application_filter", FILTER, "Applications by a rule."),
];

const CLIENT_APPLICATIONS: &[Column] = &[
    texts("include_service_principals", "Ids or `ServicePrincipalsInMyTenant`."),
    texts("exclude_service_principals", "Ids."),
    record("service_principal_filter", FILTER, "Service principals by a rule."),
];

const FILTER: &[Column] = &[
    choice("mode", &["include", "exclude"], "`include` or `exclude`."),
    text("rule", "The rule, e.g. `device.isCompliant -eq True`."),
];

const LOCATIONS: &[Column] = &[
    texts("include_locations", "Location ids, `All` or `AllTrusted`."),
    texts("exclude_locations", "Location ids or `AllTrusted`."),
];

const PLATFORMS: &[Column] = &[
    texts("include_platforms", "E.g. `windows`, `all`.").members(SYSTEMS),
    texts("exclude_platforms", "E.g. `iOS`.").members(SYSTEMS),
];

const DEVICES: &[Column] = &[record("device_filter", FILTER, "Devices by a rule.")];

const FLOWS: &[Column] =
    &[text("transfer_methods", "`deviceCodeFlow`, `authenticationTransfer`, comma-separated.")];

pub(super) const GRANT: &[Column] = &[
    text("operator", "`AND` or `OR`."),
    texts("built_in_controls", "E.g. `mfa`, `block`, `compliantDevice`.").members(CONTROLS),
    texts("custom_authentication_factors", "Custom controls; retired."),
    texts("terms_of_use", "Terms of use, by id."),
    record("authentication_strength", STRENGTH, "The strength of sign-in it asks for."),
];

const STRENGTH: &[Column] = &[
    text("id", "Authentication strength policy."),
    text("display_name", "Name, e.g. `Phishing-resistant MFA`."),
    text("description", "What it is for."),
    choice("policy_type", &["builtIn", "custom"], "`builtIn` or `custom`."),
    text("requirements_satisfied", "`mfa` or `none`."),
    texts("allowed_combinations", "Methods that will do, e.g. `fido2`, `password,sms`."),
    time("created_date_time", "When it was made."),
    time("modified_date_time", "When it was last changed."),
];

pub(super) const SESSION: &[Column] = &[
    record("application_enforced_restrictions", SWITCH, "Restrictions the app enforces."),
    record("cloud_app_security", CLOUD, "Watched by Defender for Cloud Apps."),
    flag("disable_resilience_defaults", "No session is extended while Entra ID is down."),
    record("persistent_browser", BROWSER, "Whether the browser stays signed in."),
    record("secure_sign_in_session", SWITCH, "Tokens are bound to the device."),
    record("sign_in_frequency", FREQUENCY, "How often to sign in again."),
];

const SWITCH: &[Column] = &[flag("is_enabled", "Switched on.")];

const CLOUD: &[Column] = &[
    flag("is_enabled", "Switched on."),
    choice("cloud_app_security_type", CLOUD_TYPES, "E.g. `monitorOnly`, `blockDownloads`."),
];

const BROWSER: &[Column] = &[
    flag("is_enabled", "Switched on."),
    choice("mode", &["always", "never"], "`always` or `never`."),
];

const FREQUENCY: &[Column] = &[
    flag("is_enabled", "Switched on."),
    integer("value", "How many."),
    choice("type", &["days", "hours"], "Of what: `days` or `hours`."),
    choice("frequency_interval", &["timeBased", "everyTime"], "`timeBased` or `everyTime`."),
    choice("authentication_type", AUTHENTICATIONS, "What is to be repeated."),
];

const CLIENTS: &[&str] = &[
    "all",
    "browser",
    "mobileAppsAndDesktopClients",
    "exchangeActiveSync",
    "easSupported",
    "other",
];

const SYSTEMS: &[&str] = &["android", "iOS", "windows", "windowsPhone", "macOS", "all", "linux"];

const CONTROLS: &[&str] = &[
    "block",
    "mfa",
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
    "riskRemediation",
];

const CLOUD_TYPES: &[&str] = &["mcasConfigured", "monitorOnly", "blockDownloads"];

const AUTHENTICATIONS: &[&str] = &["primaryAndSecondaryAuthentication", "secondaryAuthentication"];
