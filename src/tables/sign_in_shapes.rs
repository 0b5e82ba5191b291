//! The records and enumerations inside a sign-in.

use crate::spec::{
    Column, EQ, PREFIX, choice, double, flag, integer, json, record, text, texts, time,
};

/// Codes are those of <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
pub(super) const STATUS: &[Column] = &[
    integer("error_code", "0 for success, else the AADSTS number, e.g. `50126`.").filter(EQ),
    text("failure_reason", "What the code means; `Other.` for success."),
    text("additional_details", "Further words, e.g. `MFA requirement satisfied by claim`."),
];

pub(super) const LOCATION: &[Column] = &[
    text("city", "City.").filter(EQ.and(PREFIX)),
    text("state", "State or province.").filter(EQ.and(PREFIX)),
    text("country_or_region", "Two-letter country, e.g. `DE`.").filter(EQ.and(PREFIX)),
    record("geo_coordinates", COORDINATES, "Coordinates of the place."),
];

pub(super) const COORDINATES: &[Column] = &[
    double("latitude", "Degrees north."),
    double("longitude", "Degrees east."),
    double("altitude", "Height."),
];

pub(super) const DEVICE: &[Column] = &[
    text("device_id", "Device id in Entra; empty for unknown devices."),
    text("display_name", "Name of the device."),
    text("operating_system", "E.g. `Windows 10`, `iOS 18`.").filter(EQ.and(PREFIX)),
    text("browser", "E.g. `Edge 120.0.0`.").filter(EQ.and(PREFIX)),
    text("browser_id", "Id of the browser.").beta(),
    flag("is_compliant", "Meets the compliance policies."),
    flag("is_managed", "Managed by the organization."),
    text("trust_type", "How it is joined, e.g. `AzureAd`, `Hybrid Azure AD joined`."),
];

pub(super) const APP_DEVICE: &[Column] = &[
    text("device_id", "Device id."),
    text("operating_system", "Operating system."),
    text("client_app", "App that answered."),
    text("app_version", "Its version."),
];

pub(super) const APP_POLICY: &[Column] = &[
    text("policy_name", "Setting of the app."),
    choice("admin_configuration", SETTINGS, "`enabled`, `disabled` or `notApplicable`."),
    choice("authentication_evaluation", EVALUATIONS, "`success` or `failure`."),
    choice("status", APP_POLICY_STATUSES, "How it was met, e.g. `numberMatchDeny`."),
];

pub(super) const AUTH_STEP: &[Column] = &[
    time("authentication_step_date_time", "When the step was taken."),
    text("authentication_method", "E.g. `Password`, `FIDO2 security key`, `Previously satisfied`."),
    text("authentication_method_detail", "E.g. where the password was checked."),
    flag("succeeded", "Whether the step succeeded."),
    text("authentication_step_result_detail", "Why it did or did not."),
    text(
        "authentication_step_requirement",
        "What the step was for, e.g. `Primary authentication`.",
    ),
];

pub(super) const REQUIREMENT: &[Column] = &[
    choice("requirement_provider", REQUIREMENT_PROVIDERS, "E.g. `user`, `securityDefaults`."),
    text("detail", "More on it, e.g. `Conditional Access`."),
];

pub(super) const AUTH_CONTEXT: &[Column] = &[
    text("id", "Context, e.g. `c1`; `urn:user:registersecurityinfo` for user actions."),
    choice("detail", CONTEXT_DETAILS, "`required`, `previouslySatisfied` or `notApplicable`."),
];

pub(super) const KEY_VALUE: &[Column] = &[text("key", "Name."), text("value", "Value.")];

pub(super) const MFA: &[Column] =
    &[text("auth_method", "Second factor used."), text("auth_detail", "Masked detail of it.")];

pub(super) const NETWORK: &[Column] = &[
    choice("network_type", NETWORKS, "E.g. `namedNetwork`, `trusted`, `intranet`."),
    texts("network_names", "Names of the locations."),
];

pub(super) const PRIVATE_LINK: &[Column] = &[
    text("policy_id", "Private link policy."),
    text("policy_name", "Its name."),
    text("policy_tenant_id", "Tenant it belongs to."),
    text("resource_id", "Azure resource it protects."),
];

pub(super) const SESSION_POLICY: &[Column] = &[
    choice("expiration_requirement", EXPIRATIONS, "E.g. `signInFrequencyEveryTime`."),
    text("detail", "More on it."),
];

pub(super) const TOKEN_PROTECTION: &[Column] = &[
    choice("sign_in_session_status", PROTECTION, "`bound`, `unbound` or `none`."),
    integer("sign_in_session_status_code", "Reason code, e.g. `1002`."),
];

pub(super) const MANAGED_IDENTITY: &[Column] = &[
    choice("msi_type", MSI_TYPES, "`userAssigned` or `systemAssigned`."),
    text("associated_resource_id", "Azure resource it is attached to."),
    text("federated_token_id", "Id of the federated token."),
    text("federated_token_issuer", "Issuer of the federated token."),
];

pub(super) const AGENT: &[Column] = &[
    choice("agent_type", AGENT_TYPES, "What the client is, e.g. `agenticAppInstance`."),
    text("parent_app_id", "Blueprint the client was made from."),
    choice("agent_subject_type", AGENT_TYPES, "What the subject is."),
    text("agent_subject_parent_id", "Blueprint the subject was made from."),
];

