//! The variables the HTTP client reads by itself, for people to look at.

use reqwest::Url;

use crate::config::env;

const NAMES: [&str; 8] = [
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// Returns those that are set, without the password of a proxy.
pub(crate) fn connection_variables() -> Vec<(&'static str, String)> {
    NAMES.iter().filter_map(|name| Some((*name, redacted(&env::named(name)?)))).collect()
}

fn redacted(value: &str) -> String {
    let Some((_, host)) = value.rsplit_once('@') else { return value.to_owned() };
    match Url::parse(value) {
        Ok(url) if url.has_host() => format!("{}://***@{host}", url.scheme()),
        _ => format!("***@{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_proxy_is_not_shown() {
        assert_eq!(redacted("http://ada:pa@ss@proxy:3128"), "http://***@proxy:3128");
        assert_eq!(redacted("ada:pass@proxy:3128"), "***@proxy:3128");
        assert_eq!(redacted("http://proxy:3128"), "http://proxy:3128");
        assert_eq!(redacted("localhost,.example"), "localhost,.example");
    }
}
