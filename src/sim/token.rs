//! The token endpoint and the tokens it has issued.
//!
//! A token looks like a JWT and carries the roles claim, so that a client can read
//! it; Graph's side knows it by its text alone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::sim::address;
use crate::sim::assertion::{Shown, Trust};
use crate::sim::clock::Clock;
use crate::sim::options::{CLIENT_ID, CLIENT_SECRET, Options, TENANT_DOMAIN, TENANT_ID};
use crate::sim::random::guid_of;
use crate::sim::reply::{Fail, Ids, Reply};
use crate::sim::request::Request;

/// The tokens that are known, with the moment each expires.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: Mutex<HashMap<String, Duration>>,
    serial: std::sync::atomic::AtomicU64,
    shown: Shown,
}

/// An error of the token endpoint: status, OAuth error, AADSTS code, text.
pub(crate) type Refusal = (u16, &'static str, u32, String);

impl Tokens {
    /// Answers a request to the token endpoint.
    pub(crate) fn answer(
        &self,
        tenant: &str,
        request: &Request,
        options: &Options,
        clock: &Clock,
        ids: &Ids,
        origin: &str,
    ) -> Reply {
        match self.admit(tenant, request, options, clock, origin) {
            Ok(audience) => {
                let body = json!({
                    "token_type": "Bearer",
                    "expires_in": options.token_lifetime,
                    "ext_expires_in": options.token_lifetime,
                    "access_token": self.issue(&audience, options, clock),
                });
                Reply::of(200, "application/json; charset=utf-8", body.to_string())
            }
            Err(refusal) => refuse(refusal, ids),
        }
    }

    /// Returns the audience asked for.
    fn admit(
        &self,
        tenant: &str,
        request: &Request,
        options: &Options,
        clock: &Clock,
        origin: &str,
    ) -> Result<String, Refusal> {
        let asked = check(tenant, request, origin)?;
        match asked.proof {
            Proof::Secret => {}
            Proof::Assertion(text) => {
                let path = format!("{tenant}/oauth2/v2.0/token");
                let audiences =
                    [origin, "https://login.microsoftonline.com"].map(|at| format!("{at}/{path}"));
                let federation = options.federation.as_ref();
                let trust = Trust { certificates: &options.certificates, federation, audiences };
                trust.check(&text, clock, &self.shown)?;
            }
        }
        Ok(asked.audience)
    }

    fn issue(&self, audience: &str, options: &Options, clock: &Clock) -> String {
        let serial = self.serial.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let now = clock.now().timestamp();
        let mut claims = json!({
            "aud": audience,
            "iss": format!("https://sts.windows.net/{TENANT_ID}/"),
            "iat": now,
            "nbf": now,
            "exp": now + i64::try_from(options.token_lifetime).unwrap_or(i64::MAX / 2),
            "appid": CLIENT_ID,
            "tid": TENANT_ID,
            "uti": guid_of("token", serial),
        });
        // An app without any permission gets a token without the claim.
        if !options.roles.is_empty() {
            claims["roles"] = json!(options.roles);
        }
        let head = base64(br#"{"typ":"JWT","alg":"none"}"#);
        let text = format!("{head}.{}.{}", base64(claims.to_string().as_bytes()), serial);
        let expires = clock.elapsed() + Duration::from_secs(options.token_lifetime);
        self.lock().insert(text.clone(), expires);
        text
    }

    /// Refuses a request without a valid token.
    pub(crate) fn check(&self, request: &Request, clock: &Clock) -> Result<(), Fail> {
        let Some(header) = request.header("authorization") else {
            return Err(Fail::unauthorized("Access token is empty."));
        };
        let token = header.strip_prefix("Bearer ").unwrap_or_default();
        match self.lock().get(token) {
            Some(expires) if clock.elapsed() < *expires => Ok(()),
            Some(_) => Err(Fail::unauthorized("Lifetime validation failed, the token is expired.")),
            None => {
                Err(Fail::unauthorized("CompactToken parsing failed with error code: 80049217"))
            }
        }
    }

    /// Forgets every token, as if all had expired.
    pub(crate) fn revoke(&self) {
        self.lock().values_mut().for_each(|expires| *expires = Duration::ZERO);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Duration>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a request that is well formed asks for, and what it shows.
#[derive(Debug)]
struct Asked {
    audience: String,
    proof: Proof,
}

#[derive(Debug)]
enum Proof {
    /// A secret, which was right.
    Secret,
    /// A signed text nobody has looked at yet.
    Assertion(String),
}

fn check(tenant: &str, request: &Request, origin: &str) -> Result<Asked, Refusal> {
    if request.method != "POST" {
        let text = "The endpoint only accepts POST requests. Received a GET request.";
        return Err((400, "invalid_request", 900_561, text.to_owned()));
    }
    check_tenant(tenant)?;
    let form = std::str::from_utf8(&request.body).ok().and_then(address::pairs).unwrap_or_default();
    let field = |name: &str| {
        let found = form.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let needed = |name: &str| {
        field(name).ok_or_else(|| {
            let text = format!("The request body must contain the following parameter: '{name}'.");
            (400, "invalid_request", 900_144, text)
        })
    };
    if needed("grant_type")? != "client_credentials" {
        let text = "The app requested an unsupported grant type.";
        return Err((400, "unsupported_grant_type", 70003, text.to_owned()));
    }
    check_client(needed("client_id")?)?;
    let audience = check_scope(needed("scope")?, origin)?;
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if let Some(assertion) = field("client_assertion") {
        if needed("client_assertion_type")? != kind {
            let text = format!("The 'client_assertion_type' must be '{kind}'.");
            return Err((400, "invalid_request", 50_023, text));
        }
        return Ok(Asked { audience, proof: Proof::Assertion(assertion.to_owned()) });
    }
    check_secret(field("client_secret"))?;
    Ok(Asked { audience, proof: Proof::Secret })
}

fn check_tenant(tenant: &str) -> Result<(), Refusal> {
    if tenant.eq_ignore_ascii_case(TENANT_ID) || tenant.eq_ignore_ascii_case(TENANT_DOMAIN) {
        return Ok(());
    }
    let hex = tenant.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let guid = hex && tenant.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let host = tenant.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    let domain = host && tenant.contains('.') && !tenant.starts_with('.');
    if guid || domain {
        let text = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
        );
        return Err((400, "invalid_request", 90002, text));
    }
    let text = format!(
        "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."
    );
    Err((400, "invalid_request", 900_023, text))
}

fn check_client(client: &str) -> Result<(), Refusal> {
    if client.eq_ignore_ascii_case(CLIENT_ID) {
        return Ok(());
    }
    let text = format!(
        "Application with identifier '{client}' was not found in the directory 'Halden & Voss'."
    );
    Err((400, "unauthorized_client", 700_016, text))
}

fn check_scope(scope: &str, origin: &str) -> Result<String, Refusal> {
    let audience = scope.strip_suffix("/.default").map(|a| a.trim_end_matches('/'));
    match audience {
        Some(audience) if audience == origin || audience == "https://graph.microsoft.com" => {
            Ok(audience.to_owned())
        }
        _ => {
            let text = format!(
                "The provided value for the input parameter 'scope' is not valid. \
                 The scope {scope} is not valid."
            );
            Err((400, "invalid_scope", 70011, text))
        }
    }
}

fn check_secret(secret: Option<&str>) -> Result<(), Refusal> {
    let Some(secret) = secret else {
        let text = "The request body must contain the following parameter: \
                    'client_assertion' or 'client_secret'.";
        return Err((401, "invalid_client", 7_000_218, text.to_owned()));
    };
    if secret == CLIENT_SECRET {
        return Ok(());
    }
    let text = format!(
        "Invalid client secret provided. Ensure the secret being sent in the request is the \
         client secret value, not the client secret ID, for a secret added to app '{CLIENT_ID}'."
    );
    Err((401, "invalid_client", 7_000_215, text))
}

fn refuse((status, error, code, text): Refusal, ids: &Ids) -> Reply {
    let stamp = ids.date.format("%Y-%m-%d %H:%M:%SZ").to_string();
    let description = format!(
        "AADSTS{code}: {text}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {stamp}",
        ids.request, ids.client
    );
    let body = json!({
        "error": error,
        "error_description": description,
        "error_codes": [code],
        "timestamp": stamp,
        "trace_id": ids.request,
        "correlation_id": ids.client,
        "error_uri": Value::from(format!("https://login.microsoftonline.com/error?code={code}")),
    });
    Reply::of(status, "application/json; charset=utf-8", body.to_string())
}

/// Encodes without padding, in the alphabet of URLs.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..=chunk.len() {
            let index = (bits >> (18 - 6 * i)) & 63;
            out.push(char::from(ALPHABET[index as usize]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> Result<String, Refusal> {
        let request = Request { method: "POST".into(), body: body.into(), ..Request::default() };
        check(TENANT_ID, &request, "http://127.0.0.1:1").map(|asked| asked.audience)
    }

    fn code(body: &str) -> u32 {
        form(body).unwrap_err().2
    }

    #[test]
    fn each_mistake_has_its_own_code() {
        let good = format!(
            "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
             &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        );
        assert_eq!(form(&good).unwrap(), "https://graph.microsoft.com");
        assert_eq!(code(&good.replace("demo-secret", "other")), 7_000_215);
        assert_eq!(code(&good.replace("client_secret", "x")), 7_000_218);
        assert_eq!(code(&good.replace(CLIENT_ID, TENANT_ID)), 700_016);
        assert_eq!(code(&good.replace("client_credentials", "password")), 70003);
        assert_eq!(code(&good.replace("graph.", "foo.")), 70011);
        assert_eq!(code(&good.replace("scope=", "skope=")), 900_144);
        assert_eq!(code(""), 900_144);
    }

    #[test]
    fn tenants_are_found_unknown_or_malformed() {
        assert!(check_tenant(TENANT_DOMAIN).is_ok());
        assert_eq!(check_tenant("other.example").unwrap_err().2, 90002);
        assert_eq!(check_tenant(CLIENT_ID).unwrap_err().2, 90002);
        assert_eq!(check_tenant("not a tenant").unwrap_err().2, 900_023);
    }

    #[test]
    fn base64_has_no_padding() {
        assert_eq!(base64(b"a"), "YQ");
        assert_eq!(base64(b"ab"), "YWI");
        assert_eq!(base64(b"abc?"), "YWJjPw");
    }
}
