//! The tenant, from the environment variables Azure's own tools use.
//!
//! Sign-in host and Graph host belong together: a token must not travel to the
//! Graph of another cloud because one variable was forgotten.

use reqwest::Url;

use crate::config::env::{self, Variable};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// How to reach one tenant.
#[derive(Debug, Clone)]
pub(crate) struct TenantSettings {
    /// The tenant's id or one of its domain names.
    pub tenant_id: String,
    /// The application id of the app registration.
    pub client_id: String,
    /// The secret of the app registration.
    pub client_secret: Secret,
    /// The origin tokens come from.
    pub authority: String,
    /// The origin rows come from.
    pub graph: String,
    /// The secret is shaped like an id, which is what people copy by mistake.
    pub secret_looks_like_id: bool,
}

/// Sign-in hosts with their Graph: <https://learn.microsoft.com/graph/deployments>.
///
/// The second Graph of `login.microsoftonline.us` is that of DoD tenants.
const CLOUDS: &[(&str, &[&str])] = &[
    ("https://login.microsoftonline.com", &["https://graph.microsoft.com"]),
    (
        "https://login.microsoftonline.us",
        &["https://graph.microsoft.us", "https://dod-graph.microsoft.us"],
    ),
    ("https://login.chinacloudapi.cn", &["https://microsoftgraph.chinacloudapi.cn"]),
    ("https://login.partner.microsoftonline.cn", &["https://microsoftgraph.chinacloudapi.cn"]),
];

const NEEDED: [Variable; 3] = [env::TENANT_ID, env::CLIENT_ID, env::CLIENT_SECRET];

/// Returns whether nobody has begun to configure a tenant.
pub(crate) fn is_untouched() -> bool {
    NEEDED.iter().all(|variable| variable.read().is_none())
}

impl TenantSettings {
    /// Reads the environment; an error names everything that is missing.
    pub(crate) fn from_env() -> Result<Self> {
        Self::read(Variable::read)
    }

    fn read(read: impl Fn(&Variable) -> Option<String>) -> Result<Self> {
        let missing: Vec<_> = NEEDED.iter().filter(|v| read(v).is_none()).collect();
        let [Some(tenant_id), Some(client_id), Some(secret)] = NEEDED.map(|v| read(&v)) else {
            return Err(missing_error(&missing));
        };
        let (authority, graph) = hosts(read(&env::AUTHORITY_HOST), read(&env::GRAPH_URL))?;
        // A pasted line end is no part of a secret.
        let secret = secret.trim_end_matches(['\r', '\n']);
        Ok(Self {
            tenant_id: plain(&env::TENANT_ID, &tenant_id)?,
            client_id: plain(&env::CLIENT_ID, &client_id)?,
            secret_looks_like_id: is_guid(secret),
            client_secret: Secret::new(secret),
            authority,
            graph,
        })
    }
}

fn missing_error(missing: &[&Variable]) -> Error {
    let names: Vec<_> = missing.iter().map(|v| v.name).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let exports: Vec<_> = names.iter().map(|name| format!("export {name}=…")).collect();
    Error::new(ErrorKind::Config, format!("no tenant: {} {verb} not set", names.join(", ")))
        .with_hint(format!(
            "set them with `{}`, or try `entraql --demo`, which needs no tenant",
            exports.join("; ")
        ))
}

/// Ids become part of a URL: anything but letters, digits, dots and dashes is refused.
fn plain(variable: &Variable, value: &str) -> Result<String> {
    let value = value.trim();
    if !value.is_empty()
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    {
        return Ok(value.to_owned());
    }
    Err(Error::new(ErrorKind::Config, format!("{} is neither an id nor a domain", variable.name))
        .with_hint("copy it from the app registration's Overview page"))
}

fn hosts(authority: Option<String>, graph: Option<String>) -> Result<(String, String)> {
    let is_default = authority.is_none();
    let authority = origin(&env::AUTHORITY_HOST, authority.as_deref().unwrap_or(CLOUDS[0].0))?;
    let cloud = CLOUDS.iter().find(|(known, _)| *known == authority);
    let graph = graph.map(|graph| origin(&env::GRAPH_URL, &graph)).transpose()?;
    match (cloud, graph) {
        (Some((_, graphs)), None) => Ok((authority, graphs[0].to_owned())),
        (Some((_, graphs)), Some(graph)) if graphs.contains(&graph.as_str()) => {
            Ok((authority, graph))
        }
        (Some(_), Some(graph)) => Err(mismatch(&authority, &graph, is_default)),
        (None, Some(graph)) => Ok((authority, graph)),
        (None, None) => Err(Error::new(
            ErrorKind::Config,
            format!("the Graph of sign-in host {authority} is not known"),
        )
        .with_hint(format!("set {} to its origin", env::GRAPH_URL.name))),
    }
}

