//! What an access token says about itself, for people to look at.
//!
//! A token is opaque to its bearer: nothing is decided by what is read here.
//! <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::secret::Secret;

/// The readable part of a token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// The tenant it is for.
    pub tid: Option<String>,
    /// The app it was issued to.
    pub appid: Option<String>,
    /// Application permissions; absent when there are none.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Delegated permissions, of the token of a person.
    pub scp: Option<String>,
    /// When it was issued and when it ends, in seconds of the epoch.
    pub iat: Option<i64>,
    /// See `iat`.
    pub exp: Option<i64>,
}

impl Claims {
    /// Reads a token; nothing when it cannot be read, which is its good right.
    pub(crate) fn of(token: &Secret) -> Option<Self> {
        let body = token.reveal().split('.').nth(1)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_where_it_can_be() {
        let body = BASE64_URL_SAFE_NO_PAD
            .encode(r#"{"tid":"t","roles":["User.Read.All"],"exp":9,"iat":2,"other":{}}"#);
        let claims = Claims::of(&Secret::new(format!("e30.{body}.x"))).unwrap();
        assert_eq!((claims.tid.as_deref(), claims.exp), (Some("t"), Some(9)));
        assert_eq!(claims.roles, ["User.Read.All"]);
        for opaque in ["", "opaque", "a.b.c", "a.e30"] {
            let read = Claims::of(&Secret::new(opaque));
            assert_eq!(read.is_some(), opaque == "a.e30", "{opaque}");
        }
    }
}
