//! A certificate with its key, and the assertions it signs.
//!
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{KeyPair as _, RSA_PSS_SHA256};
use serde_json::json;

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// Seconds an assertion is good for; Microsoft advises five to ten minutes.
const LIFETIME: i64 = 600;

/// A certificate of the app registration and its private key.
#[derive(Clone)]
pub struct Certificate {
    key: Arc<KeyPair>,
    /// SHA-256 of the certificate.
    thumbprint: [u8; 32],
}

impl Certificate {
    /// Reads a PEM text that holds a certificate and its RSA key, in any order.
    ///
    /// The key may be PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`). Of several
    /// certificates the one the key belongs to is used.
    ///
    /// # Errors
    ///
    /// `Config` when one of the two is missing, the key is encrypted, not RSA or shorter
    /// than 2048 bits, or the certificate belongs to another key.
    pub fn from_pem(pem: &Secret) -> Result<Self> {
        let blocks = blocks(pem.reveal())?;
        let key = key(&blocks)?;
        let certificates: Vec<_> =
            blocks.iter().filter(|b| b.label == "CERTIFICATE").map(|b| &b.der).collect();
        if certificates.is_empty() {
            return Err(refused("holds no certificate")
                .with_hint("put certificate and key into one file: `cat cert.pem key.pem`"));
        }
        let modulus = PublicKeyComponents::<Vec<u8>>::from(key.public_key()).n;
        let own = certificates.iter().find(|der| der.windows(modulus.len()).any(|w| w == modulus));
        let own = own.ok_or_else(|| {
            refused("holds a key that does not belong to its certificate")
                .with_hint("a certificate goes with the key it was requested with")
        })?;
        let mut thumbprint = [0; 32];
        thumbprint.copy_from_slice(digest(&SHA256, own).as_ref());
        Ok(Self { key: Arc::new(key), thumbprint })
    }

    /// Returns the SHA-256 of the certificate in hexadecimal, as Entra's portal shows it.
    pub fn thumbprint(&self) -> String {
        self.thumbprint.iter().fold(String::new(), |text, byte| format!("{text}{byte:02X}"))
    }

    /// Signs that `client_id` may ask `endpoint` for a token, for the next ten minutes.
    pub(crate) fn assertion(
        &self,
        endpoint: &str,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret> {
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let head = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": encode(&self.thumbprint) });
        let claims = json!({
            "aud": endpoint,
            "iss": client_id,
            "sub": client_id,
            "jti": uuid::Uuid::new_v4().to_string(),
            "iat": now.timestamp(),
            "nbf": now.timestamp(),
            "exp": now.timestamp() + LIFETIME,
        });
        let [head, claims] = [head, claims].map(|part| encode(part.to_string().as_bytes()));
        let signed = format!("{head}.{claims}");
        let mut signature = vec![0; self.key.public_key().modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| Error::new(ErrorKind::Internal, "the assertion cannot be signed"))?;
        Ok(Secret::new(format!("{signed}.{}", encode(&signature))))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint())
            .finish_non_exhaustive()
    }
}

/// One `-----BEGIN label-----` of a PEM text.
struct Block<'a> {
    label: &'a str,
    der: Vec<u8>,
}

fn blocks(pem: &str) -> Result<Vec<Block<'_>>> {
    let mut found = Vec::new();
    let mut rest = pem;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, body) = after.split_once("-----").ok_or_else(|| refused("is cut"))?;
        let end = format!("-----END {label}-----");
        let (body, after) = body.split_once(&end).ok_or_else(|| refused("is cut"))?;
        rest = after;
        // The header of an encrypted PKCS#1 key, and never Base64.
        if body.contains("ENCRYPTED") {
            return Err(encrypted());
        }
        let text: String = body.split_ascii_whitespace().collect();
        let der = BASE64_STANDARD.decode(text).map_err(|_| refused("is not Base64"))?;
        found.push(Block { label, der });
    }
    Ok(found)
}