pub(super) const LISTENER: &[Column] = &[
    choice("event_type", LISTENER_EVENTS, "E.g. `tokenIssuanceStart`."),
    text("executed_listener_id", "Listener that ran."),
    // An open type: its members depend on the event.
    json("handler_result", "What it answered."),
];

pub(super) const USER_TYPES: &[&str] = &["member", "guest"];
pub(super) const CA_STATUSES: &[&str] = &["success", "failure", "notApplied"];
pub(super) const PROTECTION: &[&str] = &["none", "bound", "unbound"];
pub(super) const TRANSFERS: &[&str] = &["none", "deviceCodeFlow", "authenticationTransfer"];

pub(super) const IDENTIFIERS: &[&str] =
    &["userPrincipalName", "phoneNumber", "proxyAddress", "qrCode", "onPremisesUserPrincipalName"];

pub(super) const CREDENTIALS: &[&str] = &[
    "none",
    "clientSecret",
    "clientAssertion",
    "federatedIdentityCredential",
    "managedIdentity",
    "certificate",
];

pub(super) const ACCESS: &[&str] = &[
    "none",
    "b2bCollaboration",
    "b2bDirectConnect",
    "microsoftSupport",
    "serviceProvider",
    "passthrough",
];

pub(super) const TOKENS: &[&str] =
    &["none", "primaryRefreshToken", "saml11", "saml20", "remoteDesktopToken", "refreshToken"];

pub(super) const TOKEN_ISSUERS: &[&str] = &[
    "AzureAD",
    "ADFederationServices",
    "AzureADBackupAuth",
    "ADFederationServicesMFAAdapter",
    "NPSExtension",
];

pub(super) const PROTOCOLS: &[&str] = &[
    "none",
    "oAuth2",
    "ropc",
    "wsFederation",
    "saml20",
    "deviceCode",
    "authenticationTransfer",
    "nativeAuth",
    "implicitAccessTokenAndGetResponseMode",
    "implicitIdTokenAndGetResponseMode",
    "implicitAccessTokenAndPostResponseMode",
    "implicitIdTokenAndPostResponseMode",
    "authorizationCodeWithoutPkce",
    "authorizationCodeWithPkce",
    "clientCredentials",
    "refreshTokenGrant",
    "encryptedAuthorizeResponse",
    "directUserGrant",
    "kerberos",
    "prtGrant",
    "seamlessSso",
    "prtBrokerBased",
    "prtNonBrokerBased",
    "onBehalfOf",
    "samlOnBehalfOf",
    "officeS2S",
    "wsTrust",
];

const SETTINGS: &[&str] = &["notApplicable", "enabled", "disabled"];
const EVALUATIONS: &[&str] = &["success", "failure"];
const CONTEXT_DETAILS: &[&str] = &["required", "previouslySatisfied", "notApplicable"];
const MSI_TYPES: &[&str] = &["none", "userAssigned", "systemAssigned"];
const NETWORKS: &[&str] =
    &["intranet", "extranet", "namedNetwork", "trusted", "trustedNamedLocation"];

const AGENT_TYPES: &[&str] = &[
    "notAgentic",
    "agenticApp",
    "agenticAppInstance",
    "agentIdentityBlueprintPrincipal",
    "agentIDuser",
];

const LISTENER_EVENTS: &[&str] = &[
    "tokenIssuanceStart",
    "pageRenderStart",
    "attributeCollectionStart",
    "attributeCollectionSubmit",
    "emailOtpSend",
    "passwordSubmit",
];

const EXPIRATIONS: &[&str] = &[
    "rememberMultifactorAuthenticationOnTrustedDevices",
    "tenantTokenLifetimePolicy",
    "audienceTokenLifetimePolicy",
    "signInFrequencyPeriodicReauthentication",
    "ngcMfa",
    "signInFrequencyEveryTime",
];

const APP_POLICY_STATUSES: &[&str] = &[
    "unknown",
    "appLockOutOfDate",
    "appLockEnabled",
    "appLockDisabled",
    "appContextOutOfDate",
    "appContextShown",
    "appContextNotShown",
    "locationContextOutOfDate",
    "locationContextShown",
    "locationContextNotShown",
    "numberMatchOutOfDate",
    "numberMatchCorrectNumberEntered",
    "numberMatchIncorrectNumberEntered",
    "numberMatchDeny",
    "tamperResistantHardwareOutOfDate",
    "tamperResistantHardwareUsed",
    "tamperResistantHardwareNotUsed",
];

const REQUIREMENT_PROVIDERS: &[&str] = &[
    "user",
    "request",
    "servicePrincipal",
    "v1ConditionalAccess",
    "multiConditionalAccess",
    "tenantSessionRiskPolicy",
    "accountCompromisePolicies",
    "v1ConditionalAccessDependency",
    "v1ConditionalAccessPolicyIdRequested",
    "mfaRegistrationRequiredByIdentityProtectionPolicy",
    "baselineProtection",
    "mfaRegistrationRequiredByBaselineProtection",
    "mfaRegistrationRequiredByMultiConditionalAccess",
    "enforcedForCspAdmins",
    "securityDefaults",
    "mfaRegistrationRequiredBySecurityDefaults",
    "proofUpCodeRequest",
    "crossTenantOutboundRule",
    "gpsLocationCondition",
    "riskBasedPolicy",
    "scopeBasedAuthRequirementPolicy",
    "authenticationStrengths",
];
