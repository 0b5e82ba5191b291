//! What the error numbers of Entra's token endpoint mean to the user.
//!
//! The numbers choose words only. Whether to try again is decided by the HTTP
//! status and the OAuth `error`, because Microsoft keeps the numbers free to change.

use crate::error::ErrorKind;

/// The meaning of a number: what is wrong, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) kind: ErrorKind,
    pub(crate) what: &'static str,
    pub(crate) hint: &'static str,
}

const fn auth(what: &'static str, hint: &'static str) -> Meaning {
    Meaning { kind: ErrorKind::Auth, what, hint }
}

const SECRET: Meaning = auth(
    "the client secret is not valid for this app",
    "use the secret's Value, not Secret ID; Entra shows the Value once, when the secret is \
     created: App registrations > Certificates & secrets > New client secret",
);
const EXPIRED: Meaning = auth(
    "the client secret has expired",
    "create a new one under App registrations > Certificates & secrets and configure its Value",
);
const NO_SECRET: Meaning =
    auth("the app presented no credential", "configure a client secret or a certificate");
const PUBLIC: Meaning = auth(
    "the app is registered as a public client, which cannot present a secret",
    "register a confidential client (a web platform) and use its secret",
);
const CERTIFICATE: Meaning = auth(
    "the certificate or its signature is not accepted for this app",
    "upload this certificate under App registrations > Certificates & secrets",
);
const ASSERTION_TIME: Meaning = auth(
    "the signed assertion is outside its valid time",
    "check the clock of this machine against the network's time",
);
const NO_APP: Meaning = auth(
    "the app does not exist in this tenant",
    "check client id and tenant id; the app may live in another tenant or another cloud",
);
const APP_DISABLED: Meaning = auth(
    "the app is disabled or not installed in this tenant",
    "an administrator can enable it under Enterprise applications > Properties",
);
const NO_TENANT: Meaning = auth(
    "the tenant does not exist in this cloud",
    "check the tenant id or domain, and AZURE_AUTHORITY_HOST, which selects the cloud",
);
const TENANT_FORM: Meaning = auth(
    "the tenant is missing or is neither a GUID nor a domain",
    "configure the Directory (tenant) ID shown on the overview page of Entra ID",
);
const CLOUD: Meaning = auth(
    "the tenant lives in another national cloud",
    "set AZURE_AUTHORITY_HOST to the tenant's own cloud: login host and Graph host are a pair",
);
const RESOURCE: Meaning = auth(
    "the Graph host asked for is not known to this cloud",
    "check that ENTRAQL_GRAPH_URL and AZURE_AUTHORITY_HOST belong together",
);
const CONSENT: Meaning = Meaning {
    kind: ErrorKind::Permission,
    what: "an administrator has not consented to the app's permissions",
    hint: "add the application permissions under API permissions, then grant admin consent",
};
const POLICY: Meaning = auth(
    "a Conditional Access policy blocks this workload identity",
    "ask who maintains the policy; the sign-in logs of service principals name it",
);
const USER: Meaning = auth(
    "the user's sign-in was refused",
    "use an app registration with a client secret, or sign in interactively again",
);
const LOOP: Meaning = auth(
    "the same token was asked for too often",
    "wait a few minutes; check that only one process uses this app",
);
const BUSY: Meaning = Meaning {
    kind: ErrorKind::Unavailable,
    what: "the sign-in service is busy",
    hint: "try again in a few minutes; nothing is wrong with the credential",
};
const OURS: Meaning = Meaning {
    kind: ErrorKind::Internal,
    what: "the sign-in service does not understand the token request",
    hint: "this is a fault of the program: please report it with the correlation id",
};

/// Numbers as listed at
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const MEANINGS: &[(&[u32], Meaning)] = &[
    (&[7_000_215, 70_002], SECRET),
    (&[7_000_222], EXPIRED),
    (&[7_000_218], NO_SECRET),
    (&[700_025], PUBLIC),
    (&[700_027, 700_030], CERTIFICATE),
    (&[700_024, 50_012, 50_027, 500_133], ASSERTION_TIME),
    (&[700_016, 700_011, 70_001], NO_APP),
    (&[7_000_112, 1_000_031], APP_DISABLED),
    (&[90_002], NO_TENANT),
    (&[900_023, 90_019, 50_059, 9_001_023, 90_130], TENANT_FORM),
    (&[90_038, 900_382, 900_432, 50_049], CLOUD),
    (&[500_011, 50_001, 70_011, 28_002, 700_022, 700_023, 1_002_012], RESOURCE),
    (&[65_001, 90_094, 90_095, 90_008, 650_057, 650_056, 65_005], CONSENT),
    (&[53_003, 530_032, 530_035], POLICY),
    (&[50_034, 50_126, 50_053, 50_055, 50_057, 50_076, 50_079], USER),
    (&[50_196], LOOP),
    (&[90_055, 90_033, 90_024, 90_090, 90_012, 90_006, 50_033, 90_036], BUSY),
    (&[90_014, 900_144, 900_561, 9_002_313, 70_003], OURS),
];

/// Returns the meaning of a number, if it is a known one.
pub(crate) fn meaning(code: u32) -> Option<Meaning> {
    MEANINGS.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, meaning)| *meaning)
}

/// Finds the number in a description such as `AADSTS7000215: Invalid client secret`.
pub(crate) fn code_in(text: &str) -> Option<u32> {
    let rest = text.split("AADSTS").nth(1)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}