fn key(blocks: &[Block<'_>]) -> Result<KeyPair> {
    let block = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY"));
    let block = block.ok_or_else(|| {
        refused("holds no private key")
            .with_hint("put certificate and key into one file: `cat cert.pem key.pem`")
    })?;
    let parsed = match block.label {
        "PRIVATE KEY" => KeyPair::from_pkcs8(&block.der),
        "RSA PRIVATE KEY" => KeyPair::from_der(&block.der),
        "ENCRYPTED PRIVATE KEY" => return Err(encrypted()),
        _ => return Err(not_rsa()),
    };
    parsed.map_err(|error| match error.to_string().as_str() {
        "WrongAlgorithm" => not_rsa(),
        "TooSmall" => refused("holds an RSA key shorter than 2048 bits")
            .with_hint("make a new certificate with a key of 2048 bits or more"),
        why => refused(&format!("holds a private key that cannot be used ({why})")),
    })
}

fn encrypted() -> Error {
    refused("holds an encrypted private key")
        .with_hint("decrypt it, and protect the file: `openssl pkey -in key.pem -out plain.pem`")
}

fn not_rsa() -> Error {
    refused("holds a key that is not RSA").with_hint("Entra takes RSA certificates only")
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("the certificate file {why}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const PEM: &str = include_str!("../../fixtures/keys/app.pem");
    const OTHER: &str = include_str!("../../fixtures/keys/other.pem");

    fn part(pem: &str, label: &str) -> String {
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        let from = pem.find(&begin).unwrap();
        let to = pem.find(&end).unwrap() + end.len();
        pem[from..to].to_owned()
    }

    #[track_caller]
    fn refuses(pem: &str, words: &str) {
        let error = Certificate::from_pem(&Secret::new(pem)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(words), "{error}");
    }

    #[test]
    fn certificate_and_key_may_stand_in_any_order_and_among_others() {
        let [key, own] = ["PRIVATE KEY", "CERTIFICATE"].map(|label| part(PEM, label));
        let usual = Certificate::from_pem(&Secret::new(PEM)).unwrap();
        let chain = format!("{}\r\n{own}\n{key}", part(OTHER, "CERTIFICATE"));
        let chained = Certificate::from_pem(&Secret::new(chain)).unwrap();
        assert_eq!(usual.thumbprint(), chained.thumbprint());
        let shown = format!("{usual:?}");
        assert!(shown.contains(&usual.thumbprint()) && shown.len() < 120, "{shown}");
    }

    #[test]
    fn a_file_that_cannot_serve_is_refused_with_the_reason() {
        let [key, own] = ["PRIVATE KEY", "CERTIFICATE"].map(|label| part(PEM, label));
        refuses("", "no private key");
        refuses(&own, "no private key");
        refuses(&key, "no certificate");
        refuses(&format!("{key}{}", part(OTHER, "CERTIFICATE")), "does not belong");
        refuses(&PEM.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "encrypted");
        refuses(&PEM.replace("PRIVATE KEY", "EC PRIVATE KEY"), "not RSA");
        refuses(&PEM.replace("PRIVATE KEY", "RSA PRIVATE KEY"), "cannot be used");
        refuses(&key[..200], "is cut");
        refuses(&key.replace('M', "!"), "not Base64");
        let legacy = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n\
                      -----END RSA PRIVATE KEY-----";
        refuses(legacy, "encrypted");
    }

    #[test]
    fn every_assertion_is_new_and_short_lived() {
        let certificate = Certificate::from_pem(&Secret::new(PEM)).unwrap();
        let claims = || -> serde_json::Value {
            let signed = certificate.assertion("https://e/token", "app", DateTime::UNIX_EPOCH);
            let text = signed.unwrap().reveal().split('.').nth(1).unwrap().to_owned();
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        let (first, second) = (claims(), claims());
        assert_eq!((&first["nbf"], &first["exp"]), (&json!(0), &json!(600)));
        assert_eq!(first["aud"], "https://e/token");
        assert_ne!(first["jti"], second["jti"]);
    }
}