fn mismatch(authority: &str, graph: &str, is_default: bool) -> Error {
    let name = env::AUTHORITY_HOST.name;
    let hint = if is_default {
        format!("set {name} to the sign-in host that belongs to it")
    } else {
        format!("set {name} and {} to hosts of one cloud", env::GRAPH_URL.name)
    };
    let problem = format!("tokens of {authority} must not be sent to {graph}");
    Error::new(ErrorKind::Config, problem).with_hint(hint)
}

/// Reduces a setting to an origin; a bare host name means https.
fn origin(variable: &Variable, value: &str) -> Result<String> {
    let value = value.trim();
    let full = if value.contains("://") { value.to_owned() } else { format!("https://{value}") };
    let refused = |why: &str| {
        Error::new(ErrorKind::Config, format!("{} {why}", variable.name))
            .with_hint("it takes an origin such as `https://login.microsoftonline.us`")
    };
    let url = Url::parse(&full).map_err(|e| refused("is not a URL").with_source(e))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("must not hold a user name or password"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("must be an origin without a path"));
    }
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(refused("must use https"));
    }
    Ok(url.origin().ascii_serialization())
}

/// The simulator on the same machine is the one place where plain http is safe.
fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.concat().chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    fn read(set: &[(Variable, &str)]) -> Result<TenantSettings> {
        TenantSettings::read(|variable| {
            set.iter().find(|(v, _)| v == variable).map(|(_, value)| (*value).to_owned())
        })
    }

    fn complete(more: &[(Variable, &str)]) -> Result<TenantSettings> {
        let needed = [(env::TENANT_ID, ID), (env::CLIENT_ID, ID), (env::CLIENT_SECRET, "abc~8Q\n")];
        read(&[&needed[..], more].concat())
    }

    #[test]
    fn the_public_cloud_is_the_default() {
        let settings = complete(&[]).unwrap();
        assert_eq!(settings.authority, "https://login.microsoftonline.com");
        assert_eq!(settings.graph, "https://graph.microsoft.com");
        assert_eq!(settings.client_secret.reveal(), "abc~8Q");
        assert!(!settings.secret_looks_like_id);
    }

    #[test]
    fn everything_missing_is_named_at_once() {
        let error = read(&[(env::CLIENT_ID, ID)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(
            error.to_string(),
            "no tenant: AZURE_TENANT_ID, AZURE_CLIENT_SECRET are not set"
        );
        assert!(error.hint().unwrap().contains("export AZURE_CLIENT_SECRET=…"));
        assert!(error.hint().unwrap().contains("entraql --demo"));
    }

    #[test]
    fn a_cloud_brings_its_graph() {
        let settings = complete(&[(env::AUTHORITY_HOST, "login.microsoftonline.us/")]).unwrap();
        assert_eq!(settings.graph, "https://graph.microsoft.us");
        let dod = [
            (env::AUTHORITY_HOST, "https://login.microsoftonline.us"),
            (env::GRAPH_URL, "https://dod-graph.microsoft.us"),
        ];
        assert_eq!(complete(&dod).unwrap().graph, "https://dod-graph.microsoft.us");
    }

    #[test]
    fn tokens_stay_in_their_cloud() {
        for set in [
            &[(env::GRAPH_URL, "https://graph.microsoft.us")][..],
            &[(env::GRAPH_URL, "http://127.0.0.1:8080")],
            &[(env::AUTHORITY_HOST, "https://login.example.com")],
        ] {
            assert_eq!(complete(set).unwrap_err().kind(), ErrorKind::Config);
        }
    }

    #[test]
    fn a_simulator_on_this_machine_may_use_http() {
        let here = "http://127.0.0.1:8080";
        let both = [(env::AUTHORITY_HOST, here), (env::GRAPH_URL, here)];
        assert_eq!(complete(&both).unwrap().graph, here);
        let there = "http://graph.example.com";
        let both = [(env::AUTHORITY_HOST, there), (env::GRAPH_URL, there)];
        assert!(complete(&both).unwrap_err().message().contains("https"));
    }

    #[test]
    fn hosts_are_origins_and_nothing_more() {
        for value in ["https://u:p@login.microsoftonline.com", "https://a/b", "https://a?b", "::"] {
            assert!(complete(&[(env::AUTHORITY_HOST, value)]).is_err(), "{value}");
        }
    }

    #[test]
    fn an_id_cannot_rewrite_the_url() {
        let set = [(env::TENANT_ID, "a/../b"), (env::CLIENT_ID, ID), (env::CLIENT_SECRET, "s")];
        assert_eq!(read(&set).unwrap_err().kind(), ErrorKind::Config);
    }

    #[test]
    fn a_secret_id_is_recognized() {
        let set = [(env::TENANT_ID, ID), (env::CLIENT_ID, ID), (env::CLIENT_SECRET, ID)];
        let settings = read(&set).unwrap();
        assert!(settings.secret_looks_like_id);
        assert!(!format!("{settings:?}").contains("Secret(\""));
    }
}
