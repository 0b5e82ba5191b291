//! What an app registration shows for itself: a secret, a signed assertion, a federated token.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use percent_encoding::utf8_percent_encode;

use crate::auth::Certificate;
use crate::auth::http::FORM;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// The kind of every assertion: <https://www.rfc-editor.org/rfc/rfc7523#section-2.2>.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The largest federated token that is believed to be one.
const LARGEST_TOKEN: u64 = 64 * 1024;

/// What an app registration shows for itself.
#[derive(Clone)]
pub enum Proof {
    /// The Value of a client secret.
    Secret(Secret),
    /// A certificate with its key: every fetch signs an assertion of its own.
    Certificate(Certificate),
    /// A file with the token of another identity provider, read again at every fetch,
    /// because Kubernetes replaces it.
    ///
    /// <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>
    TokenFile(PathBuf),
}

impl From<Secret> for Proof {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

/// A proof as it goes into one request.
pub(crate) struct Shown {
    /// The form fields, escaped.
    pub(crate) form: String,
    /// The part nobody else may see.
    pub(crate) secret: Secret,
}

impl Proof {
    /// Refuses what cannot be a proof.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::Secret(secret) if secret.reveal().is_empty() => {
                Err(Error::new(ErrorKind::Config, "the client secret is empty"))
            }
            _ => Ok(()),
        }
    }

    /// Makes the form fields of one request to `endpoint`.
    pub(crate) fn show(
        &self,
        endpoint: &str,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Shown> {
        let (assertion, secret) = match self {
            Self::Secret(secret) => (false, secret.clone()),
            Self::Certificate(own) => (true, own.assertion(endpoint, client_id, now)?),
            Self::TokenFile(path) => (true, read_token(path)?),
        };
        let text = utf8_percent_encode(secret.reveal(), FORM);
        let form = match assertion {
            false => format!("client_secret={text}"),
            true => {
                let kind = utf8_percent_encode(ASSERTION_TYPE, FORM);
                format!("client_assertion_type={kind}&client_assertion={text}")
            }
        };
        Ok(Shown { form, secret })
    }

    /// Tells whether this is a secret with the shape of its own id.
    pub(crate) fn looks_like_id(&self, is_guid: impl Fn(&str) -> bool) -> bool {
        matches!(self, Self::Secret(secret) if is_guid(secret.reveal()))
    }
}

fn read_token(path: &PathBuf) -> Result<Secret> {
    let refused = |why: String| {
        Error::new(ErrorKind::Config, format!("the federated token cannot be read: {why}"))
            .with_context("file", path.display().to_string())
            .with_hint("check AZURE_FEDERATED_TOKEN_FILE and the pod's service account")
    };
    let size = fs::metadata(path).map_err(|e| refused(e.to_string()))?.len();
    if size > LARGEST_TOKEN {
        return Err(refused(format!("it has {size} bytes")));
    }
    let text = fs::read_to_string(path).map_err(|e| refused(e.to_string()))?;
    let token = text.trim();
    let parts = token.split('.').filter(|part| !part.is_empty()).count();
    if parts != 3 || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(refused("it is not a JSON Web Token".to_owned()));
    }
    Ok(Secret::new(token))
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(secret) => f.debug_tuple("Secret").field(secret).finish(),
            Self::Certificate(certificate) => certificate.fmt(f),
            Self::TokenFile(path) => f.debug_tuple("TokenFile").field(path).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &[u8]) -> Result<Shown> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        Proof::TokenFile(file.path().to_owned()).show("e", "c", DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_federated_token_is_read_at_every_fetch_and_nothing_else_is_sent() {
        let shown = show(b"aa.bb.cc\n").unwrap();
        assert!(shown.form.ends_with("&client_assertion=aa.bb.cc"), "{}", shown.form);
        assert!(shown.form.starts_with("client_assertion_type=urn%3Aietf%3Aparams"));
        for wrong in [&b""[..], b"aa.bb", b"aa..cc", b"aa.b b.cc", b"\xFF.a.a", &vec![b'.'; 70_000]]
        {
            let error = show(wrong).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains("federated token"), "{error}");
        }
    }
}
