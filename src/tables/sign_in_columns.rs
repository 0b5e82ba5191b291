//! The columns of the four sign-in tables, which are one resource in Graph.
//!
//! The v1.0 log lacks about half of them. Naming one of those in `sign_ins` moves the request
//! to the beta endpoint; the other three tables read beta anyway.

use crate::spec::{
    ANY_EQ, ANY_PREFIX, Column, EQ, Kind, PREFIX, RANGE, choice, flag, integer, list, record, text,
    texts, time,
};
use crate::tables::conditional_access::POLICY;
use crate::tables::risk;
use crate::tables::sign_in_shapes::{
    ACCESS, AGENT, APP_DEVICE, APP_POLICY, AUTH_CONTEXT, AUTH_STEP, CA_STATUSES, CREDENTIALS,
    DEVICE, IDENTIFIERS, KEY_VALUE, LISTENER, LOCATION, MANAGED_IDENTITY, MFA, NETWORK,
    PRIVATE_LINK, PROTECTION, PROTOCOLS, REQUIREMENT, SESSION_POLICY, STATUS, TOKEN_ISSUERS,
    TOKEN_PROTECTION, TOKENS, TRANSFERS, USER_TYPES,
};

pub(super) const COLUMNS: &[Column] = &[
    text("id", "Sign-in id, the request id of the token.").filter(EQ).required(),
    // An instant has more digits in Graph than here, so equality is left to the range.
    time("created_date_time", "When it began.").filter(RANGE).sortable().required(),
    // Who.
    text("user_principal_name", "Sign-in name, lower case; guests under their home name.")
        .filter(EQ.and(PREFIX)),
    text("user_display_name", "Name of the user.").filter(EQ.and(PREFIX)),
    text("user_id", "Object id of the user; join `users` on this.").filter(EQ).required(),
    choice("user_type", USER_TYPES, "`member` or `guest` of the tenant.").beta(),
    text("sign_in_identifier", "What was typed as the name.").beta(),
    choice("sign_in_identifier_type", IDENTIFIERS, "What that is, e.g. `phoneNumber`.").beta(),
    text("service_principal_name", "Name of the service principal.").filter_on_beta(EQ.and(PREFIX)),
    text("service_principal_id", "Object id of the service principal.")
        .filter_on_beta(EQ.and(PREFIX)),
    choice("client_credential_type", CREDENTIALS, "What the app proved itself with.").beta(),
    text("service_principal_credential_key_id", "Key id of the credential used.").beta(),
    text("service_principal_credential_thumbprint", "Thumbprint of the certificate used.").beta(),
    text("federated_credential_id", "Federated identity credential used.").beta(),
    record("managed_service_identity", MANAGED_IDENTITY, "The managed identity.").beta(),
    record("agent", AGENT, "The agent, where one took part.").beta(),
    text("root_actor_id", "Identity that started a chain of agents.").beta(),
    // To what.
    text("app_display_name", "App signed in to.").filter(EQ.and(PREFIX)),
    text("app_id", "Application id of that app.").filter(EQ),
    text("app_owner_tenant_id", "Tenant that owns the app.").filter(EQ).beta(),
    text("resource_display_name", "API or service the token is for.").filter(EQ),
    text("resource_id", "Application id of that resource.").filter(EQ),
    text("resource_service_principal_id", "Service principal of that resource.").beta(),
    text("resource_tenant_id", "Tenant the resource is in."),
    text("resource_owner_tenant_id", "Tenant that owns the resource.").filter(EQ).beta(),
    text("azure_resource_id", "Azure Resource Manager id of the resource.").beta(),
    text("home_tenant_id", "Tenant the identity comes from."),
    text("home_tenant_name", "Name of that tenant.").beta(),
    choice("cross_tenant_access_type", ACCESS, "How it crossed tenants, e.g. `b2bCollaboration`.")
        .beta(),
    flag("is_tenant_restricted", "Tenant restrictions applied.").beta(),
    // How it went.
    record("status", STATUS, "Success or the reason of failure."),
    text("correlation_id", "Id the client gave the request.").filter(EQ),
    text("original_request_id", "First request of the sequence.").filter(EQ).beta(),
    flag("is_interactive", "The user took part."),
    // Pushed, this would widen the table beyond its own kind of event.
    texts("sign_in_event_types", "E.g. `interactiveUser`, `nonInteractiveUser`.").beta(),
    integer("processing_time_in_milliseconds", "Time the request took.").beta(),
    flag("flagged_for_review", "The user asked for help with this failure.").beta(),
    // From where.
    text("ip_address", "Address of the client.").filter(EQ.and(PREFIX)),
    text("ip_address_from_resource_provider", "Address the resource saw, if different.").beta(),
    text("global_secure_access_ip_address", "Address ahead of Global Secure Access.").beta(),
    flag("is_through_global_secure_access", "Came through Global Secure Access.").beta(),
    integer("autonomous_system_number", "Network (ASN) of the address.").beta(),
    record("location", LOCATION, "Place derived from the address."),
    list("network_location_details", &Kind::Record(NETWORK), "Named locations of the address.")
        .beta(),
    record("private_link_details", PRIVATE_LINK, "The private link used.").beta(),
    text("client_app_used", "E.g. `Browser`, `IMAP4`, `Exchange ActiveSync`.").filter(EQ),
    text("user_agent", "User agent of the client.").filter_on_beta(EQ.and(PREFIX)),
    record("device_detail", DEVICE, "The device."),
    record("authentication_app_device_details", APP_DEVICE, "The phone with Authenticator."),
    // How identity was proved.
    text(
        "authentication_requirement",
        "`singleFactorAuthentication` or `multiFactorAuthentication`.",
    )
    .filter(EQ.and(PREFIX))
    .beta(),
    list(
        "authentication_requirement_policies",
        &Kind::Record(REQUIREMENT),
        "What asked for that strength.",
    )
    .beta(),
    list("authentication_details", &Kind::Record(AUTH_STEP), "The steps, in order.").beta(),
    texts("authentication_methods_used", "Methods used.").beta(),
    list(
        "authentication_processing_details",
        &Kind::Record(KEY_VALUE),
        "Further facts, e.g. whether legacy TLS was used.",
    )
    .beta(),
    list(
        "authentication_context_class_references",
        &Kind::Record(AUTH_CONTEXT),
        "Authentication contexts in play.",
    )
    .beta(),
    list(
        "authentication_app_policy_evaluation_details",
        &Kind::Record(APP_POLICY),
        "Authenticator settings and how they were met.",
    )
    .beta(),
    record("mfa_detail", MFA, "Second factor; superseded by `authentication_details`.").beta(),
    choice("authentication_protocol", PROTOCOLS, "Protocol, e.g. `deviceCode`, `ropc`, `saml20`.")
        .beta(),
    choice("original_transfer_method", TRANSFERS, "How the session began on another device.")
        .beta(),
    // Tokens and sessions.
    choice("incoming_token_type", TOKENS, "Token presented, e.g. `primaryRefreshToken`.").beta(),
    text("unique_token_identifier", "Id carried by the token, to follow it into other logs.")
        .beta(),
    text("token_issuer_name", "Identity provider, e.g. `sts.contoso.com`.").filter(EQ).beta(),
    choice("token_issuer_type", TOKEN_ISSUERS, "Kind of provider, e.g. `ADFederationServices`.")
        .beta(),
    choice("sign_in_token_protection_status", PROTECTION, "Bound to the device or not.").beta(),
    choice("app_token_protection_status", PROTECTION, "The same, for the token of the app.").beta(),
    record("token_protection_status_details", TOKEN_PROTECTION, "Why it is bound or not.").beta(),
    text("session_id", "Session, shared by all sign-ins that followed the first.").beta(),
    text("client_session_id", "Session as the client names it.").beta(),
    list("session_lifetime_policies", &Kind::Record(SESSION_POLICY), "What limits the session.")
        .beta(),
    // Conditional Access and risk.
    choice("conditional_access_status", CA_STATUSES, "`success`, `failure` or `notApplied`.")
        .filter(EQ),
    // Empty unless the caller may also read Conditional Access policies:
    // https://learn.microsoft.com/graph/api/signin-list
    list("applied_conditional_access_policies", &Kind::Record(POLICY), "Policies and outcomes."),
    texts("conditional_access_audiences", "Apps the policies were evaluated for.")
        .filter(ANY_EQ)
        .beta(),
    list("applied_event_listeners", &Kind::Record(LISTENER), "Custom extensions that ran.").beta(),
    choice("risk_level_during_sign_in", risk::LEVELS, "Risk at that moment.").filter(EQ),
    choice("risk_level_aggregated", risk::LEVELS, "Risk with later findings included.").filter(EQ),
    choice("risk_state", risk::STATES, "Where the case stands, e.g. `atRisk`.").filter(EQ),
    choice("risk_detail", risk::DETAILS, "Why the state changed.").filter(EQ),
    // Graph spells this one with an underscore.
    texts("risk_event_types_v2", "What was noticed, e.g. `unfamiliarFeatures`.")
        .property("riskEventTypes_v2")
        .filter(ANY_EQ.and(ANY_PREFIX)),
    texts("risk_event_types", "The same in the older vocabulary.")
        .members(risk::EVENT_TYPES)
        .v1_only(),
];
