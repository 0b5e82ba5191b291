//! What does not go into the history: statements that hold a secret.
//!
//! SQL over a directory needs none, so a line with one is a slip, such as a pasted
//! variable. It can be recalled for as long as nobody leaves the shell.

/// Names whose value is a secret.
const NAMES: &[&str] =
    &["secret", "password", "passwd", "pwd", "access_token", "api_key", "apikey"];

/// Tells whether a text looks as if it held a secret.
pub(super) fn holds_secret(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("-----begin ")
        || lower.contains("bearer ey")
        || NAMES.iter().any(|name| is_assigned(&lower, name))
        || words(text).any(|word| is_token(word) || is_client_secret(word))
}

/// `client_secret=…`, `"password": …`; a column that is compared is no assignment of ours,
/// but a name that ends so has no business in a directory query either.
fn is_assigned(lower: &str, name: &str) -> bool {
    lower.match_indices(name).any(|(at, _)| {
        let rest = lower[at + name.len()..].trim_start_matches(['"', '\'', ' ']);
        let value = rest.strip_prefix([':', '=']).unwrap_or_default();
        value.trim_start().starts_with(|c: char| !c.is_whitespace())
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "._~-".contains(c)))
}

/// A JSON Web Token: three parts, the first of which is a JSON object in base64.
fn is_token(word: &str) -> bool {
    word.starts_with("eyJ") && word.split('.').filter(|part| part.len() > 8).count() >= 3
}

/// The Value of a client secret of Entra: 40 characters or so, `Q~` after the fourth.
fn is_client_secret(word: &str) -> bool {
    (34..=50).contains(&word.len())
        && word.get(3..6).is_some_and(|mark| {
            mark.starts_with(|c: char| c.is_ascii_digit()) && mark.ends_with("Q~")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_found() {
        let token = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJncmFwaCJ9.c2lnbmF0dXJl";
        for text in [
            "AZURE_CLIENT_SECRET=abc",
            "client_secret = 'abc'",
            "{\"password\": \"x\"}",
            "-----BEGIN PRIVATE KEY-----",
            "SELECT 'abc8Q~abcdefghijklmnopqrstuvwxyz.01234567'",
            token,
        ] {
            assert!(holds_secret(text), "{text}");
        }
    }

    #[test]
    fn queries_are_kept() {
        for text in [
            "SELECT last_password_change_date_time FROM users WHERE password_policies = 'x'",
            "SELECT id FROM sign_ins WHERE incoming_token_type = 'none'",
            "SELECT client_credential_type FROM sign_ins WHERE client_credential_type = 'clientSecret'",
            "SELECT 'a0000000-0000-4000-8000-000000000001'",
            "SELECT secret FROM t",
        ] {
            assert!(!holds_secret(text), "{text}");
        }
    }
}
