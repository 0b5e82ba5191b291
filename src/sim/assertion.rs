//! Assertions instead of secrets: the signature, the audience, the time, and whose they are.
//!
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use serde_json::Value;

use crate::sim::clock::Clock;
use crate::sim::options::{CLIENT_ID, Federation};
use crate::sim::token::Refusal;

/// What the clocks of both sides may differ by, in seconds.
const SKEW: i64 = 300;

/// What a federated token must be meant for.
const EXCHANGE: &str = "api://AzureADTokenExchange";

/// The object identifier of an RSA key in a certificate, and the NULL behind it.
const RSA_KEY: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\x00";

/// Who may sign for the app.
#[derive(Debug)]
pub(crate) struct Trust<'a> {
    /// Certificates of the app registration, as DER.
    pub(crate) certificates: &'a [Vec<u8>],
    pub(crate) federation: Option<&'a Federation>,
    /// What an assertion of the app must be meant for.
    pub(crate) audiences: [String; 2],
}

/// The ids of assertions that were shown; none is good twice.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<HashSet<String>>);

struct Assertion<'a> {
    head: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

fn invalid(code: u32, text: &str) -> Refusal {
    (401, "invalid_client", code, text.to_owned())
}

impl Trust<'_> {
    /// Refuses an assertion nobody trusted has signed for this app and this moment.
    pub(crate) fn check(&self, text: &str, clock: &Clock, shown: &Shown) -> Result<(), Refusal> {
        let assertion =
            parse(text).ok_or_else(|| invalid(50_027, "JWT token is invalid or malformed."))?;
        let claim = |name: &str| assertion.claims[name].as_str().unwrap_or_default();
        match self.federation {
            Some(known) if claim("iss") == known.issuer => check_federated(&assertion, known)?,
            _ => self.check_own(&assertion, shown)?,
        }
        let now = clock.now().timestamp();
        let moment = |name: &str| assertion.claims[name].as_i64();
        let from = moment("nbf").unwrap_or(now);
        match moment("exp") {
            Some(until) if from <= now + SKEW && now < until + SKEW => Ok(()),
            _ => Err(invalid(700_024, "Client assertion is not within its valid time range.")),
        }
    }

    fn check_own(&self, assertion: &Assertion<'_>, shown: &Shown) -> Result<(), Refusal> {
        let claim = |name: &str| assertion.claims[name].as_str().unwrap_or_default();
        let wanted = assertion.head["x5t#S256"].as_str().unwrap_or_default();
        let own = self.certificates.iter().find(|der| thumbprint(der) == wanted);
        let key = own.and_then(|der| public_key(der));
        if !key.is_some_and(|key| assertion.is_signed_by(key)) {
            let text = "The certificate used to sign the client assertion is not registered, or \
                        the signature is not valid.";
            return Err(invalid(700_027, text));
        }
        if !self.audiences.iter().any(|audience| audience == claim("aud")) {
            let text = "Client assertion audience claim does not match Realm issuer.";
            return Err(invalid(700_023, text));
        }
        if claim("iss") != CLIENT_ID || claim("sub") != CLIENT_ID {
            let text = "Client assertion contains an invalid issuer or subject.";
            return Err(invalid(700_021, text));
        }
        let mut known = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        match !claim("jti").is_empty() && known.insert(claim("jti").to_owned()) {
            true => Ok(()),
            false => Err(invalid(50_027, "The id of the assertion is missing or was used.")),
        }
    }
}

fn check_federated(assertion: &Assertion<'_>, known: &Federation) -> Result<(), Refusal> {
    let claim = |name: &str| assertion.claims[name].as_str().unwrap_or_default();
    if claim("sub") != known.subject || claim("aud") != EXCHANGE {
        let text = format!(
            "No matching federated identity record found for presented assertion subject '{}'.",
            claim("sub")
        );
        return Err((401, "invalid_client", 700_213, text));
    }
    match public_key(&known.certificate).is_some_and(|key| assertion.is_signed_by(key)) {
        true => Ok(()),
        false => Err(invalid(500_133, "Assertion signature is not valid.")),
    }
}

impl Assertion<'_> {
    fn is_signed_by(&self, key: &[u8]) -> bool {
        let algorithm: &RsaParameters = match self.head["alg"].as_str() {
            Some("PS256") => &RSA_PSS_2048_8192_SHA256,
            Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
            _ => return false,
        };
        let key = UnparsedPublicKey::new(algorithm, key);
        key.verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

fn parse(text: &str) -> Option<Assertion<'_>> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let bytes = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    let object = |part: &str| serde_json::from_slice::<Value>(&bytes(part)?).ok();
    Some(Assertion {
        head: object(head)?,
        claims: object(claims)?,
        signed,
        signature: bytes(signature)?,
    })
}

fn thumbprint(der: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, der))
}

/// Returns the key in a certificate: the bit string behind the identifier of RSA keys.
fn public_key(der: &[u8]) -> Option<&[u8]> {
    let at = der.windows(RSA_KEY.len()).position(|window| window == RSA_KEY)?;
    let [0x03, size @ ..] = &der[at + RSA_KEY.len()..] else { return None };
    let (length, body) = match size {
        [0x82, high, low, body @ ..] => (usize::from(*high) << 8 | usize::from(*low), body),
        [0x81, length, body @ ..] => (usize::from(*length), body),
        _ => return None,
    };
    // The first byte counts unused bits, of which a key has none.
    body.get(1..length)
}
