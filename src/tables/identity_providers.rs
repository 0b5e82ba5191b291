//! `identity_providers`: who else may vouch for a user.
//!
//! Several kinds in one list: the columns of the other kinds are null. Domains that are
//! federated are in `domains`.

use crate::spec::{Column, License, TableSpec, choice, json, record, text};

/// The table.
pub(super) static TABLE: TableSpec =
    TableSpec::collection("identity_providers", "/identity/identityProviders")
        .about("Identity providers guests and customers may sign in with.")
        .page("https://learn.microsoft.com/graph/api/resources/identityproviderbase")
        .permissions(&["IdentityProvider.Read.All"])
        .license(License::Any)
        .page_size(100, 100)
        .no_select()
        .no_top()
        .rows_guess(5)
        .columns(COLUMNS)
        .examples(&[
            (
                "Every provider, and where it sends its users",
                "SELECT display_name, identity_provider_type, issuer, well_known_endpoint
                   FROM identity_providers
                  ORDER BY display_name",
            ),
            (
                "Providers outside Microsoft",
                "SELECT id, display_name, client_id
                   FROM identity_providers
                  WHERE odata_type <> '#microsoft.graph.builtInIdentityProvider'",
            ),
        ]);

const COLUMNS: &[Column] = &[
    text("id", "Provider id, e.g. `Google-OAUTH`.").required(),
    text("display_name", "Name."),
    choice("odata_type", KINDS, "Its kind.").property("@odata.type"),
    text("identity_provider_type", "E.g. `Google`, `EmailOTP`; null for Apple and OIDC."),
    text("client_id", "Client id at the provider; social and OIDC only."),
    text("client_secret", "Masked by Graph; social only."),
    text("issuer", "Issuer of its tokens; OIDC only."),
    text("well_known_endpoint", "Where it describes itself; OIDC only."),
    text("scope", "Scopes it is asked for; OIDC only."),
    text("response_type", "`code`, `id_token` or `token`, comma-separated; OIDC only."),
    json("client_authentication", "How Entra ID proves itself to it; OIDC only."),
    record("inbound_claim_mapping", CLAIMS, "Its claims under names of Entra ID; OIDC only."),
    text("developer_id", "Team id; Apple only."),
    text("service_id", "Service id; Apple only."),
    text("key_id", "Key id; Apple only."),
    text("certificate_data", "Masked by Graph; Apple only."),
];

const KINDS: &[&str] = &[
    "#microsoft.graph.builtInIdentityProvider",
    "#microsoft.graph.socialIdentityProvider",
    "#microsoft.graph.appleManagedIdentityProvider",
    "#microsoft.graph.oidcIdentityProvider",
];

// Named after the claims of OpenID Connect, underscores and all.
const CLAIMS: &[Column] = &[
    text("sub", "Claim that identifies the user."),
    text("name", "Claim with the full name."),
    text("given_name", "Claim with the first name.").property("given_name"),
    text("family_name", "Claim with the last name.").property("family_name"),
    text("email", "Claim with the address."),
    text("email_verified", "Claim that says it is verified.").property("email_verified"),
    text("phone_number", "Claim with the number.").property("phone_number"),
    text("phone_number_verified", "Claim that says it is verified.")
        .property("phone_number_verified"),
    record("address", ADDRESS, "Claims with the postal address."),
];

const ADDRESS: &[Column] = &[
    text("street_address", "Claim with street and number.").property("street_address"),
    text("postal_code", "Claim with the postal code.").property("postal_code"),
    text("locality", "Claim with the city."),
    text("region", "Claim with the state."),
    text("country", "Claim with the country."),
];
